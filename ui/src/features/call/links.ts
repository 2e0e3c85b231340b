import type { CallSearch } from "./search";

/** A link to a call that another person can open: without the filters of this list. */
export function linkToCall(id: string, search: Pick<CallSearch, "tab" | "t" | "turn">): string {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(search)) if (value !== undefined) query.set(name, String(value));
	return `${globalThis.location?.origin ?? ""}/calls/${encodeURIComponent(id)}?${query}`;
}

export const transcriptURL = (id: string, format: "text" | "srt" | "json"): string =>
	`/v1/calls/${encodeURIComponent(id)}/transcript?format=${format}`;
