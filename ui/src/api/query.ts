import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { signedOut } from "./client";
import { ApiError } from "./error";

/**
 * The one query client. Answers are fresh for 15 s and refetched when the
 * window is looked at again. A 4xx is an answer and is not tried again; no
 * answer and 5xx are, twice. onSignedOut runs when the session ended under us.
 *
 * Keys: [noun, "list" | "one" | …, parameters]; a mutation invalidates [noun].
 */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
	const onError = (e: Error) => {
		if (signedOut(e)) onSignedOut();
	};
	return new QueryClient({
		queryCache: new QueryCache({
			onError: (e, query) => {
				if (query.queryKey[0] !== "session") onError(e);
			},
		}),
		mutationCache: new MutationCache({
			onError: (e, _v, _c, mutation) => {
				if (mutation.options.mutationKey?.[0] !== "session") onError(e);
			},
		}),
		defaultOptions: {
			// The server may be on this very machine: what the browser thinks of the network says nothing of it.
			mutations: { networkMode: "always" },
			queries: {
				networkMode: "always",
				refetchOnReconnect: true,
				staleTime: 15_000,
				retry: (failures, e) => failures < 2 && !(e instanceof ApiError && e.status >= 400 && e.status < 500),
			},
		},
	});
}
