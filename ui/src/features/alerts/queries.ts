import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Answer, api, type Body, data } from "../../api/client";
import { againMs } from "./count";
import { type AlertsSearch, listNames, listOf } from "./search";

export type Alert = Answer<"/v1/alerts", "get">["items"][number];
export type FullAlert = Answer<"/v1/alerts/{id}", "get">;
export type Rule = Answer<"/v1/alert-rules", "get">["items"][number];
export type RuleBody = Body<"/v1/alert-rules", "post">;
export type Condition = Rule["condition"];
export type Backtest = Answer<"/v1/alert-rules/backtest", "post">;
export type SilenceWindow = NonNullable<Rule["silenceSchedule"]["windows"]>[number];

const pageSize = 50;

export const alertsQuery = (search: AlertsSearch) =>
	infiniteQueryOptions({
		queryKey: ["alerts", "list", search.status ?? "", ...listNames.map((n) => search[n] ?? "")],
		queryFn: ({ pageParam }) =>
			data(
				api.GET("/v1/alerts", {
					params: {
						query: {
							limit: pageSize,
							status: [search.status ?? "triggered"],
							...Object.fromEntries(listNames.flatMap((n) => (search[n] ? [[n, listOf(search[n])]] : []))),
							...(pageParam ? { cursor: pageParam } : {}),
						},
					},
				}),
			),
		initialPageParam: "",
		getNextPageParam: (page) => page.next_cursor || undefined,
		// Whoever has loaded more reads on undisturbed.
		refetchInterval: (q) => (q.state.data?.pages.length === 1 ? againMs : false),
	});

export const oneAlertQuery = (id: string) =>
	queryOptions({
		queryKey: ["alerts", "one", id],
		queryFn: () => data(api.GET("/v1/alerts/{id}", { params: { path: { id } } })),
		refetchInterval: againMs,
	});

export type RuleVersion = Answer<"/v1/alert-rules/{id}/versions", "get">["items"][number];

export const ruleVersionsQuery = (id: string) =>
	queryOptions({
		queryKey: ["alert-rules", "versions", id],
		queryFn: async (): Promise<RuleVersion[]> =>
			(await data(api.GET("/v1/alert-rules/{id}/versions", { params: { path: { id } } }))).items ?? [],
	});

export const rulesQuery = queryOptions({
	queryKey: ["alert-rules", "list"],
	queryFn: async (): Promise<Rule[]> => (await data(api.GET("/v1/alert-rules"))).items,
});
