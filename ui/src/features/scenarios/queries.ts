import { queryOptions } from "@tanstack/react-query";
import { type Answer, api, type Body, data } from "../../api/client";

type Item<T extends { items?: unknown }> = NonNullable<T["items"]> extends readonly (infer I)[] ? I : never;

export type Scenario = Item<Answer<"/v1/scenarios", "get">>;
export type ScenarioBody = Body<"/v1/scenarios", "post">;
export type Run = Item<Answer<"/v1/scenarios/{id}/runs", "get">>;
export type RunCall = NonNullable<Run["calls"]>[number];

/** A run that is on changes within moments. */
const goesOn = (run: Pick<Run, "state"> | null | undefined) =>
	run !== null && run !== undefined && ["queued", "running", "judging"].includes(run.state);

const soon = 2_000;

/** The schedule begins runs by itself. */
const later = 30_000;

export const scenariosQuery = queryOptions({
	queryKey: ["scenarios", "list"],
	queryFn: async (): Promise<Scenario[]> => (await data(api.GET("/v1/scenarios"))).items ?? [],
	refetchInterval: (q) => (q.state.data?.some((s) => goesOn(s.last_run)) ? soon : later),
});

export const runsQuery = (id: string) =>
	queryOptions({
		queryKey: ["scenarios", "runs", id],
		queryFn: async (): Promise<Run[]> =>
			(await data(api.GET("/v1/scenarios/{id}/runs", { params: { path: { id } } }))).items ?? [],
		refetchInterval: (q) => (q.state.data?.some(goesOn) ? soon : later),
	});
