import { describe, expect, it } from "vitest";
import type { Condition } from "./queries";
import { conditionWords, placeOf, windowWords } from "./words";

const cases: [Condition, string][] = [
	[{ type: "score_threshold", operator: "less_than", threshold: 70 }, "Quality score below 70"],
	[
		{ type: "sentiment", value: "negative", confidence: 0.7 },
		"The caller's words are negative, strength 0.7 or more",
	],
	[{ type: "duration", operator: "greater_than", threshold: 1800 }, "The call is longer than 30 min"],
	[
		{ type: "required_phrase", phrase: "this call is recorded", location: "first_30_seconds" },
		"“this call is recorded” is not said in the first 30 s",
	],
	[{ type: "required_phrase", phrase: "guarantee", must_include: false }, "“guarantee” is said"],
	[{ type: "sensitive_data", detect: ["iban"] }, "Said in clear: IBAN"],
	[{ type: "tool_error", toolName: "book" }, "The tool book fails 3 times in a row"],
	[
		{ type: "response_time", operator: "greater_than", threshold: 3.5, consecutive: 3 },
		"The wait is above 3.5 s, 3 answers in a row",
	],
	[{ type: "response_time", threshold: 2 }, "The wait for an answer is above 2 s"],
	[
		{ type: "error_rate", operator: "greater_than", threshold: 0.1, timeWindow: "1h" },
		"Share of failed calls above 10 % over 1 hour",
	],
	[{ type: "custom_rule", prompt: "The agent is rude" }, "A language model finds: The agent is rude"],
	[{ type: "dead_air", threshold: 10 }, "Nobody speaks for 10 s"],
];

describe("alert rules in words", () => {
	it.each(cases)("%o", (condition, words) => {
		expect(conditionWords(condition)).toBe(words);
	});

	it("keeps a window that it can't read", () => {
		expect(windowWords("90m30s")).toBe("90m30s");
		expect(windowWords("15m")).toBe("15 minutes");
	});

	it("shows an alert at its turn, else at its second", () => {
		expect(placeOf({ turn: 0, at_ms: 9000 })).toEqual({ turn: 0 });
		expect(placeOf({ turn: null, at_ms: 9400 })).toEqual({ t: 9 });
	});
});
