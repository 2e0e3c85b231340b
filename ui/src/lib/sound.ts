// What the figures of a call's sound are judged by: the server has the one table
// of limits (/v1/sound-limits); here are their names and units.

import { queryOptions } from "@tanstack/react-query";
import { type Answer, api, data } from "../api/client";
import { latency, share } from "./format";

export type SoundLimit = NonNullable<Answer<"/v1/sound-limits", "get">["items"]>[number];
export type Limits = SoundLimit["limits"];

export type Verdict = "good" | "watch" | "bad";

/** The limits of an agent's calls; the usual ones without an agent. */
export const limitsQuery = (agent: string) =>
	queryOptions({
		queryKey: ["agents", "sound-limits", agent],
		queryFn: async (): Promise<SoundLimit[]> =>
			(await data(api.GET("/v1/sound-limits", { params: { query: agent ? { agent } : {} } }))).items ?? [],
	});

/** The figures that are judged, in words. */
export const figureNames: Record<string, string> = {
	response_p50_ms: "Median response",
	response_p95_ms: "P95 response",
	talk_ratio: "Agent's share of talk",
	interruptions_by_agent: "Interruptions by the agent",
	longest_silence_ms: "Longest silence",
	overlap_ratio: "Both speak at once",
	wpm_agent: "Agent's words",
	snr_db: "Speech to noise",
};

interface Unit {
	/** As a person types and reads it. */
	word: string;
	/** Of what the server says, how much one of the unit is. */
	size: number;
	show: (n: number) => string;
}

const decibels = (n: number) => (n >= 60 ? "60 dB or more" : `${n.toFixed(0)} dB`);
const plain: Unit = { word: "", size: 1, show: String };

const units: Record<string, Unit> = {
	ms: {
		word: "s",
		size: 1000,
		show: (n) => (n < 0 ? `−${latency(-n)}` : latency(n)),
	},
	"1": { word: "%", size: 0.01, show: (n) => share(n, 0) },
	count: { word: "in a call", size: 1, show: (n) => (n === 0 ? "None" : String(n)) },
	"1/min": { word: "a minute", size: 1, show: (n) => `${n.toFixed(0)} a minute` },
	dB: { word: "dB", size: 1, show: decibels },
};

export const unitOf = (unit: string): Unit => units[unit] ?? plain;

const within = (n: number, from: number | null, to: number | null) =>
	(from === null || n >= from) && (to === null || n <= to);

/** What a figure means. Without a limit to watch it is never bad. */
export function verdictOf(l: Limits, n: number): Verdict {
	if (within(n, l.good_from, l.good_to)) return "good";
	const unbounded = l.watch_from === null && l.watch_to === null;
	return unbounded || within(n, l.watch_from, l.watch_to) ? "watch" : "bad";
}

function range(from: number | null, to: number | null, show: (n: number) => string): string {
	if (from === null) return to === null ? "" : `up to ${show(to)}`;
	return to === null ? `from ${show(from)}` : `from ${show(from)} to ${show(to)}`;
}

/** "Good up to 3.50 s, watch up to 5.00 s" */
export function limitWords(l: Limits, unit: string): string {
	const { show } = unitOf(unit);
	const watch = range(l.watch_from, l.watch_to, show);
	return `Good ${range(l.good_from, l.good_to, show)}${watch && `, watch ${watch}`}`;
}
