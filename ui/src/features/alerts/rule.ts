// A rule as its form holds it. Pure, so that it can be tested without a page.

import type { Condition, Rule, RuleBody } from "./queries";
import { withinSeconds } from "./words";

export type ConditionType = Condition["type"];

/** What a rule of the team's own can look for, and how it reads in the list of choices. */
export const conditionTypes: { value: ConditionType; label: string }[] = [
	{ value: "score_threshold", label: "Quality score" },
	{ value: "sentiment", label: "Sentiment of the caller" },
	{ value: "duration", label: "Length of the call" },
	{ value: "required_phrase", label: "A phrase that must or must not be said" },
	{ value: "sensitive_data", label: "Sensitive data" },
	{ value: "tool_error", label: "A tool that fails" },
	{ value: "response_time", label: "Wait for an answer" },
	{ value: "error_rate", label: "Share of failed calls" },
	{ value: "custom_rule", label: "What a language model finds" },
];

/** How a threshold is typed: its name, its unit, how many of the wire's units one is, and its bounds as typed. */
export interface Measure {
	label: string;
	/** Its name where the rule is about too little. */
	under?: string;
	unit: string;
	factor: number;
	min: number;
	max: number;
}

export const measures: Partial<Record<ConditionType, Measure>> = {
	score_threshold: { label: "Score", unit: "of 100", factor: 1, min: 0, max: 100 },
	duration: { label: "Longer than", under: "Shorter than", unit: "min", factor: 60, min: 0.1, max: 10_080 },
	response_time: { label: "Longer than", under: "Shorter than", unit: "s", factor: 1, min: 0.1, max: 600 },
	error_rate: { label: "More than", under: "Less than", unit: "%", factor: 0.01, min: 0, max: 100 },
	dead_air: { label: "Nobody speaks for", unit: "s", factor: 1, min: 1, max: 3600 },
};

/** Figures are held as they are typed. */
export interface RuleDraft {
	name: string;
	severity: Rule["severity"];
	agents: string[];
	active: boolean;
	type: ConditionType;
	threshold: string;
	operator: Condition["operator"];
	mood: NonNullable<Condition["value"]>;
	confidence: string;
	phrase: string;
	/** In seconds; empty: at any time. */
	within: string;
	mustSay: boolean;
	prompt: string;
	everyTurns: string;
	detect: string[];
	action: Condition["action"];
	tool: string;
	failures: string;
	answers: string;
	window: string;
}

/** The name of the threshold's field, by how the rule compares. */
export function thresholdLabel({ type, operator }: Pick<RuleDraft, "type" | "operator">): string {
	const m = measures[type];
	const label = (operator?.startsWith("less_than") && m?.under) || m?.label || "Threshold";
	return operator?.endsWith("_or_equal") && m?.under ? `${label}, or equal` : label;
}

const text = (n: number | undefined): string => (n === undefined ? "" : String(n));

/** Without the noise of binary fractions. */
const round = (n: number): number => Math.round(n * 10_000) / 10_000;

export function draftOf(r: Rule | undefined): RuleDraft {
	const c: Condition = r?.condition ?? { type: "score_threshold", threshold: 60, operator: "less_than" };
	const factor = measures[c.type]?.factor ?? 1;
	return {
		name: r?.name ?? "",
		severity: r?.severity ?? "medium",
		agents: r?.agents.filter((a) => a !== "all") ?? [],
		active: r?.active ?? true,
		type: c.type,
		threshold: c.threshold === undefined ? "" : text(round(c.threshold / factor)),
		operator: c.operator,
		mood: c.value || "negative",
		confidence: text(c.confidence),
		phrase: c.phrase ?? "",
		within: text(withinSeconds(c.location) ?? undefined),
		mustSay: c.must_include ?? true,
		prompt: c.prompt ?? "",
		everyTurns: text(c.everyTurns),
		detect: c.detect ?? [],
		action: c.action,
		tool: c.toolName ?? "",
		failures: text(c.consecutiveFailures),
		answers: text(c.consecutive),
		window: c.timeWindow || "1h",
	};
}

/** What a type begins with when it is chosen. */
const begins: Partial<Record<ConditionType, Partial<RuleDraft>>> = {
	score_threshold: { threshold: "60", operator: "less_than" },
	duration: { threshold: "30" },
	response_time: { threshold: "3" },
	error_rate: { threshold: "10" },
	required_phrase: { within: "30", mustSay: true },
};

