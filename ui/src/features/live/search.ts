// The live page's view as the URL holds it. Lists are comma-separated; what is
// malformed is dropped.

export const liveSorts = ["-duration", "duration", "-score", "score"] as const;

/** Without one: the worst alerts first, then the newest call. */
export type LiveSort = (typeof liveSorts)[number];

export const alertChoices = ["critical", "new", "open", "none"] as const;

/** critical, not acknowledged, any, none. */
export type AlertChoice = (typeof alertChoices)[number];

export interface LiveSearch {
	view?: "wall";
	group?: "agent";
	/** Ids of agents; "-" for calls that name none. */
	agent?: string;
	/** Any of these. */
	alerts?: string;
	provider?: string;
	/** Seconds. */
	min?: number;
	max?: number;
	simulation?: boolean;
	sort?: LiveSort;
	/** The selected call. */
	at?: string;
}

const word = (v: unknown): string | undefined => {
	if (typeof v === "number") return String(v);
	return typeof v === "string" && v.trim() ? v : undefined;
};

const seconds = (v: unknown): number | undefined => {
	const n = Number(word(v));
	return Number.isInteger(n) && n > 0 ? n : undefined;
};

const truth = (v: unknown): boolean | undefined =>
	v === true || v === "true" ? true : v === false || v === "false" ? false : undefined;

export function validateLiveSearch(raw: Record<string, unknown>): LiveSearch {
	const alerts = word(raw.alerts)
		?.split(",")
		.filter((a) => alertChoices.includes(a as AlertChoice))
		.join(",");
	const all: LiveSearch = {
		view: raw.view === "wall" ? "wall" : undefined,
		group: raw.group === "agent" ? "agent" : undefined,
		agent: word(raw.agent),
		alerts: alerts || undefined,
		provider: word(raw.provider),
		min: seconds(raw.min),
		max: seconds(raw.max),
		simulation: truth(raw.simulation),
		sort: liveSorts.find((s) => s === raw.sort),
		at: word(raw.at),
	};
	return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined));
}
