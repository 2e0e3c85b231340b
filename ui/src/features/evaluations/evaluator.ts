// An evaluator as its form holds it. Pure, so that it can be tested without a page.

import { plural } from "../../lib/format";
import type { Evaluator, EvaluatorBody } from "./queries";

/** In an evaluator's agents: every agent, also those to come. */
export const everyAgent = "all";

/** A rate from 0 to 1 in percent, without the noise of binary fractions. */
export const percent = (rate: number): number => Math.round(rate * 10_000) / 100;

/** Whose calls an evaluator judges by itself: "every agent's calls", "the calls of Wren". */
export function watches(ids: readonly string[], names: ReadonlyMap<string, string>): string {
	if (ids.includes(everyAgent)) return "every agent's calls";
	const [only = ""] = ids;
	if (ids.length === 1) return `the calls of ${names.get(only) ?? "an agent"}`;
	return `the calls of ${plural(ids.length, "agent")}`;
}

export interface EvaluatorDraft {
	name: string;
	by: "scorecard" | "criteria";
	scorecard: string;
	criteria: string[];
	model: string;
	agents: string[];
	/** In percent, as typed. */
	rate: string;
	enabled: boolean;
}

export function draftOf(e: Evaluator | undefined): EvaluatorDraft {
	return {
		name: e?.name ?? "",
		by: e && !e.scorecard_id ? "criteria" : "scorecard",
		scorecard: e?.scorecard_id ?? "",
		criteria: e?.criteria ?? [],
		model: e?.model ?? "",
		agents: e?.agent_ids ?? [],
		rate: String(percent(e?.sampling_rate ?? 1)),
		enabled: e?.enabled ?? true,
	};
}

/** What is sent. Giving a scorecard takes the criteria away, and the other way round. */
export function bodyOf(d: EvaluatorDraft): EvaluatorBody {
	return {
		name: d.name.trim(),
		...(d.by === "scorecard" ? { scorecard_id: d.scorecard } : { criteria: d.criteria }),
		model: d.model.trim(),
		agent_ids: d.agents,
		sampling_rate: Number(d.rate) / 100,
		enabled: d.enabled,
	};
}

/** What would be refused, by the field's pointer. */
export function check(d: EvaluatorDraft): Record<string, string> {
	const out: Record<string, string> = {};
	if (!d.name.trim()) out["/name"] = "An evaluator needs a name";
	if (d.by === "scorecard" && !d.scorecard) out["/scorecard_id"] = "Choose a scorecard";
	if (d.by === "criteria" && d.criteria.length === 0) out["/criteria"] = "Name at least one criterion";
	const rate = Number(d.rate);
	if (d.rate.trim() === "" || !(rate >= 0 && rate <= 100))
		out["/sampling_rate"] = "Enter a number from 0 to 100";
	return out;
}

/** Every agent takes the place of the others; naming one after it takes its place. */
export function chooseAgents(before: string[], after: string[]): string[] {
	if (!after.includes(everyAgent)) return after;
	return before.includes(everyAgent)
		? after.filter((id) => id !== everyAgent || after.length === 1)
		: [everyAgent];
}
