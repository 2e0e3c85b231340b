import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { cleared } from "./filters";
import type { CallsSearch } from "./search";

const route = getRouteApi("/app/calls");

/** The calls page's view and how it changes. Every change of a filter is a step that Back takes back. */
export function useView() {
	const search = route.useSearch();
	const navigate = route.useNavigate();
	const change = useCallback(
		(part: Partial<CallsSearch>, how: "step" | "replace" = "step") =>
			void navigate({
				search: (now) => ({ ...now, ...part }),
				replace: how === "replace",
			}),
		[navigate],
	);
	const clear = useCallback(
		() =>
			void navigate({
				search: (now) => ({ ...now, ...cleared, sort: now.sort === "relevance" ? undefined : now.sort }),
			}),
		[navigate],
	);
	return { search, change, clear };
}
