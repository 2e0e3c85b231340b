import { describe, expect, it } from "vitest";
import { mono, report } from "../../test/recording";
import type { Lanes } from "./lanes";
import { type Alert, responsesOf, responseWords, silencesOf, soundLanes, told, withHeard } from "./sound";
import type { Turn } from "./types";

const nothing: Lanes = { length: 0, segments: [], markers: [], guessed: false };
const marker = { at: 0, label: "", bad: false, turn: null };

const turn = (index: number, start: number, total: number, source: "claimed" | "measured" = "claimed") =>
	({ index, role: "agent", text: "", start_ms: start, latency: { total_ms: total, source } }) as Turn;

describe("what was heard", () => {
	it("puts the agent above, whichever channel it is on", () => {
		const [agent, caller] = soundLanes(report());
		expect(agent).toMatchObject({
			role: "agent",
			spans: [
				{ start: 500, end: 2000 },
				{ start: 5000, end: 6000 },
			],
		});
		expect(caller).toMatchObject({ role: "user", spans: [{ start: 2500, end: 4000 }] });
		expect(Math.max(...(agent?.pairs ?? []))).toBe(80);
		expect(Math.max(...(caller?.pairs ?? []))).toBe(40);
	});

	it("has one lane where nothing tells who speaks", () => {
		const lanes = soundLanes(mono());
		expect(lanes).toHaveLength(1);
		expect(lanes[0]).toMatchObject({ role: "both" });
		expect(lanes[0]?.spans).toHaveLength(3);
		expect(soundLanes(report({ peaks: undefined }))).toEqual([
			{ role: "both", pairs: [], spans: expect.any(Array), muted: [] },
		]);
	});

	it("is muted on the lane of who said it, on both where nobody knows", () => {
		const channel = report().agent_channel?.channel ?? 0;
		const at = (start_ms: number, channel: number | null) =>
			({ start_ms, end_ms: start_ms + 500, channel, kind: "card", method: "words" }) as const;
		const redactions = [at(1000, channel), at(3000, 1 - channel), at(5000, null)];
		const starts = (change: Parameters<typeof report>[0]) =>
			soundLanes(report(change)).map((l) => l.muted.map((m) => m.start));
		expect(starts({ redactions })).toEqual([
			[1000, 5000],
			[3000, 5000],
		]);
		expect(soundLanes(report({ redactions }))[0]?.muted[0]?.end).toBe(1500);
		expect(starts({ redactions, agent_channel: undefined })).toEqual([[1000, 3000, 5000]]);
	});

	it("marks silences, interruptions, the beep and alerts", () => {
		const alert = {
			type: "dead_air",
			severity: "high",
			at_ms: 7000,
			message: "Ten seconds.",
			turn: 3,
		} as Alert;
		const own: Lanes = {
			...nothing,
			markers: [
				{ ...marker, kind: "interruption" },
				{ ...marker, kind: "tool" },
			],
		};
		const { markers, length } = withHeard(own, report(), [alert]);
		expect(length).toBe(10_000);
		expect(markers.map((m) => `${m.at} ${m.label}`)).toEqual([
			"0 ",
			"1800 The caller cut in, the agent stopped after 420 ms",
			"6000 Nobody speaks for 4.00 s, the caller's turn",
			"7000 Dead air. Ten seconds.",
			"9000 An answering machine's beep",
		]);
		expect(markers[3]).toMatchObject({ kind: "alert", severity: "high", turn: 3 });
	});

	it("leaves the vendor's interruptions where none can be heard", () => {
		const own: Lanes = { ...nothing, markers: [{ ...marker, kind: "interruption" }] };
		expect(withHeard(own, mono(), []).markers.map((m) => m.kind)).toEqual([
			"interruption",
			"silence",
			"beep",
		]);
	});

	it("sets the claim beside what was heard", () => {
		const r = report({
			agent_latency: [
				{ at: 5, ms: 1000 },
				{ at: 20, ms: -150 },
			],
		});
		const turns = [
			turn(0, 4600, 700),
			turn(1, 5200, 800),
			turn(2, 12_000, 900),
			turn(3, 20_100, 650, "measured"),
		];
		expect(responsesOf(r, turns)).toEqual([
			{ at: 4600, heard: null, claimed: 700 },
			{ at: 5000, heard: 1000, claimed: 800 },
			{ at: 12_000, heard: null, claimed: 900 },
			{ at: 20_000, heard: -150, claimed: null },
		]);
	});

	it("says a response in words", () => {
		expect(responseWords({ at: 0, heard: 1240, claimed: 800 })).toBe("heard 1.24 s, claimed 800 ms");
		expect(responseWords({ at: 0, heard: -150, claimed: null })).toBe("began 150 ms early");
		expect(responseWords({ at: 0, heard: null, claimed: 800 })).toBe("claimed 800 ms");
	});

	it("tells the waveform in words", () => {
		expect(told(report())).toBe(
			"Waveform of 0:10, agent and caller. The agent has 62 % of the speech. 1 interruption, 1 silence of 2 s or longer.",
		);
		expect(told(mono())).toContain("both speakers on one channel");
	});

	it("takes a report without lists", () => {
		const bare = report({
			silences: undefined,
			silence_of: undefined,
			interruptions: undefined,
			beep: undefined,
		});
		expect(silencesOf(bare)).toEqual([]);
		expect(withHeard(nothing, bare, []).markers).toEqual([]);
	});
});
