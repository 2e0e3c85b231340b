// What the figures of a recording's sound mean, in words. The limits are the
// server's: an agent's settings may change them.

import { latency, share } from "../../lib/format";
import { limitWords, type SoundLimit, unitOf, type Verdict, verdictOf } from "../../lib/sound";
import type { SoundReport } from "./sound";
import type { Acoustics } from "./types";

export interface Measure {
	name: string;
	/** Its name in the report's basis. */
	basis: string;
	value: (a: Acoustics, r?: SoundReport) => number | null | undefined;
	show: (n: number) => string;
	/** The figure whose limits judge it; without one nothing is said of it. */
	figure?: string;
	words?: Partial<Record<Verdict, string>>;
}

const times = unitOf("count").show;
const pace = unitOf("1/min").show;

const noise = {
	basis: "snr_db",
	show: unitOf("dB").show,
	figure: "snr_db",
	words: { good: "Clear", watch: "Some noise", bad: "Noisy" },
};

/** In the order of the card. */
export const measures: Measure[] = [
	{
		name: "Median response",
		basis: "p50_ms",
		figure: "response_p50_ms",
		value: (a) => a.response_p50_ms,
		show: latency,
		words: { good: "Prompt", watch: "Callers notice", bad: "Off the beat of a conversation" },
	},
	{
		name: "P95 response",
		basis: "p95_ms",
		figure: "response_p95_ms",
		value: (a) => a.response_p95_ms,
		show: latency,
		words: { good: "Steady", watch: "Some long waits", bad: "Long waits" },
	},
	{
		name: "Agent's share of talk",
		basis: "talk_ratio_agent",
		figure: "talk_ratio",
		value: (a) => a.talk_ratio,
		show: (n) => share(n, 0),
		words: { good: "Balanced", watch: "One side talks most", bad: "One side hardly speaks" },
	},
	{
		name: "Interruptions by the agent",
		basis: "interruptions",
		figure: "interruptions_by_agent",
		value: (a) => a.interruptions_by_agent,
		show: times,
		words: { good: "Lets the caller finish", watch: "Cuts in at times", bad: "Cuts in often" },
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
		figure: "longest_silence_ms",
		value: (a) => (a.silences === 0 ? 0 : a.longest_silence_ms),
		show: (n) => (n === 0 ? "None of 2 s" : latency(n)),
		words: { good: "No dead air", watch: "Callers notice", bad: "Dead air" },
	},
	{
		name: "Both speak at once",
		basis: "overlap_s",
		figure: "overlap_ratio",
		value: (a) => a.overlap_ratio,
		show: share,
		words: { good: "Seldom", watch: "Often", bad: "Very often" },
	},
	{
		name: "Agent's words",
		basis: "wpm",
		figure: "wpm_agent",
		value: (a) => a.wpm_agent,
		show: pace,
		words: { good: "A usual pace", watch: "An unusual pace", bad: "Far from a usual pace" },
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

/** What judges a measure; undefined while the limits are on their way. */
const limitOf = (m: Measure, limits: readonly SoundLimit[]) => limits.find((l) => l.figure === m.figure);

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
export function figuresOf(
	a: Acoustics,
	limits: readonly SoundLimit[],
	r?: SoundReport,
): {
	figures: Figure[];
	missing: Missing[];
} {
	const figures: Figure[] = [];
	const reasons = new Map<string, string[]>();
	const apart = a.agent_channel != null;
	const list = apart ? measures : [...measures.filter((m) => m.basis !== noise.basis), lineNoise];
	for (const measure of list) {
		const value = measure.value(a, r);
		if (value != null) {
			const limit = limitOf(measure, limits);
			figures.push({ measure, value, verdict: limit ? verdictOf(limit.limits, value) : null });
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
export function explained(
	m: Measure,
	a: Acoustics,
	limits: readonly SoundLimit[],
	r: SoundReport | undefined,
): string {
	const basis = basisOf(m, r);
	const confidence = basis && basis.confidence !== "none" ? basis.confidence : a.confidence;
	const reason = basis?.reason ? `: ${basis.reason}` : "";
	return [
		"Heard in the recording.",
		basis?.method,
		`Confidence ${confidence}${reason}.`,
		judgedBy(limitOf(m, limits)),
	]
		.filter(Boolean)
		.join(" ");
}

function judgedBy(l: SoundLimit | undefined): string {
	if (!l) return "Not judged.";
	return `${limitWords(l.limits, l.unit)}: ${l.own ? "as this agent's settings say" : l.why}.`;
}

/** The wait that was heard against the vendor's own figure, both medians in ms. */
export function againstClaim(heard: number, claimed: number): string {
	const more = heard - claimed;
	if (Math.abs(more) < 50) return "No difference to speak of";
	return `Heard ${latency(Math.abs(more))} ${more > 0 ? "longer" : "shorter"} than claimed`;
}
