import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "../../api/client";

export type Settlement = "acknowledge" | "resolve";

/**
 * Takes an alert on, or ends it; every count and list of alerts is asked for anew.
 * onDone runs before that: the row that asked may be gone after it.
 */
export function useSettle(id: string, onDone?: (how: Settlement) => void) {
	const client = useQueryClient();
	const path = { params: { path: { id } } };
	return useMutation({
		mutationFn: (how: Settlement) => data(api.POST(`/v1/alerts/{id}/${how}`, path)),
		onSuccess: (_, how) => {
			onDone?.(how);
			return client.invalidateQueries({ queryKey: ["alerts"] });
		},
	});
}
