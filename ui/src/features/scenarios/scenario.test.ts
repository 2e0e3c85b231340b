import { describe, expect, it } from "vitest";
import { bodyOf, check, draftOf, expectedWords, runState, scheduleWords } from "./scenario";

describe("a scenario's form", () => {
	it("gives back what it was given", () => {
		const draft = {
			...draftOf(undefined, "Europe/Berlin"),
			name: " Refund ",
			mustSay: "on its way\n\n goodbye ",
			tools: "find_order",
			alerts: ["dead_air"],
			minQuality: "70",
			success: "false" as const,
			kind: "daily" as const,
		};
		const body = bodyOf(draft);
		expect(body).toMatchObject({
			name: "Refund",
			calls: 1,
			schedule: { kind: "daily", at: "07:30", timezone: "Europe/Berlin" },
			expect: {
				must_say: ["on its way", "goodbye"],
				tools: ["find_order"],
				alerts: ["dead_air"],
				min_quality: 70,
				success: false,
			},
		});
		expect(body.expect).not.toHaveProperty("must_not_say");
	});

	it("says what would be refused", () => {
		const draft = {
			...draftOf(undefined, "UTC"),
			script: " ",
			calls: "51",
			kind: "hours" as const,
			everyHours: "0.5",
			minQuality: "101",
			maxResponse: "0",
		};
		expect(Object.keys(check(draft))).toEqual([
			"/name",
			"/script",
			"/calls",
			"/schedule/every_hours",
			"/expect/min_quality",
			"/expect/max_response_p95_ms",
		]);
		expect(check({ ...draftOf(undefined, "UTC"), name: "x", kind: "daily", at: "7:30" })).toHaveProperty(
			"/schedule/at",
		);
		expect(check({ ...draftOf(undefined, "UTC"), name: "x" })).toEqual({});
	});
});

describe("a scenario in words", () => {
	it("tells when it is played", () => {
		expect(scheduleWords({ schedule: { kind: "off" }, active: true })).toBe("By hand");
		expect(scheduleWords({ schedule: { kind: "hours", every_hours: 1 }, active: true })).toBe("Every 1 hour");
		expect(scheduleWords({ schedule: { kind: "daily", at: "07:30" }, active: false })).toBe(
			"Daily at 07:30, UTC; switched off",
		);
	});

	it("tells what a run came to once it is done", () => {
		expect(runState({ state: "running", result: "unknown" }).text).toBe("Calls are on");
		expect(runState({ state: "done", result: "failed" }).text).toBe("Failed");
		expect(runState({ state: "cut_off", result: "unknown" }).text).toBe("Cut off");
	});

	it("tells what was expected", () => {
		const e = { must_not_say: ["a", "b"], alerts: ["dead_air" as const], success: false };
		expect(expectedWords("must_not_say/1", e)).toBe("Does not say “b”");
		expect(expectedWords("alerts/0", e)).toBe("Alert: Dead air");
		expect(expectedWords("success", e)).toBe("Does not do what it is for");
		expect(expectedWords("analysis", e)).toBe("Analysis");
	});
});
