import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { sessionQuery, useSession } from "../../api/session";
import { removal } from "./workspaces";

/** Removes a workspace with all its calls; leads out of it first, and makes another where it is the only one. */
export function useRemoveWorkspace(onDone: () => void) {
	const { workspace, workspaces } = useSession();
	const client = useQueryClient();
	return useMutation({
		mutationFn: async (id: string) => {
			const { make, moveTo } = removal(id, workspace.id, workspaces ?? []);
			const to = make ? (await data(api.POST("/v1/workspaces", { body: { name: make } }))).id : moveTo;
			if (to) await data(api.PATCH("/v1/session", { body: { workspace_id: to } }));
			await api.DELETE("/v1/workspaces/{id}", { params: { path: { id } } });
		},
		onSuccess: onDone,
		// Also after a failure half-way: the session may have moved.
		onSettled: async () => {
			await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
			await client.resetQueries({ predicate: (q) => q.queryKey[0] !== "session" });
		},
	});
}
