// How the customer sounded from turn to turn, as bars.

import type { Sentiment, Turn } from "./types";

type TurnSentiment = NonNullable<NonNullable<Sentiment["turns"]>[number]>;

export interface Mood {
	/** The turn that the bar leads to: of several, the one that tells most. */
	turn: number;
	at: number | null;
	text: string;
	/** -1 to 1; of several turns the mean. */
	score: number;
	/** The weight of its signs of frustration; of several turns the most. */
	frustration: number;
	/** How many turns the bar stands for. */
	n: number;
}

/** The turn with the most frustration, else the lowest mood. */
function telling(group: TurnSentiment[]): TurnSentiment | undefined {
	return [...group].sort((a, b) => b.frustration - a.frustration || a.score - b.score)[0];
}

/** At most `most` bars: of a long call each stands for several turns in a row. */
export function moodsOf(sentiments: readonly TurnSentiment[], turns: Turn[], most: number): Mood[] {
	const size = Math.max(1, Math.ceil(sentiments.length / most));
	const places = new Map(turns.map((t) => [t.index, t]));
	const out: Mood[] = [];
	for (let i = 0; i < sentiments.length; i += size) {
		const group = sentiments.slice(i, i + size);
		const top = telling(group);
		if (!top) continue;
		const turn = places.get(top.turn);
		out.push({
			turn: top.turn,
			at: turn?.start_ms ?? null,
			text: turn?.text ?? "",
			score: group.reduce((sum, s) => sum + s.score, 0) / group.length,
			frustration: top.frustration,
			n: group.length,
		});
	}
	return out;
}

/** Nearer to 0 a bar says neither. */
const edge = 0.05;

export type Lean = "positive" | "negative" | "neutral";

export const leanOf = (score: number): Lean =>
	score >= edge ? "positive" : score <= -edge ? "negative" : "neutral";

/** Less than this is in every second turn, and no sign of anything. */
const faint = 0.5;
const strong = 3;

/** How the weight of the signs of frustration reads; null for none worth a mark. */
export function frustrationWord(weight: number): string | null {
	if (weight < faint) return null;
	return weight < strong / 2 ? "weak" : weight < strong ? "clear" : "strong";
}

/** "Negative (−0.62), strong signs of frustration" */
export function moodWords(m: Pick<Mood, "score" | "frustration">): string {
	const lean = leanOf(m.score);
	const score = m.score
		.toFixed(2)
		.replace("-", "−")
		.replace(/^−?0\.00$/, "0");
	const signs = frustrationWord(m.frustration);
	return `${lean.charAt(0).toUpperCase()}${lean.slice(1)} (${score})${signs ? `, ${signs} signs of frustration` : ""}`;
}

const margin = 0.12;
const least = 0.05;

/** An upright bar on an axis where each has a width of 1. */
function bar(i: number, top: number, height: number): string {
	const width = (1 - 2 * margin).toFixed(2);
	return `M${(i + margin).toFixed(2)} ${top.toFixed(3)}h${width}v${height.toFixed(3)}h-${width}z`;
}

/** The bars of one lean as an SVG path, up and down from a middle line at 1. */
export function barPath(moods: Mood[], lean: Lean): string {
	const draw = { positive: up, negative: down, neutral: flat }[lean];
	return moods.map((m, i) => (leanOf(m.score) === lean ? draw(i, sizeOf(m.score)) : "")).join("");
}

const sizeOf = (score: number) => Math.max(least, Math.min(1, Math.abs(score)));
const up = (i: number, size: number) => bar(i, 1 - size, size);
const down = (i: number, size: number) => bar(i, 1, size);
const flat = (i: number) => bar(i, 1 - least, 2 * least);

/** The signs of frustration as an SVG path in a strip one unit high, as tall as they are strong. */
export function markPath(moods: Mood[]): string {
	return moods
		.map((m, i) => {
			const height = Math.min(1, m.frustration / (1.5 * strong));
			return frustrationWord(m.frustration) ? bar(i, 1 - height, height) : "";
		})
		.join("");
}
