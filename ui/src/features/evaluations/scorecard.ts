// A scorecard as its editor holds it: numbers and lists as typed. Pure, so
// that it can be tested without a page.

import type { Criterion, Scorecard, ScorecardBody } from "./queries";

export type CriterionType = NonNullable<Criterion["type"]>;
export type RuleKind = NonNullable<Criterion["rule"]>["kind"];

export const types: CriterionType[] = ["pass_fail", "score_100", "score_5", "enum", "number", "text"];
export const ruleKinds: RuleKind[] = ["says", "never_says", "max_duration", "calls_tool"];

export interface OptionDraft {
	value: string;
	/** Empty: the answer means that the criterion does not apply. */
	score: string;
}

export interface CriterionDraft {
	/** For the page alone: what tells it from the others while it is edited. */
	id: number;
	/** Keeps results comparable from version to version; the server makes one of the name. */
	key?: string;
	name: string;
	description: string;
	type: CriterionType;
	weight: string;
	/** One a line, as all texts of several. */
	good: string;
	bad: string;
	levels: string;
	options: OptionDraft[];
	min: string;
	max: string;
	fewer: boolean;
	passAt: string;
	critical: boolean;
	rule: RuleKind | "";
	phrases: string;
	within: string;
	seconds: string;
	tool: string;
}

export interface CategoryDraft {
	id: number;
	name: string;
	description: string;
	weight: string;
	criteria: CriterionDraft[];
}

export interface ScorecardDraft {
	name: string;
	description: string;
	passMark: string;
	categories: CategoryDraft[];
}

/** A score or a weight as one writes it: 33.3, 60. */
export const points = (n: number): string => String(Math.round(n * 10) / 10);

export const criteriaOf = (s: Pick<Scorecard, "categories">): Criterion[] =>
	s.categories.flatMap((c) => c.criteria);

let last = 0;
const nextID = () => ++last;

const typed = (n: number | null | undefined): string => (n == null ? "" : String(n));
const lines = (list: string[] | undefined): string => (list ?? []).join("\n");

function criterionDraft(c: Partial<Criterion>): CriterionDraft {
	return {
		id: nextID(),
		key: c.key,
		name: c.name ?? "",
		description: c.description ?? "",
		type: c.type ?? "pass_fail",
		weight: typed(c.weight ?? 1),
		good: lines(c.examples?.good),
		bad: lines(c.examples?.bad),
		levels: lines(c.levels),
		options: c.options?.map((o) => ({ value: o.value, score: typed(o.score) })) ?? [],
		min: typed(c.min),
		max: typed(c.max),
		fewer: c.fewer_is_better ?? false,
		passAt: typed(c.pass_at),
		critical: c.critical ?? false,
		rule: c.rule?.kind ?? "",
		phrases: lines(c.rule?.phrases),
		within: typed(c.rule?.within_seconds),
		seconds: typed(c.rule?.seconds),
		tool: c.rule?.tool ?? "",
	};
}

export const newCriterion = (): CriterionDraft => criterionDraft({});

export const newCategory = (weight: string): CategoryDraft => ({
	id: nextID(),
	name: "",
	description: "",
	weight,
	criteria: [newCriterion()],
});

/** What the editor shows of a scorecard; one category to begin with. */
export function draftOf(s: Scorecard | undefined): ScorecardDraft {
	if (!s) return { name: "", description: "", passMark: "60", categories: [newCategory("100")] };
	return {
		name: s.name,
		description: s.description,
		passMark: typed(s.pass_mark),
		categories: s.categories.map((c) => ({
			id: nextID(),
			name: c.name,
			description: c.description ?? "",
			weight: typed(c.weight),
			criteria: c.criteria.map(criterionDraft),
		})),
	};
}

const split = (text: string): string[] =>
	text
		.split("\n")
		.map((l) => l.trim())
		.filter(Boolean);

/** A number as typed, with a point or a comma; undefined when it is empty. */
const number = (text: string): number | undefined => {
	const t = text.trim().replace(",", ".");
	return t === "" ? undefined : Number(t);
};

function ruleOf(c: CriterionDraft): Criterion["rule"] {
	switch (c.rule) {
		case "says":
			return { kind: "says", phrases: split(c.phrases), within_seconds: number(c.within) };
		case "never_says":
			return { kind: "never_says", phrases: split(c.phrases) };
		case "max_duration":
			return { kind: "max_duration", seconds: number(c.seconds) };
		case "calls_tool":
			return { kind: "calls_tool", tool: c.tool.trim() };
		default:
			return undefined;
	}
}

/** What belongs to the criterion's type; what was typed for another type is not sent. */
function ofType(c: CriterionDraft): Partial<Criterion> {
	switch (c.type) {
		case "pass_fail":
			return { rule: ruleOf(c) };
		case "score_5":
			return { levels: split(c.levels) };
		case "enum":
			return { options: c.options.map((o) => ({ value: o.value.trim(), score: number(o.score) ?? null })) };
		case "number":
			return { min: number(c.min), max: number(c.max), fewer_is_better: c.fewer };
		default:
			return {};
	}
}

