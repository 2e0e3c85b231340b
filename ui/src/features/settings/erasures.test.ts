import { describe, expect, it } from "vitest";
import type { Erasure } from "../../lib/erasures";
import { foundWords, removedWords, subjectOf } from "./erasures";

const nothing: Erasure["removed"] = {
	calls: 0,
	recordings: 0,
	deliveries: 0,
	events: 0,
	notes: 0,
	evaluations: 0,
	alerts: 0,
	messages: 0,
	proposals: 0,
	webhooks: 0,
	crm_syncs: 0,
	gaps: 0,
	views: 0,
};

describe("an erasure", () => {
	it("is of an address where there is an @, else of a number", () => {
		expect(subjectOf(" ann@example.com ")).toEqual({ email: "ann@example.com" });
		expect(subjectOf("+1 415 555 0142")).toEqual({ phone: "+1 415 555 0142" });
	});

	it("says before what it would remove", () => {
		expect(foundWords({ calls: 1, recordings: 0, are_lower_bound: false })).toBe("1 call will be erased.");
		expect(foundWords({ calls: 3, recordings: 2, are_lower_bound: false })).toBe(
			"3 calls, 2 of them with recordings will be erased.",
		);
		expect(foundWords({ calls: 3, recordings: 0, are_lower_bound: true })).toContain("At least 3 calls");
		expect(foundWords({ calls: 0, recordings: 0, are_lower_bound: false })).toContain("No call has it");
	});

	it("says afterwards what it removed", () => {
		expect(removedWords(nothing)).toBe("Nothing");
		expect(removedWords({ ...nothing, calls: 2, recordings: 1, events: 9 })).toBe("2 calls, 1 recording");
	});
});
