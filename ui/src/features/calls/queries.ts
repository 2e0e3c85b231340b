import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { toQuery } from "./filters";
import type { CallsSearch, Filters } from "./search";

const pageSize = 100;
const liveMs = 10_000;
const goingOn = ["queued", "ringing", "active"];

/** Filters and sort alone: what else the URL holds does not change the list. */
function listOf({ peek: _, ...rest }: CallsSearch): CallsSearch {
	return rest;
}

export function filtersOf({ peek: _, sort: __, ...rest }: CallsSearch): Filters {
	return rest;
}

export function callsQuery(search: CallsSearch) {
	const list = listOf(search);
	const sort = list.sort === "relevance" && !list.q ? undefined : list.sort;
	return infiniteQueryOptions({
		queryKey: ["calls", "list", list],
		queryFn: ({ pageParam, signal }) =>
			data(
				api.GET("/v1/calls", {
					params: {
						query: { ...toQuery(list, new Date()), sort, limit: pageSize, cursor: pageParam || undefined },
					},
					signal,
				}),
			),
		initialPageParam: "",
		getNextPageParam: (page) => page.next_cursor || undefined,
		// Calls in progress change by themselves. Deep lists are not fetched again whole.
		refetchInterval: ({ state: { data: list } }) => {
			const live = list?.pages.length === 1 && list.pages[0]?.items?.some((c) => goingOn.includes(c.status));
			return live ? liveMs : false;
		},
		placeholderData: keepPreviousData,
	});
}

/** The newest call that the filters mean, asked for now and then: tells when the list has fallen behind. */
export function newestQuery(search: CallsSearch) {
	const filters = filtersOf(search);
	return queryOptions({
		queryKey: ["calls", "newest", filters],
		queryFn: ({ signal }) =>
			data(
				api.GET("/v1/calls", { params: { query: { ...toQuery(filters, new Date()), limit: 1 } }, signal }),
			),
		refetchInterval: 15_000,
	});
}

export function facetsQuery(search: CallsSearch) {
	const filters = filtersOf(search);
	return queryOptions({
		queryKey: ["calls", "facets", filters],
		queryFn: ({ signal }) =>
			data(api.GET("/v1/calls/facets", { params: { query: toQuery(filters, new Date()) }, signal })),
		placeholderData: keepPreviousData,
	});
}

export function histogramQuery(search: CallsSearch) {
	const filters = filtersOf(search);
	return queryOptions({
		queryKey: ["calls", "histogram", filters],
		queryFn: ({ signal }) =>
			data(
				api.GET("/v1/calls/histogram", {
					params: { query: { ...toQuery(filters, new Date()), buckets: 120 } },
					signal,
				}),
			),
		placeholderData: keepPreviousData,
	});
}

export function healthQuery(agents: string[]) {
	return queryOptions({
		queryKey: ["health", agents],
		queryFn: ({ signal }) =>
			data(
				api.GET("/v1/health", {
					params: { query: { hours: 24, ...(agents.length > 0 ? { agent: agents } : {}) } },
					signal,
				}),
			),
		refetchInterval: 30_000,
		placeholderData: keepPreviousData,
	});
}

export const viewsQuery = queryOptions({
	queryKey: ["views"],
	queryFn: () => data(api.GET("/v1/views")),
});

/** A whole call. */
export function callQuery(id: string) {
	return queryOptions({
		queryKey: ["calls", "one", id],
		queryFn: ({ signal }) => data(api.GET("/v1/calls/{id}", { params: { path: { id } }, signal })),
		staleTime: 10_000,
	});
}