export function ofType(type: ConditionType): Partial<RuleDraft> {
	return { type, operator: undefined, threshold: "", ...begins[type] };
}

const maybe = <K extends string>(key: K, typed: string): Partial<Record<K, number>> =>
	typed.trim() ? ({ [key]: Number(typed) } as Record<K, number>) : {};

function figure(d: RuleDraft): Pick<Condition, "threshold" | "operator"> {
	const factor = measures[d.type]?.factor ?? 1;
	const operator = d.operator ? { operator: d.operator } : {};
	return d.threshold.trim() ? { threshold: round(Number(d.threshold) * factor), ...operator } : operator;
}

function phrase(d: RuleDraft): Partial<Condition> {
	const location = d.within.trim() ? `first_${d.within.trim()}_seconds` : "anywhere";
	return { phrase: d.phrase.trim(), must_include: d.mustSay, location };
}

const parts: Partial<Record<ConditionType, (d: RuleDraft) => Partial<Condition>>> = {
	score_threshold: figure,
	duration: figure,
	dead_air: figure,
	response_time: (d) => ({ ...figure(d), ...maybe("consecutive", d.answers) }),
	error_rate: (d) => ({ ...figure(d), timeWindow: d.window.trim() }),
	sentiment: (d) => ({ value: d.mood, ...maybe("confidence", d.confidence) }),
	required_phrase: phrase,
	custom_rule: (d) => ({ prompt: d.prompt.trim(), ...maybe("everyTurns", d.everyTurns) }),
	sensitive_data: (d) => ({
		...(d.detect.length > 0 ? { detect: d.detect } : {}),
		...(d.action ? { action: d.action } : {}),
	}),
	tool_error: (d) => ({
		...(d.tool.trim() ? { toolName: d.tool.trim() } : {}),
		...maybe("consecutiveFailures", d.failures),
	}),
};

export function conditionOf(d: RuleDraft): Condition {
	return { type: d.type, ...parts[d.type]?.(d) };
}

export function bodyOf(d: RuleDraft): RuleBody {
	return {
		name: d.name.trim(),
		severity: d.severity,
		agents: d.agents,
		active: d.active,
		condition: conditionOf(d),
	};
}

const outside = (typed: string, min: number, max: number): boolean => {
	const n = Number(typed);
	return typed.trim() === "" || !(n >= min && n <= max);
};

const wholeNumber = (typed: string, max: number): string | undefined =>
	typed.trim() && (outside(typed, 1, max) || !Number.isInteger(Number(typed)))
		? `Enter a whole number from 1 to ${max}`
		: undefined;

/** What would be refused of the condition, by the field's pointer. */
export function checkCondition(d: RuleDraft): Record<string, string> {
	const out: Record<string, string> = {};
	const put = (at: string, wrong: string | false | undefined) => {
		if (wrong) out[`/condition/${at}`] = wrong;
	};
	const m = measures[d.type];
	if (m) {
		put("threshold", outside(d.threshold, m.min, m.max) && `Enter a number from ${m.min} to ${m.max}`);
	}
	if (d.type === "sentiment" && d.confidence.trim()) {
		put("confidence", outside(d.confidence, 0, 1) && "Enter a number from 0 to 1");
	}
	if (d.type === "required_phrase") {
		put("phrase", !d.phrase.trim() && "Write the phrase");
		put("location", d.within.trim() ? wholeNumber(d.within, 7200) : d.mustSay && "Say by which second");
	}
	if (d.type === "custom_rule") {
		put("prompt", !d.prompt.trim() && "Write what the language model is to look for");
		put("everyTurns", wholeNumber(d.everyTurns, 100));
	}
	if (d.type === "tool_error") put("consecutiveFailures", wholeNumber(d.failures, 100));
	if (d.type === "response_time") put("consecutive", wholeNumber(d.answers, 100));
	return out;
}

export function check(d: RuleDraft): Record<string, string> {
	return { ...(d.name.trim() ? {} : { "/name": "A rule needs a name" }), ...checkCondition(d) };
}

/** The fields that have a place in the form. */
export const rulePointers = [
	"/name",
	"/severity",
	"/agents",
	...[
		"type",
		"threshold",
		"operator",
		"value",
		"confidence",
		"phrase",
		"location",
		"prompt",
		"everyTurns",
		"detect",
		"toolName",
		"consecutiveFailures",
		"consecutive",
		"timeWindow",
	].map((f) => `/condition/${f}`),
];
