import { describe, expect, it } from "vitest";
import { report } from "../../test/recording";
import { type Expression, voiceOf, voicesByTurn } from "./voice";

type Score = NonNullable<Expression["scores"]>[number];

const score = (name: string, n: number, confidence: Score["confidence"] = "medium"): Score => ({
	name,
	score: n,
	method: "voice and words",
	confidence,
});
const turn = (...scores: Score[]): Expression => ({ turn: 3, at_ms: 1000, end_ms: 2000, scores });

describe("how a turn sounds", () => {
	it("says the strongest estimate as one, with its method and confidence", () => {
		const v = voiceOf(turn(score("frustration", 0.72), score("calm", 0.2)));
		expect(v?.label).toBe("sounds frustrated, estimate");
		expect(v?.upset).toBe(true);
		expect(v?.why).toBe(
			"Estimate from sound: frustration 72 of 100, by voice and words, against the caller's own first turns. Confidence medium. Also: calm 20 of 100.",
		);
	});

	it("says nothing of weak estimates, of those in noise, and of a usual calm", () => {
		expect(voiceOf(turn(score("anger", 0.6)))).toBeNull();
		expect(voiceOf(turn(score("anger", 0.9, "low")))).toBeNull();
		expect(voiceOf(turn(score("calm", 0.7)))).toBeNull();
		expect(voiceOf(turn(score("calm", 0.85)))?.label).toBe("sounds calm, estimate");
		expect(voiceOf(turn())).toBeNull();
	});

	it("finds the turns of a transcript", () => {
		const r = report({
			expressions: [turn(score("anger", 0.8)), { ...turn(score("anger", 0.8)), turn: null }],
		});
		expect([...voicesByTurn(r).keys()]).toEqual([3]);
		expect(voicesByTurn(undefined).size).toBe(0);
	});
});
