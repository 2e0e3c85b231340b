import { describe, expect, it } from "vitest";
import { verdictOf } from "../../lib/sound";
import { acoustics, mono, report, soundLimits } from "../../test/recording";
import { againstClaim, explained, figuresOf, measures } from "./verdicts";

const measure = (name: string) => {
	const m = measures.find((x) => x.name === name);
	if (!m) throw new Error(`no measure is named ${name}`);
	return m;
};

describe("what a figure of the sound means", () => {
	it.each([
		["Median response", [-600, -300, 0, 1500, 1501, 2500, 2501], "bad watch good good watch watch bad"],
		["P95 response", [900, 3500, 3501, 5001], "good good watch bad"],
		["Agent's share of talk", [0.1, 0.2, 0.35, 0.65, 0.7, 0.81], "bad watch good good watch bad"],
		["Interruptions by the agent", [0, 1, 2, 3, 4], "good good watch watch bad"],
		["Longest silence", [0, 3000, 6000, 6001], "good good watch bad"],
		["Both speak at once", [0.08, 0.081, 0.9], "good watch watch"],
		["Agent's words", [90, 130, 190, 240], "watch good good watch"],
		["Caller's speech to noise", [11.9, 12, 20, 60], "bad watch good good"],
	])("%s", (name, values, verdicts) => {
		const l = soundLimits.find((x) => x.figure === measure(name).figure);
		expect(values.map((n) => l && verdictOf(l.limits, n)).join(" ")).toBe(verdicts);
	});

	it("says nothing of what the caller does, nor before the limits are there", () => {
		const judged = (limits: typeof soundLimits) =>
			figuresOf({ ...acoustics, wpm_customer: 300 }, limits)
				.figures.filter((f) => f.verdict)
				.map((f) => f.measure.name);
		expect(judged(soundLimits)).not.toContain("Interruptions by the caller");
		expect(judged(soundLimits)).not.toContain("Caller's words");
		expect(judged(soundLimits)).toContain("Median response");
		expect(judged([])).toEqual([]);
	});

	it("goes by the limits that an agent's settings say", () => {
		const own = soundLimits.map((l) =>
			l.figure === "response_p50_ms"
				? { ...l, own: true, limits: { good_from: null, good_to: 800, watch_from: null, watch_to: 1000 } }
				: l,
		);
		const first = figuresOf(acoustics, own).figures[0];
		expect(first).toMatchObject({ value: 1240, verdict: "bad" });
		expect(explained(measure("Median response"), acoustics, own, undefined)).toContain(
			"Good up to 800 ms, watch up to 1.00 s: as this agent's settings say.",
		);
	});

	it("has words for every verdict that limits can give", () => {
		for (const m of measures.filter((x) => x.figure)) {
			expect(m.words?.good && m.words.watch && m.words.bad, m.name).toBeTruthy();
			expect(soundLimits.map((l) => l.figure)).toContain(m.figure);
		}
	});

	it("shows what was measured, and says why the rest was not", () => {
		const { figures, missing } = figuresOf(acoustics, soundLimits, report());
		expect(figures.map((f) => f.measure.name)).not.toContain("P95 response");
		expect(missing).toEqual([
			{ reason: "it takes 10 responses, and there are 5", names: ["P95 response"] },
			{ reason: "there is no transcript with words to count", names: ["Caller's words"] },
		]);
	});

	it("takes no silence for a figure, not for a missing one", () => {
		const { figures } = figuresOf({ ...acoustics, silences: 0, longest_silence_ms: null }, soundLimits);
		const silence = figures.find((f) => f.measure.name === "Longest silence");
		expect(silence).toMatchObject({ value: 0, verdict: "good" });
		expect(silence?.measure.show(0)).toBe("None of 2 s");
	});

	it("tells the line's noise where the sides are on one channel, and the rest once", () => {
		const why = "both speakers are on one channel";
		const one = {
			...acoustics,
			agent_channel: null,
			talk_ratio: null,
			response_p50_ms: null,
			interruptions_by_agent: null,
			interruptions_by_customer: null,
			overlap_ratio: null,
			snr_agent_db: null,
			snr_customer_db: null,
			wpm_agent: null,
		};
		const basis = ["p50_ms", "p95_ms", "talk_ratio_agent", "interruptions", "overlap_s", "wpm"].map(
			(metric) => ({
				metric,
				method: "",
				confidence: "none" as const,
				reason: why,
			}),
		);
		const metrics = { ...mono().metrics, mono: { snr_db: 18, level_dbfs: -20, clipped_ratio: 0 } };
		const r = { ...mono(), basis, metrics } as ReturnType<typeof mono>;
		const { figures, missing } = figuresOf(one, soundLimits, r);
		expect(figures.map((f) => `${f.measure.name} ${f.verdict}`)).toEqual([
			"Longest silence watch",
			"Speech to noise watch",
		]);
		expect(missing.map((m) => m.reason)).toEqual([why]);
	});

	it("explains the method, the confidence and the limits", () => {
		expect(explained(measure("Median response"), acoustics, soundLimits, report())).toBe(
			"Heard in the recording. Between turns. Confidence high. Good from −200 ms to 1.50 s, watch from −500 ms to 2.50 s: we say so.",
		);
		expect(
			explained(measure("Caller's words"), { ...acoustics, confidence: "low" }, soundLimits, undefined),
		).toBe("Heard in the recording. Confidence low. Not judged.");
	});

	it("sets what was heard against the claim", () => {
		expect(againstClaim(2350, 1200)).toBe("Heard 1.15 s longer than claimed");
		expect(againstClaim(900, 1200)).toBe("Heard 300 ms shorter than claimed");
		expect(againstClaim(1210, 1200)).toBe("No difference to speak of");
	});
});
