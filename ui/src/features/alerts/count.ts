import { queryOptions } from "@tanstack/react-query";
import { api, data } from "../../api/client";

/** How often what is on screen is asked for anew; never while the page is hidden. */
export const againMs = 10_000;

/** How many alerts are not resolved, and how many of those somebody has taken on: for the rail, on every page. */
export const countsQuery = queryOptions({
	queryKey: ["alerts", "open"],
	queryFn: async () => {
		const { open, acknowledged } = await data(api.GET("/v1/alerts", { params: { query: { limit: 1 } } }));
		return { open, acknowledged };
	},
	refetchInterval: againMs,
	retry: false,
});
