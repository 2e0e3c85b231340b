import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Answer, api, type Body, data } from "../../api/client";
import type { InboxState, SentFilter } from "./search";

type Item<T extends { items?: unknown }> = NonNullable<T["items"]> extends readonly (infer I)[] ? I : never;

export type Source = Item<Answer<"/v1/sources", "get">>;
export type SourceBody = Body<"/v1/sources", "post">;
export type Signing = Source["verify"];
export type Provider = Item<Answer<"/v1/providers", "get">>;
export type Key = Item<Answer<"/v1/keys", "get">>;
export type NewKey = Answer<"/v1/keys", "post">;
export type Scope = Key["scope"];
export type User = Item<Answer<"/v1/users", "get">>;
export type NewUser = Answer<"/v1/users", "post">;
export type Role = User["role"];
export type Workspace = Item<Answer<"/v1/workspaces", "get">>;
export type Delivery = Item<Answer<"/v1/inbox", "get">>;
export type FullDelivery = Answer<"/v1/inbox/{id}", "get">;
export type AuditEntry = Item<Answer<"/v1/audit", "get">>;

export const sourcesQuery = queryOptions({
	queryKey: ["sources", "list"],
	queryFn: async (): Promise<Source[]> => (await data(api.GET("/v1/sources"))).items ?? [],
	// The counts move while somebody connects a vendor and looks, and faster during an import.
	refetchInterval: (q) =>
		q.state.data?.some((s) => s.import?.state === "running" || s.import?.state === "waiting") ? 2000 : 10_000,
});

export const providersQuery = queryOptions({
	queryKey: ["providers", "list"],
	queryFn: async (): Promise<Provider[]> => (await data(api.GET("/v1/providers"))).items ?? [],
	staleTime: Number.POSITIVE_INFINITY,
});

export const keysQuery = queryOptions({
	queryKey: ["keys", "list"],
	queryFn: async (): Promise<Key[]> => (await data(api.GET("/v1/keys"))).items ?? [],
});

export const usersQuery = queryOptions({
	queryKey: ["users", "list"],
	queryFn: async (): Promise<User[]> => (await data(api.GET("/v1/users"))).items ?? [],
});

export const workspacesQuery = queryOptions({
	queryKey: ["workspaces", "list"],
	queryFn: async (): Promise<Workspace[]> => (await data(api.GET("/v1/workspaces"))).items ?? [],
});

const pageSize = 100;

export const inboxQuery = (state: InboxState | undefined) =>
	infiniteQueryOptions({
		queryKey: ["inbox", "list", state ?? ""],
		queryFn: ({ pageParam }) =>
			data(
				api.GET("/v1/inbox", {
					params: {
						query: {
							limit: pageSize,
							...(state ? { state } : {}),
							...(pageParam ? { cursor: pageParam } : {}),
						},
					},
				}),
			),
		initialPageParam: "",
		getNextPageParam: (last) => last.next_cursor || undefined,
	});

export const deliveryQuery = (id: string) =>
	queryOptions({
		queryKey: ["inbox", "one", id],
		queryFn: () => data(api.GET("/v1/inbox/{id}", { params: { path: { id } } })),
	});

export const auditQuery = infiniteQueryOptions({
	queryKey: ["audit", "list"],
	queryFn: ({ pageParam }) =>
		data(
			api.GET("/v1/audit", {
				params: { query: { limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) } },
			}),
		),
	initialPageParam: "",
	getNextPageParam: (last) => last.next_cursor || undefined,
});

export type IntegrationList = Answer<"/v1/integrations", "get">;
export type Integration = Item<IntegrationList>;
export type IntegrationKind = Integration["kind"];
export type IntegrationTest = Answer<"/v1/integrations/{kind}/test", "post">;
export type ModelUsage = IntegrationList["usage"][number];
export type ModelBody = Body<"/v1/integrations/llm", "put">;
export type SpeechBody = Body<"/v1/integrations/stt", "put">;
export type CRMKind = Exclude<IntegrationKind, "llm" | "stt">;
export type CRMBody = Body<"/v1/integrations/crm/{crm}", "put">;
export type Endpoint = Item<Answer<"/v1/webhook-endpoints", "get">>;
export type EndpointBody = Body<"/v1/webhook-endpoints", "post">;
export type SavedEndpoint = Answer<"/v1/webhook-endpoints", "post">;
export type Sent = Item<Answer<"/v1/webhook-deliveries", "get">>;
export type Queue = Answer<"/v1/queues", "get">["queues"][number];
export type QueueBody = Body<"/v1/queues", "post">;
export type Credential = Answer<"/v1/recording-credentials", "get">["credentials"][number];
export type CredentialBody = Body<"/v1/recording-credentials", "put">;
export type Step = Item<Answer<"/v1/intervention-rules", "get">>;
export type StepBody = Body<"/v1/intervention-rules", "post">;
export type FullSent = Answer<"/v1/webhook-deliveries/{id}", "get">;

export const integrationsQuery = queryOptions({
	queryKey: ["integrations", "list"],
	queryFn: () => data(api.GET("/v1/integrations")),
});

export const endpointsQuery = queryOptions({
	queryKey: ["webhooks", "endpoints"],
	queryFn: async (): Promise<Endpoint[]> => (await data(api.GET("/v1/webhook-endpoints"))).items ?? [],
});

export const queuesQuery = queryOptions({
	queryKey: ["queues", "list"],
	queryFn: async (): Promise<Queue[]> => (await data(api.GET("/v1/queues"))).queues ?? [],
});

export const credentialsQuery = queryOptions({
	queryKey: ["recording-credentials", "list"],
	queryFn: async (): Promise<Credential[]> =>
		(await data(api.GET("/v1/recording-credentials"))).credentials ?? [],
});

export const stepsQuery = queryOptions({
	queryKey: ["intervention-rules", "list"],
	queryFn: async (): Promise<Step[]> => (await data(api.GET("/v1/intervention-rules"))).items ?? [],
});

/** What is on its way changes within moments; what is tried again, in a while. */
function lookAgain(list: readonly Pick<Sent, "status">[]): number | false {
	if (list.some((d) => d.status === "waiting")) return 1_500;
	return list.some((d) => d.status === "failed") ? 10_000 : false;
}

export const sentQuery = (filter: SentFilter) =>
	infiniteQueryOptions({
		queryKey: ["webhooks", "deliveries", filter],
		queryFn: ({ pageParam }) =>
			data(
				api.GET("/v1/webhook-deliveries", {
					params: { query: { limit: pageSize, ...filter, ...(pageParam ? { cursor: pageParam } : {}) } },
				}),
			),
		initialPageParam: "",
		getNextPageParam: (last) => last.next_cursor || undefined,
		refetchInterval: ({ state }) => lookAgain(state.data?.pages.flatMap((p) => p.items ?? []) ?? []),
	});

export const oneSentQuery = (id: string) =>
	queryOptions({
		queryKey: ["webhooks", "delivery", id],
		queryFn: () => data(api.GET("/v1/webhook-deliveries/{id}", { params: { path: { id } } })),
		refetchInterval: ({ state }) => lookAgain(state.data ? [state.data] : []),
	});
