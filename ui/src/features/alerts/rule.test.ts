import { describe, expect, it } from "vitest";
import { ownRule } from "../../test/alerts";
import type { Condition, Rule } from "./queries";
import { check, conditionOf, draftOf, ofType, thresholdLabel } from "./rule";

const of = (condition: Condition) => draftOf(ownRule({ condition }) as Rule);

const kept: Condition[] = [
	{ type: "score_threshold", operator: "less_than_or_equal", threshold: 61.5 },
	{ type: "sentiment", value: "negative", confidence: 0.7 },
	{ type: "duration", operator: "greater_than", threshold: 1800 },
	{ type: "required_phrase", phrase: "recorded", must_include: true, location: "first_30_seconds" },
	{ type: "required_phrase", phrase: "guarantee", must_include: false, location: "anywhere" },
	{ type: "sensitive_data", detect: ["iban"], action: "mentioned_in_clear" },
	{ type: "tool_error", toolName: "book", consecutiveFailures: 2 },
	{ type: "response_time", operator: "greater_than", threshold: 3.5, consecutive: 3 },
	{ type: "error_rate", operator: "greater_than", threshold: 0.07, timeWindow: "90m" },
	{ type: "custom_rule", prompt: "The agent is rude", everyTurns: 4 },
	{ type: "compliance_issue" },
	{ type: "dead_air", threshold: 10 },
];

describe("a rule in its form", () => {
	it.each(kept)("keeps what it came with: %o", (condition) => {
		const draft = of(condition);
		expect(conditionOf(draft)).toEqual(condition);
		expect(check(draft)).toEqual({});
	});

	it("types a length in minutes and a rate in percent", () => {
		expect(of({ type: "duration", threshold: 1800 }).threshold).toBe("30");
		expect(of({ type: "error_rate", threshold: 0.07, timeWindow: "1h" }).threshold).toBe("7");
	});

	it("names the threshold by how the rule compares", () => {
		const label = (condition: Condition) => thresholdLabel(of(condition));
		expect(label({ type: "duration", threshold: 60 })).toBe("Longer than");
		expect(label({ type: "duration", operator: "less_than", threshold: 60 })).toBe("Shorter than");
		expect(label({ type: "error_rate", operator: "greater_than_or_equal", threshold: 0.1 })).toBe(
			"More than, or equal",
		);
		expect(label({ type: "score_threshold", operator: "less_than", threshold: 60 })).toBe("Score");
		expect(label({ type: "compliance_issue" })).toBe("Threshold");
	});

	it("says what is wrong at its field", () => {
		const draft = draftOf(undefined);
		expect(check(draft)).toEqual({ "/name": "A rule needs a name" });
		const named = { ...draft, name: "x" };
		const wrong = (change: object) => Object.keys(check({ ...named, ...change }));
		expect(wrong({ threshold: "101" })).toEqual(["/condition/threshold"]);
		expect(wrong({ type: "sentiment", confidence: "2" })).toEqual(["/condition/confidence"]);
		expect(wrong({ ...ofType("required_phrase"), within: "" })).toEqual([
			"/condition/phrase",
			"/condition/location",
		]);
		expect(wrong({ type: "custom_rule", everyTurns: "1.5" })).toEqual([
			"/condition/prompt",
			"/condition/everyTurns",
		]);
		expect(wrong({ type: "tool_error", failures: "0" })).toEqual(["/condition/consecutiveFailures"]);
		expect(wrong({ ...ofType("response_time"), answers: "x" })).toEqual(["/condition/consecutive"]);
	});
});
