import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { type Answer, api, data } from "./client";

export type Session = Answer<"/v1/session", "get">;

export const sessionQuery = queryOptions({
	queryKey: ["session"],
	queryFn: () => data(api.GET("/v1/session")),
	staleTime: 5 * 60_000,
	retry: false,
});

/** Whether this server still waits for its first user. */
export const setupQuery = queryOptions({
	queryKey: ["session", "setup"],
	queryFn: () => data(api.GET("/v1/setup")),
	staleTime: 0,
});

/** Who is signed in, and where. Only under the frame, where the guard has loaded it. */
export function useSession(): Session {
	return useSuspenseQuery(sessionQuery).data;
}
