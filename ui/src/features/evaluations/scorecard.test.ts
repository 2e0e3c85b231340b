import { describe, expect, it } from "vitest";
import type { Criterion, Scorecard } from "./queries";
import {
	bodyOf,
	check,
	draftOf,
	newCategory,
	pointersOf,
	type ScorecardDraft,
	weightTotal,
} from "./scorecard";

const at = "2026-11-20T09:00:00Z";

const scorecard = (criteria: Criterion[]): Scorecard => ({
	id: "scorecard_1",
	name: "Support",
	description: "",
	version: 3,
	pass_mark: 70,
	categories: [{ name: "Opening", weight: 100, criteria }],
	created_at: at,
	updated_at: at,
	used_by: [],
});

/** A draft of one criterion, changed. */
function draft(change: Partial<ScorecardDraft["categories"][number]["criteria"][number]>): ScorecardDraft {
	const d = draftOf(scorecard([{ name: "Greets" }]));
	for (const c of d.categories) c.criteria = c.criteria.map((k) => ({ ...k, ...change }));
	return d;
}

const sent = (d: ScorecardDraft) => bodyOf(d).categories[0]?.criteria[0];

describe("the weights of categories", () => {
	const total = (...weights: string[]) => weightTotal(weights.map((weight) => ({ weight })));

	it("come to 100, a rounding aside", () => {
		expect(total("60", "40")).toEqual({ total: 100, problem: null });
		expect(total("33.33", "33.33", "33.33").problem).toBeNull();
		expect(total("33,4", "66,6").problem).toBeNull();
	});

	it("say what is missing or too much", () => {
		expect(total("60", "30")).toEqual({ total: 90, problem: "10 % are missing: give them to a category" });
		expect(total("60", "50.5").problem).toBe("10.5 % too much: take them from a category");
		expect(total("", "x").total).toBe(0);
	});
});

describe("a scorecard's draft", () => {
	it("is sent as it came, with the keys that make versions comparable", () => {
		const criteria: Criterion[] = [
			{
				key: "greets",
				name: "Greets",
				description: "Says hello.",
				type: "pass_fail",
				weight: 2,
				examples: { good: ["Hello", "Good day"], bad: ["Yes?"] },
				critical: true,
				rule: { kind: "says", phrases: ["hello"], within_seconds: 10 },
			},
			{
				key: "reason",
				name: "Reason",
				type: "enum",
				weight: 1,
				pass_at: 50,
				options: [
					{ value: "Booking", score: 100 },
					{ value: "None", score: null },
				],
			},
			{ key: "holds", name: "Holds", type: "number", weight: 1, min: 0, max: 5, fewer_is_better: true },
		];
		const body = bodyOf(draftOf(scorecard(criteria)));
		expect(body).toMatchObject({ name: "Support", pass_mark: 70, categories: [{ weight: 100, criteria }] });
	});

	it("leaves out what was typed for another type", () => {
		const options = [{ value: "a", score: "1" }];
		expect(sent(draft({ type: "score_100", min: "1", options, rule: "says" }))).not.toHaveProperty("options");
		expect(sent(draft({ type: "score_100", min: "x", rule: "says" }))).not.toHaveProperty("rule");
		expect(check(draft({ type: "score_100", min: "x" }))).toEqual({});
		expect(sent(draft({ type: "text", weight: "5", critical: true }))).toMatchObject({
			weight: 0,
			critical: false,
		});
	});

	it("takes one example a line, and no empty ones", () => {
		expect(sent(draft({ good: " Hello \n\nGood day\n" }))?.examples?.good).toEqual(["Hello", "Good day"]);
	});

	it("points at what would be refused", () => {
		const d = draft({ name: " ", weight: "much" });
		d.categories.push(newCategory("20"));
		expect(Object.keys(check({ ...d, name: "", passMark: "" }))).toEqual([
			"/name",
			"/pass_mark",
			"/categories/0/criteria/0/name",
			"/categories/0/criteria/0/weight",
			"/categories/1/name",
			"/categories/1/criteria/0/name",
			"/categories",
		]);
		expect(pointersOf(d)).toEqual(expect.arrayContaining(Object.keys(check(d))));
	});
});
