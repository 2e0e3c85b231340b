import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Answer, api, type Body, data } from "../../api/client";
import type { InboxState } from "./search";

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
	// The counts move while somebody connects a vendor and looks.
	refetchInterval: 10_000,
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
