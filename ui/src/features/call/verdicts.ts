// What the figures of a recording's sound mean: the one table of thresholds.

import { latency, share } from "../../lib/format";
import type { SoundReport } from "./sound";
import type { Acoustics } from "./types";

export type Verdict = "good" | "watch" | "bad";

/** From and to, both included. */
type Band = [least: number, most: number];

export interface Measure {
	name: string;
	/** Its name in the report's basis. */
	basis: string;
	value: (a: Acoustics, r?: SoundReport) => number | null | undefined;
	show: (n: number) => string;
	/** Nothing is said of a figure without it. */
	good?: Band;
	/** Beyond it the figure is bad; without it, never worse than watch. */
	watch?: Band;
	words?: Partial<Record<Verdict, string>>;
	/** The thresholds as a person reads them, and where they are from. */
	limits?: string;
}

const none = Number.NEGATIVE_INFINITY;
const any = Number.POSITIVE_INFINITY;
const decibels = (n: number) => (n >= 60 ? "60 dB or more" : `${n.toFixed(0)} dB`);
const times = (n: number) => (n === 0 ? "None" : String(n));
const pace = (n: number) => `${n.toFixed(0)} a minute`;

const noise = {
	basis: "snr_db",
	show: decibels,
	// Under 12 dB the times of a report have low confidence: see its basis.
	good: [20, any] as Band,
	watch: [12, any] as Band,
	words: { good: "Clear", watch: "Some noise", bad: "Noisy" },
	limits: "Good from 20 dB, watch from 12 dB, under which times in a recording are not to be trusted.",
};

/** In the order of the card. */
export const measures: Measure[] = [
	{
		name: "Median response",
		basis: "p50_ms",
		value: (a) => a.response_p50_ms,
		show: latency,
		// People begin about 150 ms before the other ends (hand-labelled conversations, 2026);
		// turn-taking scores give nothing to an agent that begins 500 ms early. What vendors
		// publish of production calls: 1.5 s is a good median.
		good: [-200, 1500],
		watch: [-500, 2500],
		words: { good: "Prompt", watch: "Callers notice", bad: "Off the beat of a conversation" },
		limits: "Good up to 1.5 s, a median that vendors publish of production calls; watch up to 2.5 s.",
	},
	{
		name: "P95 response",
		basis: "p95_ms",
		value: (a) => a.response_p95_ms,
		show: latency,
		// What vendors publish of production calls: fine under 3.5 s, critical over 5 s.
		good: [none, 3500],
		watch: [none, 5000],
		words: { good: "Steady", watch: "Some long waits", bad: "Long waits" },
		limits: "Good up to 3.5 s, watch up to 5 s, as vendors publish of production calls.",
	},
	{
		name: "Agent's share of talk",
		basis: "talk_ratio_agent",
		value: (a) => a.talk_ratio,
		show: (n) => share(n, 0),
		// Nobody publishes a norm: our choice.
		good: [0.35, 0.65],
		watch: [0.2, 0.8],
		words: { good: "Balanced", watch: "One side talks most", bad: "One side hardly speaks" },
		limits: "Good from 35 to 65 %, watch from 20 to 80 %. There is no published norm.",
	},
	{
		name: "Interruptions by the agent",
		basis: "interruptions",
		value: (a) => a.interruptions_by_agent,
		show: times,
		// Published rates are of many calls; of one call it is our choice.
		good: [0, 1],
		watch: [0, 3],
		words: { good: "Lets the caller finish", watch: "Cuts in at times", bad: "Cuts in often" },
		limits: "Good up to 1 in a call, watch up to 3. There is no published norm.",
	},
	{
		name: "Interruptions by the caller",
		basis: "interruptions",
		value: (a) => a.interruptions_by_customer,
		show: times,
	},
	{
		name: "Longest silence",
		basis: "silences",
		value: (a) => (a.silences === 0 ? 0 : a.longest_silence_ms),
		show: (n) => (n === 0 ? "None of 2 s" : latency(n)),
		// Published counts of dead air begin at 2 s and are severe from 5 s.
		good: [0, 3000],
		watch: [0, 6000],
		words: { good: "No dead air", watch: "Callers notice", bad: "Dead air" },
		limits: "Good up to 3 s, watch up to 6 s; published counts of dead air begin at 2 s, severe from 5 s.",
	},
	{
		name: "Both speak at once",
		basis: "overlap_s",
		value: (a) => a.overlap_ratio,
		show: share,
		// Our choice; it is never bad on its own.
		good: [0, 0.08],
		words: { good: "Seldom", watch: "Often" },
		limits: "Good up to 8 % of the time in which anybody speaks. There is no published norm.",
	},
	{
		name: "Agent's words",
		basis: "wpm",
		value: (a) => a.wpm_agent,
		show: pace,
		// The usual pace of speech.
		good: [130, 190],
		words: { good: "A usual pace", watch: "An unusual pace" },
		limits: "Good from 130 to 190 words a minute, the usual pace of speech.",
	},
	{ name: "Caller's words", basis: "wpm", value: (a) => a.wpm_customer, show: pace },
	{ name: "Agent's speech to noise", value: (a) => a.snr_agent_db, ...noise },
	{ name: "Caller's speech to noise", value: (a) => a.snr_customer_db, ...noise },
];

