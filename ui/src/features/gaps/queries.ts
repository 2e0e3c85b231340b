import { queryOptions } from "@tanstack/react-query";
import { type Answer, api, data } from "../../api/client";
import type { GapsSearch } from "./search";

export type Gap = Answer<"/v1/gaps", "get">["items"][number];
export type GapDetail = Answer<"/v1/gaps/{id}", "get">;

export const gapsQuery = (status: GapsSearch["status"]) =>
	queryOptions({
		queryKey: ["gaps", "list", status ?? "open"],
		queryFn: async (): Promise<Gap[]> => {
			const query = status === "all" ? {} : { status: status ?? ("open" as const) };
			return (await data(api.GET("/v1/gaps", { params: { query } }))).items;
		},
	});

export const gapQuery = (id: string) =>
	queryOptions({
		queryKey: ["gaps", "one", id],
		queryFn: () => data(api.GET("/v1/gaps/{id}", { params: { path: { id } } })),
	});
