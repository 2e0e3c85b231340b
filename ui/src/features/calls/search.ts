// The calls page's view as the URL holds it. Lists are comma-separated, so
// that a link stays readable; what is malformed is dropped, never an error.

export const statusValues = [
	"queued",
	"ringing",
	"active",
	"completed",
	"failed",
	"declined",
	"missed",
	"unknown",
] as const;

export const sorts = [
	"-started_at",
	"started_at",
	"-duration_ms",
	"duration_ms",
	"-cost",
	"cost",
	"-quality",
	"quality",
	"relevance",
] as const;

export type Sort = (typeof sorts)[number];

/** The facets: each a list of exact values, joined by commas in the URL. */
export const facetNames = [
	"agent",
	"status",
	"failure_class",
	"sentiment",
	"ended_reason",
	"direction",
	"provider",
	"campaign",
	"last_event",
] as const;

export type FacetName = (typeof facetNames)[number];

export type ListName = FacetName | "finding" | "tag";

/** Every filter that is a list of exact values, in the order of the page: the facets, and those that nobody counts. */
export const listNames: ListName[] = facetNames.flatMap((name): ListName[] =>
	name === "sentiment" ? [name, "finding", "tag"] : [name],
);

export const presets = { "1h": 1, "24h": 24, "7d": 168, "30d": 720, "90d": 2160 } as const;

export const verdicts = ["true", "false", "unknown"] as const;

/** Whether a call did what it was for, as the vendor or the outcome says. */
export type Verdict = (typeof verdicts)[number];

export type Preset = keyof typeof presets;

/** Which calls: shared by the list, the facets, the histogram, the export and a call's neighbours. */
export interface Filters extends Partial<Record<ListName, string>> {
	/** A preset counted back from now. */
	range?: Preset;
	/** ISO instants of a custom range; they win over the preset. */
	after?: string;
	before?: string;
	min?: number;
	max?: number;
	/** Bounds of the score, 0 to 100. */
	min_score?: number;
	max_score?: number;
	recording?: boolean;
	simulation?: boolean;
	success?: Verdict;
	provider_call_id?: string;
	/** key=value pairs, joined by "&", each part URI-encoded. */
	meta?: string;
	q?: string;
}

export interface CallsSearch extends Filters {
	sort?: Sort;
	/** The call in the peek drawer. */
	peek?: string;
}

export type Raw = Record<string, unknown>;

const word = (v: unknown): string | undefined => {
	if (typeof v === "number" || typeof v === "boolean") return String(v);
	return typeof v === "string" && v.trim() ? v : undefined;
};

const instant = (v: unknown): string | undefined => {
	const s = word(v);
	return s && !Number.isNaN(Date.parse(s)) ? s : undefined;
};

const whole = (v: unknown): number | undefined => {
	const n = Number(word(v));
	return word(v) !== undefined && Number.isInteger(n) && n >= 0 ? n : undefined;
};

const truth = (v: unknown): boolean | undefined => {
	if (v === true || v === "true") return true;
	return v === false || v === "false" ? false : undefined;
};

const percent = (v: unknown): number | undefined => {
	const n = Number(word(v));
	return word(v) !== undefined && n >= 0 && n <= 100 ? n : undefined;
};

/** Drops what is undefined, so that the URL shows only what is set. */
function only<T extends object>(o: T): T {
	return Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as T;
}

export function readFilters(raw: Raw): Filters {
	return only<Filters>({
		...Object.fromEntries(listNames.map((name) => [name, word(raw[name])])),
		range: Object.hasOwn(presets, String(raw.range)) ? (raw.range as Preset) : undefined,
		after: instant(raw.after),
		before: instant(raw.before),
		min: whole(raw.min),
		max: whole(raw.max),
		min_score: percent(raw.min_score),
		max_score: percent(raw.max_score),
		recording: truth(raw.recording),
		simulation: truth(raw.simulation),
		success: verdicts.find((v) => v === word(raw.success)),
		provider_call_id: word(raw.provider_call_id),
		meta: word(raw.meta),
		q: word(raw.q),
	});
}

export function validateCallsSearch(raw: Raw): CallsSearch {
	return only<CallsSearch>({
		...readFilters(raw),
		sort: sorts.includes(raw.sort as Sort) ? (raw.sort as Sort) : undefined,
		peek: word(raw.peek),
	});
}

/** The values of a facet. A comma inside a value is written %2C. */
export function values(joined: string | undefined): string[] {
	return joined
		? joined
				.split(",")
				.filter(Boolean)
				.map((v) => v.replaceAll("%2C", ","))
		: [];
}

export function join(list: string[]): string | undefined {
	return list.length > 0 ? list.map((v) => v.replaceAll(",", "%2C")).join(",") : undefined;
}