/** Whether a criterion's own pass mark means something: a verdict and a text have none. */
export const hasPassMark = (type: CriterionType): boolean => type !== "pass_fail" && type !== "text";

function criterionOf(c: CriterionDraft): Criterion {
	const text = c.type === "text";
	return {
		...(c.key ? { key: c.key } : {}),
		name: c.name.trim(),
		description: c.description.trim(),
		type: c.type,
		weight: text ? 0 : (number(c.weight) ?? 1),
		examples: { good: split(c.good), bad: split(c.bad) },
		...(hasPassMark(c.type) ? { pass_at: number(c.passAt) } : {}),
		critical: c.critical && !text,
		...ofType(c),
	};
}

export function bodyOf(d: ScorecardDraft): ScorecardBody {
	return {
		name: d.name.trim(),
		description: d.description.trim(),
		pass_mark: number(d.passMark),
		categories: d.categories.map((c) => ({
			name: c.name.trim(),
			description: c.description.trim(),
			weight: number(c.weight) ?? 0,
			criteria: c.criteria.map(criterionOf),
		})),
	};
}

/** What two drafts say is the same, whatever their ids. */
export const sameDraft = (a: ScorecardDraft, b: ScorecardDraft): boolean =>
	JSON.stringify(bodyOf(a)) === JSON.stringify(bodyOf(b));

/** Three times 33.33 is near enough. */
const tolerance = 0.05;

/** What the categories' weights total, and what to do about it; null when they come to 100. */
export function weightTotal(categories: readonly Pick<CategoryDraft, "weight">[]): {
	total: number;
	problem: string | null;
} {
	const sum = categories.reduce((n, c) => n + (number(c.weight) || 0), 0);
	const total = Math.round(sum * 100) / 100;
	const off = Math.round((100 - sum) * 100) / 100;
	if (Math.abs(sum - 100) <= tolerance) return { total, problem: null };
	return {
		total,
		problem:
			off > 0
				? `${off} % are missing: give them to a category`
				: `${-off} % too much: take them from a category`,
	};
}

/** Every place of the form that the server may find fault with. */
export function pointersOf(d: ScorecardDraft): string[] {
	const out = ["/name", "/description", "/pass_mark", "/categories"];
	d.categories.forEach((c, i) => {
		const at = `/categories/${i}`;
		out.push(`${at}/name`, `${at}/weight`, `${at}/criteria`);
		c.criteria.forEach((_, j) => {
			for (const field of criterionFields) out.push(`${at}/criteria/${j}/${field}`);
		});
	});
	return out;
}

const criterionFields = [
	"key",
	"name",
	"description",
	"type",
	"weight",
	"pass_at",
	"critical",
	"levels",
	"options",
	"min",
	"max",
	"examples/good",
	"examples/bad",
	"rule",
	"rule/phrases",
	"rule/within_seconds",
	"rule/seconds",
	"rule/tool",
];

const isNumber = (text: string): boolean => Number.isFinite(number(text) ?? 0);

/** What would be refused for sure: names that are missing, and numbers that are none. */
export function check(d: ScorecardDraft): Record<string, string> {
	const out: Record<string, string> = {};
	const need = (at: string, text: string, what: string) => {
		if (!text.trim()) out[at] = what;
	};
	const figure = (at: string, text: string) => {
		if (!isNumber(text)) out[at] = "Enter a number";
	};
	need("/name", d.name, "A scorecard needs a name");
	figure("/pass_mark", d.passMark);
	need("/pass_mark", d.passMark, "Enter a number from 0 to 100");
	d.categories.forEach((c, i) => {
		const at = `/categories/${i}`;
		need(`${at}/name`, c.name, "A category needs a name");
		figure(`${at}/weight`, c.weight);
		for (const [j, k] of c.criteria.entries()) Object.assign(out, checkCriterion(k, `${at}/criteria/${j}`));
	});
	const { problem } = weightTotal(d.categories);
	if (problem) out["/categories"] = problem;
	return out;
}

/** Only what the type shows is looked at: what was typed for another type is not sent. */
function checkCriterion(k: CriterionDraft, at: string): Record<string, string> {
	const out: Record<string, string> = {};
	if (!k.name.trim()) out[`${at}/name`] = "A criterion needs a name";
	const figures: [string, string, boolean][] = [
		["weight", k.weight, k.type !== "text"],
		["pass_at", k.passAt, hasPassMark(k.type)],
		["min", k.min, k.type === "number"],
		["max", k.max, k.type === "number"],
		["rule/within_seconds", k.within, k.type === "pass_fail" && k.rule === "says"],
		["rule/seconds", k.seconds, k.type === "pass_fail" && k.rule === "max_duration"],
	];
	for (const [field, text, shown] of figures)
		if (shown && !isNumber(text)) out[`${at}/${field}`] = "Enter a number";
	if (k.type === "enum" && k.options.some((o) => !isNumber(o.score)))
		out[`${at}/options`] = "A score is a number from 0 to 100";
	return out;
}
