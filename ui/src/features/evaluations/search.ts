export const views = ["evaluators", "scorecards"] as const;

/** The lists of exact values, joined by commas. */
export const listNames = ["evaluator", "status", "verdict"] as const;

export type ListName = (typeof listNames)[number];

export interface EvaluationsSearch extends Partial<Record<ListName, string>> {
	/** The results when left out. */
	view?: (typeof views)[number];
	/** The result that is open beside the list. */
	result?: string;
}

const allowed: Partial<Record<ListName, readonly string[]>> = {
	status: ["queued", "running", "done", "failed"],
	verdict: ["pass", "fail", "unknown"],
};

/** The values of a list in the URL. */
export const listOf = (text: string | undefined): string[] => text?.split(",").filter(Boolean) ?? [];

export function validateEvaluationsSearch(raw: Record<string, unknown>): EvaluationsSearch {
	const out: EvaluationsSearch = {};
	const view = views.find((v) => v === raw.view);
	if (view) out.view = view;
	for (const name of listNames) {
		const text = raw[name];
		if (typeof text !== "string") continue;
		const values = listOf(text).filter((v) => allowed[name]?.includes(v) ?? true);
		if (values.length > 0) out[name] = values.join(",");
	}
	if (typeof raw.result === "string" && raw.result) out.result = raw.result;
	return out;
}
