export const gapStatuses = ["open", "answered", "ignored"] as const;

export type GapStatus = (typeof gapStatuses)[number];

export interface GapsSearch {
	/** Open ones when left out; "all" for every status. */
	status?: "answered" | "ignored" | "all";
	/** The question that is open beside the list. */
	gap?: string;
}

export function validateGapsSearch(raw: Record<string, unknown>): GapsSearch {
	const out: GapsSearch = {};
	if (raw.status === "answered" || raw.status === "ignored" || raw.status === "all") out.status = raw.status;
	if (typeof raw.gap === "string" && raw.gap) out.gap = raw.gap;
	return out;
}
