import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Answer, api, type Body, data } from "../../api/client";
import { againMs } from "./count";
import { type AlertsSearch, listNames, listOf } from "./search";

export type Alert = Answer<"/v1/alerts", "get">["items"][number];
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
		refetchInterval: againMs,
	});

/** So many acknowledged alerts are counted at most. */
const counted = 200;

export interface Counts {
	/** null: more are acknowledged than are counted. */
	open: number | null;
	acknowledged: string;
}

/** How many alerts each tab has, whatever the filters. The server counts what is not resolved. */
export const countsQuery = queryOptions({
	queryKey: ["alerts", "counts"],
	queryFn: async (): Promise<Counts> => {
		const query = { status: ["acknowledged"], limit: counted };
		const page = await data(api.GET("/v1/alerts", { params: { query } }));
		const more = page.next_cursor !== "";
		return {
			open: more ? null : Math.max(0, page.open - page.items.length),
			acknowledged: more ? `${counted}+` : String(page.items.length),
		};
	},
	refetchInterval: againMs,
});

export const rulesQuery = queryOptions({
	queryKey: ["alert-rules", "list"],
	queryFn: async (): Promise<Rule[]> => (await data(api.GET("/v1/alert-rules"))).items,
});