/** In place of the two sides', of a recording that does not keep them apart. */
const lineNoise: Measure = {
	name: "Speech to noise",
	value: (_, r) => r?.metrics.mono?.snr_db,
	...noise,
};

const within = (n: number, [least, most]: Band) => n >= least && n <= most;

/** What a figure means; null where nothing is said of it. */
export function verdictOf(m: Measure, n: number): Verdict | null {
	if (!m.good) return null;
	if (within(n, m.good)) return "good";
	return !m.watch || within(n, m.watch) ? "watch" : "bad";
}

export interface Figure {
	measure: Measure;
	value: number;
	verdict: Verdict | null;
}

export interface Missing {
	reason: string;
	names: string[];
}

/** What was measured, and what was not, by why. */
export function figuresOf(a: Acoustics, r?: SoundReport): { figures: Figure[]; missing: Missing[] } {
	const figures: Figure[] = [];
	const reasons = new Map<string, string[]>();
	const apart = a.agent_channel != null;
	const list = apart ? measures : [...measures.filter((m) => m.basis !== noise.basis), lineNoise];
	for (const measure of list) {
		const value = measure.value(a, r);
		if (value != null) {
			figures.push({ measure, value, verdict: verdictOf(measure, value) });
			continue;
		}
		const why = whyMissing(measure, a, r);
		reasons.set(why, [...(reasons.get(why) ?? []), measure.name]);
	}
	return { figures, missing: [...reasons].map(([reason, names]) => ({ reason, names })) };
}

function whyMissing(m: Measure, a: Acoustics, r: SoundReport | undefined): string {
	const basis = basisOf(m, r);
	if (basis?.confidence === "none" && basis.reason) return basis.reason;
	if (a.agent_channel == null && a.notes?.[0]) return a.notes[0];
	if (m.basis === "p95_ms") return `it takes 10 responses, and there are ${a.responses}`;
	if (m.basis === "wpm" && r && !basis) return "there is no transcript with words to count";
	return "the recording does not tell";
}

export const basisOf = (m: Measure, r: SoundReport | undefined) =>
	(r?.basis ?? []).find((b) => b.metric === m.basis);

/** How a figure was come by, how far to trust it, and what it is held against. */
export function explained(m: Measure, a: Acoustics, r: SoundReport | undefined): string {
	const basis = basisOf(m, r);
	const confidence = basis && basis.confidence !== "none" ? basis.confidence : a.confidence;
	const reason = basis?.reason ? `: ${basis.reason}` : "";
	return [
		"Heard in the recording.",
		basis?.method,
		`Confidence ${confidence}${reason}.`,
		m.limits ?? "Not judged.",
	]
		.filter(Boolean)
		.join(" ");
}

/** The wait that was heard against the vendor's own figure, both medians in ms. */
export function againstClaim(heard: number, claimed: number): string {
	const more = heard - claimed;
	if (Math.abs(more) < 50) return "No difference to speak of";
	return `Heard ${latency(Math.abs(more))} ${more > 0 ? "longer" : "shorter"} than claimed`;
}
