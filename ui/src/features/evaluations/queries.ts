import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Answer, api, type Body, data } from "../../api/client";
import { type EvaluationsSearch, listOf } from "./search";

export type Evaluation = Answer<"/v1/evaluations/{id}", "get">;
export type Evaluator = Answer<"/v1/evaluators", "get">["items"][number];
export type EvaluatorBody = Body<"/v1/evaluators", "post">;
export type Scorecard = Answer<"/v1/scorecards/{id}", "get">;
export type ScorecardBody = Body<"/v1/scorecards", "post">;
export type Criterion = ScorecardBody["categories"][number]["criteria"][number];
export type Judgement = Answer<"/v1/scorecards/dry-run", "post">;
export type Result = Judgement["result"];
export type Score = Judgement["scores"][number];
export type RunBody = Body<"/v1/evaluations", "post">;

/** What waits or runs is looked at again after this. */
const againMs = 4000;

export const unsettled = (e: Pick<Evaluation, "status">): boolean =>
	e.status === "queued" || e.status === "running";

const pageSize = 50;

export const evaluationsQuery = ({ evaluator, status, verdict }: EvaluationsSearch) =>
	infiniteQueryOptions({
		queryKey: ["evaluations", "list", evaluator ?? "", status ?? "", verdict ?? ""],
		queryFn: ({ pageParam }) =>
			data(
				api.GET("/v1/evaluations", {
					params: {
						query: {
							limit: pageSize,
							...(evaluator ? { evaluator: listOf(evaluator) } : {}),
							...(status ? { status: listOf(status) } : {}),
							...(verdict ? { verdict: listOf(verdict) } : {}),
							...(pageParam ? { cursor: pageParam } : {}),
						},
					},
				}),
			),
		initialPageParam: "",
		getNextPageParam: (page) => page.next_cursor || undefined,
		refetchInterval: ({ state }) =>
			state.data?.pages.some((p) => p.items.some(unsettled)) ? againMs : false,
	});

export const evaluationQuery = (id: string) =>
	queryOptions({
		queryKey: ["evaluations", "one", id],
		queryFn: () => data(api.GET("/v1/evaluations/{id}", { params: { path: { id } } })),
		refetchInterval: ({ state }) => (state.data && unsettled(state.data) ? againMs : false),
	});

/** The evaluations of one call, newest first. */
export const callEvaluationsQuery = (call: string) =>
	queryOptions({
		queryKey: ["evaluations", "call", call],
		queryFn: () => data(api.GET("/v1/evaluations", { params: { query: { call, limit: pageSize } } })),
		refetchInterval: ({ state }) => (state.data?.items.some(unsettled) ? againMs : false),
	});

export const evaluatorsQuery = queryOptions({
	queryKey: ["evaluators", "list"],
	queryFn: async (): Promise<Evaluator[]> => (await data(api.GET("/v1/evaluators"))).items,
});

export const scorecardsQuery = queryOptions({
	queryKey: ["scorecards", "list"],
	queryFn: async (): Promise<Scorecard[]> => (await data(api.GET("/v1/scorecards"))).items,
});

export const scorecardQuery = (id: string) =>
	queryOptions({
		queryKey: ["scorecards", "one", id],
		queryFn: () => data(api.GET("/v1/scorecards/{id}", { params: { path: { id } } })),
	});

export const versionsQuery = (id: string) =>
	queryOptions({
		queryKey: ["scorecards", "versions", id],
		queryFn: async () =>
			(await data(api.GET("/v1/scorecards/{id}/versions", { params: { path: { id } } }))).items,
	});
