import { queryOptions } from "@tanstack/react-query";
import { type Answer, api, type Body, data } from "../../api/client";

export type Agent = Answer<"/v1/agents/{id}", "get">;
export type AgentBody = Exclude<Body<"/v1/agents/{id}", "patch">, string>;
export type AgentSettings = Agent["settings"];

export const agentsQuery = queryOptions({
	queryKey: ["agents", "list"],
	queryFn: async (): Promise<Agent[]> => (await data(api.GET("/v1/agents"))).items ?? [],
});

export const agentQuery = (id: string) =>
	queryOptions({
		queryKey: ["agents", "one", id],
		queryFn: () => data(api.GET("/v1/agents/{id}", { params: { path: { id } } })),
	});

export type LeadBucket = Answer<"/v1/agents/{id}/speed-to-lead", "get">["buckets"][number];

export const speedQuery = (id: string) =>
	queryOptions({
		queryKey: ["agents", "speed", id],
		queryFn: () => data(api.GET("/v1/agents/{id}/speed-to-lead", { params: { path: { id } } })),
	});

export type AgentSound = Answer<"/v1/agents/{id}/sound", "get">;
export type AgainstClaim = AgentSound["against_claim"];

export const soundQuery = (id: string) =>
	queryOptions({
		queryKey: ["agents", "sound", id],
		queryFn: () => data(api.GET("/v1/agents/{id}/sound", { params: { path: { id } } })),
	});

export type AgentVersion = Answer<"/v1/agents/{id}/versions", "get">["items"][number];

export const versionsQuery = (id: string) =>
	queryOptions({
		queryKey: ["agents", "versions", id],
		queryFn: async (): Promise<AgentVersion[]> =>
			(await data(api.GET("/v1/agents/{id}/versions", { params: { path: { id } } }))).items ?? [],
	});
