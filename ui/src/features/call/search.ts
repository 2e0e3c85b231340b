import { type Filters, readFilters } from "../calls/search";

export const tabs = ["overview", "transcript", "logs", "raw"] as const;

export type Tab = (typeof tabs)[number];

/** The call's own view, and the filters of the list it was opened from: they tell its neighbours. */
export interface CallSearch extends Filters {
	tab?: Tab;
	/** Where to start, in seconds from the answer. */
	t?: number;
	/** The turn to start at, by its index. */
	turn?: number;
	/** Text to find in the transcript. */
	find?: string;
	/** Kinds of debug log entries to show, joined by commas; all without. */
	kinds?: string;
}

/** A number in the URL; an empty or malformed one is none. */
function amount(v: unknown): number | undefined {
	if (typeof v !== "number" && (typeof v !== "string" || v.trim() === "")) return undefined;
	const n = Number(v);
	return Number.isFinite(n) && n >= 0 ? n : undefined;
}

export function validateCallSearch(raw: Record<string, unknown>): CallSearch {
	const out: CallSearch = readFilters(raw);
	const t = amount(raw.t);
	const turn = amount(raw.turn);
	if (tabs.includes(raw.tab as Tab)) out.tab = raw.tab as Tab;
	if (t !== undefined) out.t = t;
	if (turn !== undefined && Number.isInteger(turn)) out.turn = turn;
	// The router reads a find of digits as a number.
	if ((typeof raw.find === "string" || typeof raw.find === "number") && raw.find !== "")
		out.find = String(raw.find);
	if (typeof raw.kinds === "string" && raw.kinds) out.kinds = raw.kinds;
	return out;
}

/** The tab to show: a link into the transcript opens it without saying so. */
export function tabOf(s: CallSearch): Tab {
	if (s.tab) return s.tab;
	return s.turn !== undefined || s.t !== undefined || s.find ? "transcript" : "overview";
}
