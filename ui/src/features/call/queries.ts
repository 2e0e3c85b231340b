import { queryOptions } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { toQuery } from "../calls/filters";
import { callQuery } from "../calls/queries";
import type { Filters } from "../calls/search";
import { settling } from "./settling";
import type { Acoustics, Call } from "./types";

/** How often a call in progress is asked for again. */
const liveMs = 3000;

export const inProgress = (status: string | undefined): boolean =>
	status === "queued" || status === "ringing" || status === "active";

/** How often the analysis of a call that has just ended is asked for. */
const settlingMs = 4000;

/** A whole call, asked for again while it is going on and while what follows it is under way. */
export function liveCallQuery(id: string) {
	return {
		...callQuery(id),
		refetchInterval: ({ state: { data: call } }: { state: { data?: Call } }) => {
			if (!call) return false as const;
			if (inProgress(call.status)) return liveMs;
			return settling(call, Date.now()) ? settlingMs : (false as const);
		},
	};
}

export function neighboursQuery(id: string, filters: Filters) {
	return queryOptions({
		queryKey: ["calls", "neighbours", id, filters],
		queryFn: ({ signal }) =>
			data(
				api.GET("/v1/calls/{id}/neighbours", {
					params: { path: { id }, query: toQuery(filters, new Date()) },
					signal,
				}),
			),
		staleTime: 60_000,
	});
}

export function logQuery(id: string, live: boolean) {
	return queryOptions({
		queryKey: ["calls", "log", id],
		queryFn: ({ signal }) => data(api.GET("/v1/calls/{id}/log", { params: { path: { id } }, signal })),
		refetchInterval: live ? liveMs : false,
	});
}

export function rawQuery(id: string) {
	return queryOptions({
		queryKey: ["calls", "raw", id],
		queryFn: ({ signal }) => data(api.GET("/v1/calls/{id}/raw", { params: { path: { id } }, signal })),
	});
}

export function notesQuery(id: string) {
	return queryOptions({
		queryKey: ["calls", "notes", id],
		queryFn: ({ signal }) => data(api.GET("/v1/calls/{id}/notes", { params: { path: { id } }, signal })),
	});
}

/**
 * What was heard in a recording. It stays as long as its figures do: another
 * recording has others, and so has one that is heard again beside a transcript
 * that came late. Not asked for while there are none.
 */
export function audioQuery(id: string, figures: Acoustics | undefined) {
	return queryOptions({
		queryKey: ["calls", "audio", id, figures],
		queryFn: ({ signal }) => data(api.GET("/v1/calls/{id}/audio", { params: { path: { id } }, signal })),
		staleTime: Number.POSITIVE_INFINITY,
		enabled: figures !== undefined,
	});
}

export function callAlertsQuery(id: string) {
	return queryOptions({
		queryKey: ["alerts", "call", id],
		queryFn: ({ signal }) => data(api.GET("/v1/alerts", { params: { query: { call: id } }, signal })),
	});
}

export function addNote(id: string, text: string, atMS: number | null) {
	return data(
		api.POST("/v1/calls/{id}/notes", {
			params: { path: { id } },
			body: atMS === null ? { text } : { text, at_ms: Math.round(atMS) },
		}),
	);
}

export function deleteNote(id: string, note: string) {
	return api.DELETE("/v1/calls/{id}/notes/{note}", { params: { path: { id, note } } });
}

export function deleteCall(id: string) {
	return api.DELETE("/v1/calls/{id}", { params: { path: { id } } });
}
