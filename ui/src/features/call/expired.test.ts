import { describe, expect, it } from "vitest";
import { expiredWords, wordless } from "./expired";
import type { Call, Turn } from "./types";

const expired: Call["expired"] = [
	{ part: "recording", days: 7, at: "2026-11-01T00:00:00Z" },
	{ part: "transcript", days: 1, at: "2026-11-02T00:00:00Z" },
];
const turn = (text: string): Turn => ({
	index: 0,
	role: "user",
	text,
	start_ms: null,
	end_ms: null,
	interrupted: false,
});

describe("what retention removed", () => {
	it("is said with its days, and of nothing else", () => {
		expect(expiredWords({ expired }, "recording")).toBe(
			"The recording was removed after 7 days by this agent's retention.",
		);
		expect(expiredWords({ expired }, "transcript")).toContain("after 1 day by");
		expect(expiredWords({}, "transcript")).toBeUndefined();
	});

	it("leaves a call without words until a late report brings some", () => {
		expect(wordless({ expired, turns: [turn("")] })).toBe(true);
		expect(wordless({ expired, turns: [turn("late")] })).toBe(false);
		expect(wordless({ turns: [turn("")] })).toBe(false);
	});
});
