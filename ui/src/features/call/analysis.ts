// What the analysis says of a call, made ready to be shown.

import { share } from "../../lib/format";
import { criteria, wordOf } from "../../lib/words";
import { inProgress } from "./queries";
import type { Call, Finding, Quality, Score, Turn } from "./types";

type Parts = Pick<
	Call,
	"status" | "summary" | "sentiment" | "quality" | "judge" | "scores" | "findings" | "pipeline"
>;

/** Whether there is anything to show. */
export function analysed(call: Parts): boolean {
	return Boolean(
		call.summary ||
			call.sentiment ||
			call.quality ||
			call.judge ||
			call.scores?.length ||
			call.findings?.length,
	);
}

/** Why there is nothing to show; the steps under it have the reasons. */
export function whyNone(call: Parts): string {
	const step = (call.pipeline ?? []).find((s) => s.step === "analysis");
	if (inProgress(call.status) || !step) return "Analysis starts when the call ends.";
	switch (step.status) {
		case "waiting":
			return "This call waits for its analysis.";
		case "running":
			return "The analysis is running.";
		case "failed":
			return "The analysis failed, so there is no summary, score or finding.";
		case "skipped":
			return "This call was not analysed.";
		default:
			return "The analysis ran and found nothing to say of this call.";
	}
}

/** What of the score could be measured. */
export function coverageWords(q: Pick<Quality, "score" | "coverage">): string {
	if (q.score == null) return "None of its parts could be measured.";
	if (q.coverage >= 0.995) return "Every part was measured.";
	return `Rests on ${share(q.coverage, 0)} of its weight; the rest could not be measured.`;
}

export const criterionName = (s: Pick<Score, "criterion" | "name">): string =>
	s.name || wordOf(criteria, s.criterion).text;

const verdictOrder = ["fail", "pass", "unknown", "na"];

/** Failed ones first; those that nobody could settle last. */
export function failedFirst(scores: readonly Score[]): Score[] {
	const place = (s: Score) => (verdictOrder.indexOf(s.verdict) + verdictOrder.length) % verdictOrder.length;
	return [...scores].sort((a, b) => place(a) - place(b));
}

/** The method that all of some results came by, if it is one: then it is said once. */
export function sameMethod(results: readonly { method: string; model?: string }[]): string | undefined {
	const [first, ...others] = results;
	return others.every((r) => r.method === first?.method && r.model === first.model)
		? first?.method
		: undefined;
}

/** Where a finding stands in the call's time: its own word, else its turn's. */
export function findingTime(f: Pick<Finding, "at_ms" | "turn">, turns: Turn[]): number | null {
	return f.at_ms ?? turns.find((t) => t.index === f.turn)?.start_ms ?? null;
}

/** The findings of each turn, by its index. */
export function findingsByTurn(found: readonly Finding[]): Map<number, Finding[]> {
	const out = new Map<number, Finding[]>();
	for (const f of found) if (f.turn != null) out.set(f.turn, [...(out.get(f.turn) ?? []), f]);
	return out;
}

const word = /[\p{L}\p{N}]+/gu;
const stop = /^[.!?…]*/;

/**
 * Where a quote stands in a text, whatever its case and punctuation; null
 * where it does not. Personal data may be masked in the quote.
 */
export function rangeOf(text: string, quote: string | undefined): [number, number] | null {
	const wanted = quote?.toLowerCase().match(word);
	if (!wanted) return null;
	const said = [...text.matchAll(word)];
	const at = said.findIndex((_, i) => wanted.every((w, j) => said[i + j]?.[0].toLowerCase() === w));
	const first = said[at];
	const last = said[at + wanted.length - 1];
	if (!first || !last) return null;
	const end = last.index + last[0].length;
	return [first.index, end + (stop.exec(text.slice(end))?.[0].length ?? 0)];
}
