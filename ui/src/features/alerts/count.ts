import { queryOptions } from "@tanstack/react-query";
import { api, data } from "../../api/client";

/** How often what is on screen is asked for anew; never while the page is hidden. */
export const againMs = 10_000;

/** How many alerts are not resolved: for the rail, on every page. */
export const openCountQuery = queryOptions({
	queryKey: ["alerts", "open"],
	queryFn: async () => (await data(api.GET("/v1/alerts", { params: { query: { limit: 1 } } }))).open,
	refetchInterval: againMs,
	retry: false,
});
