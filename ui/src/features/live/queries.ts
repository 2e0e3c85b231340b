import { queryOptions } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { ApiError } from "../../api/error";

/** A live call with all that is known of it. The stream tells when to ask again. */
export function liveDetailQuery(id: string) {
	return queryOptions({
		queryKey: ["live", "one", id],
		queryFn: ({ signal }) => data(api.GET("/v1/live-calls/{id}", { params: { path: { id } }, signal })),
		staleTime: Number.POSITIVE_INFINITY,
		gcTime: 0,
	});
}

/** A note at a moment, in seconds; without one it is about the moment of the server. */
export function addLiveNote(id: string, note: string, timestamp: number | null) {
	return data(
		api.POST("/v1/live-calls/{id}/notes", {
			params: { path: { id } },
			body: timestamp === null ? { note } : { note, timestamp },
		}),
	);
}

/** The call is not in progress any more: it is among the calls. */
export const isOver = (e: unknown): boolean => e instanceof ApiError && e.code === "call_ended";
