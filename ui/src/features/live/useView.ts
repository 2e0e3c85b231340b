import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import type { LiveSearch } from "./search";

const route = getRouteApi("/app/live");

/** The live page's view and how it changes. A change of a filter is a step that Back takes back. */
export function useView() {
	const search = route.useSearch();
	const navigate = route.useNavigate();
	const change = useCallback(
		(part: Partial<LiveSearch>, how: "step" | "replace" = "step") =>
			void navigate({ search: (now) => ({ ...now, ...part }), replace: how === "replace" }),
		[navigate],
	);
	const clear = useCallback(
		() =>
			change({
				agent: undefined,
				alerts: undefined,
				provider: undefined,
				min: undefined,
				max: undefined,
				simulation: undefined,
			}),
		[change],
	);
	return { search, change, clear };
}
