// How a turn sounds, by an estimate from its sound: which of the estimates are
// worth a word, and the word.

import type { SoundReport } from "./sound";

export type Expression = NonNullable<SoundReport["expressions"]>[number];
type Score = NonNullable<Expression["scores"]>[number];

const words: Record<string, string> = {
	frustration: "frustrated",
	anger: "angry",
	sadness: "sad",
	calm: "calm",
	excitement: "excited",
};

/** From which score a word is said. Half is as usual for calm, so that takes more. */
const least = (name: string) => (name === "calm" ? 0.8 : 0.65);

export interface Voice {
	/** "sounds frustrated, estimate" */
	label: string;
	/** How it was come by, and how far to trust it. */
	why: string;
	upset: boolean;
}

const percent = (s: Score) => `${Math.round(100 * s.score)} of 100`;

/** What to say of a turn; null where nothing stands out, or where it can't be trusted. */
export function voiceOf(e: Expression): Voice | null {
	const s = e.scores?.find((x) => x.confidence !== "low" && x.score >= least(x.name));
	if (!s) return null;
	const rest = (e.scores ?? []).filter((x) => x !== s).map((x) => `${x.name} ${percent(x)}`);
	return {
		label: `sounds ${words[s.name] ?? s.name}, estimate`,
		why: [
			`Estimate from sound: ${s.name} ${percent(s)}, by ${s.method}, against the caller's own first turns.`,
			`Confidence ${s.confidence}.`,
			rest.length > 0 && `Also: ${rest.join(", ")}.`,
		]
			.filter(Boolean)
			.join(" "),
		upset: s.name === "frustration" || s.name === "anger",
	};
}

/** By the turn that they are of. */
export function voicesByTurn(r: SoundReport | undefined): Map<number, Voice> {
	const out = new Map<number, Voice>();
	for (const e of r?.expressions ?? []) {
		const v = voiceOf(e);
		if (v && e.turn != null) out.set(e.turn, v);
	}
	return out;
}
