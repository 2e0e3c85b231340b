import { describe, expect, it } from "vitest";
import { golden } from "../../test/golden";
import { asides, lanesOf, pathOf, segmentsOf, ticks, turnAt } from "./lanes";
import { longest, medianTotal, partsOf, turnLatencies } from "./latency";
import { filterLog, kindCounts, kindWord, titleOf, withoutEchoes } from "./log";
import { sourcesOf, whySilent } from "./recordings";
import { findIn, rowsOf, whyEmpty } from "./said";
import { tabOf, validateCallSearch } from "./search";
import type { LogEntry, Turn } from "./types";

const vapi = golden("vapi", "end-of-call-report");
const eleven = golden("elevenlabs", "post_call_transcription");

const turn = (index: number, change: Partial<Turn> = {}): Turn => ({
	index,
	role: index % 2 ? "user" : "agent",
	text: "words",
	start_ms: index * 1000,
	end_ms: index * 1000 + 800,
	interrupted: false,
	...change,
});

describe("lanes", () => {
	it("draws every turn with the vendor's times", () => {
		const lanes = lanesOf(vapi);
		expect(lanes.segments).toHaveLength(11);
		expect(lanes.guessed).toBe(false);
		expect(lanes.length).toBe(57_412);
		expect(lanes.markers.map((m) => m.kind)).toEqual(["tool", "tool", "interruption", "tool"]);
	});

	it("guesses the ends that are missing, never past the next turn", () => {
		const [first, second] = segmentsOf([
			turn(0, { end_ms: null, text: "a".repeat(500) }),
			turn(1, { end_ms: null, text: "b" }),
		]);
		expect(first).toMatchObject({ start: 0, end: 1000, guessed: true });
		expect(second).toMatchObject({ start: 1000, end: 1600, guessed: true });
	});

	it("leaves out turns without a time, and marks a tool that failed", () => {
		expect(segmentsOf([turn(0, { start_ms: null, end_ms: null })])).toEqual([]);
		const failed = lanesOf(eleven).markers.find((m) => m.bad);
		expect(failed).toMatchObject({ kind: "tool", label: "reschedule_delivery failed", at: 9000 });
	});

	it("knows who speaks at a moment, also where turns overlap", () => {
		const s = segmentsOf([turn(0, { end_ms: 5000 }), turn(1)]);
		expect([turnAt(s, -1), turnAt(s, 0), turnAt(s, 999), turnAt(s, 1000), turnAt(s, 99_000)]).toEqual([
			-1, 0, 0, 1, 1,
		]);
	});

	it("puts round moments on the axis", () => {
		expect(ticks(57_412, 8)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
		expect(ticks(0, 8)).toEqual([]);
		expect(ticks(50 * 3_600_000, 8).length).toBeLessThanOrEqual(9);
	});

	it("moves pins aside that would hide each other", () => {
		const places = asides([0, 100, 5000, 5001, 5002], 57_412);
		for (const [i, want] of [0, 0.9, 0, 1, 2].entries()) expect(places[i]).toBeCloseTo(want, 1);
	});

	it("keeps pins on the axis, however many stand at its end", () => {
		const times = [57_000, 57_100, 57_412, 60_000];
		const width = 57_412 * 0.016;
		const at = asides(times, 57_412).map((n, i) => Math.min(times[i] ?? 0, 57_412) + n * width);
		expect(Math.max(...at)).toBeLessThanOrEqual(57_412);
		for (let i = 1; i < at.length; i++) expect((at[i] ?? 0) - (at[i - 1] ?? 0)).toBeCloseTo(width, 3);
		expect(asides([0, 0], 0)).toEqual([0, 0]);
	});

	it("keeps a drawing inside its axis", () => {
		expect(pathOf([{ start: 500, end: 5000 }], 1000, 1000)).toBe("M500.0 0h500.0v1h-500.0z");
		expect(pathOf([], 1000, 1000)).toBe("");
	});
});

describe("latency", () => {
	it("stacks the parts of each turn up to its total", () => {
		const all = turnLatencies(vapi.turns ?? []);
		expect(all).toHaveLength(5);
		expect(medianTotal(all)).toBe(2310);
		expect(longest(all)).toBe(2450);
		expect(all[0]?.parts.map((p) => [p.name, p.from, p.ms])).toEqual([
			["endpointing", 0, 410],
			["transcription", 410, 96],
			["model", 506, 412],
			["voice", 918, 402],
			["unattributed", 1320, 40],
		]);
	});

	it("takes the sum where there is no total, and no part that is negative", () => {
		const latency = {
			source: "claimed" as const,
			total_ms: null,
			model_first_token_ms: 300,
			unattributed_ms: -20,
		};
		expect(partsOf(latency)).toEqual([{ name: "model", from: 0, ms: 300 }]);
		expect(turnLatencies([turn(0, { latency })])[0]).toMatchObject({ total: 300, totalGiven: false });
		expect(turnLatencies([turn(0, { latency: { source: "claimed", total_ms: null } })])).toEqual([]);
		expect(medianTotal([])).toBeNull();
	});
});

describe("the transcript's rows", () => {
	it("stand in the order of the call, tools behind the turn that led to them", () => {
		expect(rowsOf(vapi).map((r) => r.key)).toEqual([
			"turn-0",
			"turn-1",
			"turn-2",
			"turn-3",
			"tool-0",
			"turn-4",
			"turn-5",
			"tool-1",
			"turn-6",
			"turn-7",
			"tool-2",
			"turn-8",
			"turn-9",
			"turn-10",
		]);
	});

	it("join an interruption to the turn that it cut off", () => {
		const cut = rowsOf(vapi).find((r) => r.kind === "turn" && r.cut);
		expect(cut).toMatchObject({ turn: { index: 6 }, cut: { by: "user", at_ms: 37_800 } });
	});

	it("place what names no turn by its time, or first", () => {
		const tool = {
			id: "a",
			name: "t",
			arguments: null,
			result: null,
			start_ms: 1500,
			end_ms: null,
			turn: null,
		};
		const rows = rowsOf({
			turns: [turn(0), turn(1), turn(2)],
			tool_calls: [tool, { ...tool, id: "b", start_ms: null }],
			interruptions: [{ by: "agent", at_ms: 2100 }],
		});
		expect(rows.map((r) => r.key)).toEqual(["tool-1", "turn-0", "turn-1", "tool-0", "turn-2", "cut-0"]);
	});

	it("find every place in turns, and a tool call once, by any of its words", () => {
		const rows = rowsOf(vapi);
		expect(findIn(rows, "THREE").length).toBe(4);
		expect(findIn(rows, "LD-4417")).toEqual([{ row: 10, range: null }]);
		expect(findIn(rows, "lookup_patient")).toEqual([{ row: 4, range: null }]);
		expect(findIn(rows, "a.c(")).toEqual([]);
		expect(findIn(rows, "  ")).toEqual([]);
		const [first] = findIn(rows, "cleaning");
		expect(first).toEqual({ row: 1, range: [26, 34] });
	});

	it("are few for a call without any, with the reason", () => {
		const missed = golden("vapi", "end-of-call-report.no-answer");
		expect(rowsOf(missed)).toEqual([]);
		expect(whyEmpty(missed, "Vapi").text).toContain("Nobody answered");
		const withheld = golden("elevenlabs", "post_call_transcription.deleted");
		expect(whyEmpty(withheld, "ElevenLabs").title).toBe("Transcript withheld");
		for (const [status, title] of [
			["ringing", "Not answered yet"],
			["active", "Nothing yet"],
			["unknown", "No transcript came"],
			["completed", "No transcript was sent"],
			["declined", "No conversation"],
		] as const)
			expect(whyEmpty({ ...missed, status }, "Vapi").title).toBe(title);
		const step = { step: "transcription", status: "skipped", attempts: 0, at: null } as const;
		const silent = { ...missed, status: "completed" as const };
		expect(
			whyEmpty({ ...silent, pipeline: [{ ...step, reason: "None is set up." }] }, "Vapi").text,
		).toContain("none was made from its recording. None is set up.");
		expect(whyEmpty({ ...silent, pipeline: [{ ...step, status: "waiting" }] }, "Vapi").title).toBe(
			"No transcript yet",
		);
	});
});

describe("recordings", () => {
	const before = new Date("2026-09-14T15:30:00Z");
	const after = new Date("2026-10-14T15:30:00Z");

	it("play the mixed one first, while its link lives", () => {
		const sources = sourcesOf(vapi, before);
		expect(sources.map((s) => s.name)[0]).toBe("Both sides, one channel");
		expect(sources).toHaveLength(4);
		expect(sources[0]).toMatchObject({ host: "storage.example.com", kept: false });
		expect(sourcesOf(vapi, after)).toEqual([]);
		expect(whySilent(vapi, after)).toContain("has expired");
	});

	it("prefer Ringside's own copy", () => {
		expect(sourcesOf({ ...vapi, audio_url: "/v1/calls/x/recording" }, after)[0]).toMatchObject({
			kept: true,
		});
	});

	it("never play what is not HTTPS, or is no sound", () => {
		const call = { ...vapi, recordings: [{ kind: "mixed" as const, url: "javascript:alert(1)" }] };
		expect(sourcesOf(call, before)).toEqual([]);
		expect(whySilent(call, before)).toContain("HTTPS");
		expect(
			sourcesOf({ ...vapi, recordings: [{ kind: "video", url: "https://a.example/v.mp4" }] }, before),
		).toEqual([]);
	});

	it("say why there is none", () => {
		expect(whySilent(eleven, before)).toContain("through its API alone");
		expect(whySilent(golden("elevenlabs", "post_call_transcription.deleted"), before)).toContain(
			"was told not to",
		);
		expect(whySilent(golden("vapi", "end-of-call-report.no-answer"), before)).toContain("not answered");
		const none = { ...vapi, recordings: [] };
		expect(whySilent({ ...none, status: "active" }, before)).toContain("when the call has ended");
		expect(whySilent(none, before)).toContain("sent no recording");
		expect(whySilent({ ...none, provider: "external" }, before)).toContain("The program that sends it");
	});
});

describe("the debug log", () => {
	const entry = (kind: LogEntry["kind"], change: Partial<LogEntry> = {}): LogEntry => ({
		kind,
		title: "x",
		offset_ms: 0,
		...change,
	});

	it("leaves out spans that repeat tool calls, where there are tool calls", () => {
		const echo = entry("span", { detail: "tool" });
		const node = entry("span", { detail: "node" });
		expect(withoutEchoes([echo, node])).toHaveLength(2);
		expect(withoutEchoes([echo, node, entry("tool_call")])).toEqual([node, entry("tool_call")]);
	});

	it("counts kinds in their order, with errors last", () => {
		const log = [entry("end"), entry("turn"), entry("tool_result", { error: "409" }), entry("turn")];
		expect(kindCounts(log).map((k) => [k.text, k.count])).toEqual([
			["Turn", 2],
			["Tool result", 1],
			["End", 1],
			["Errors", 1],
		]);
		expect(filterLog(log, ["errors"])).toHaveLength(1);
		expect(filterLog(log, ["turn", "end"])).toHaveLength(3);
		expect(filterLog(log, [])).toBe(log);
	});

	it("puts kinds into words and errors into their colour", () => {
		expect(kindWord(entry("tool_result", { error: "409" }))).toMatchObject({ tone: "bad", icon: "close" });
		expect(kindWord(entry("span", { detail: "dtmf" })).text).toBe("DTMF");
		expect(titleOf(entry("span", { detail: "voicemail_check", title: "voicemail_check" }))).toBe(
			"Voicemail check",
		);
	});
});

describe("the call's URL", () => {
	it("keeps what is valid and drops the rest", () => {
		expect(
			validateCallSearch({ tab: "logs", t: "12.5", turn: 3, find: 42, status: "failed", kinds: "turn" }),
		).toEqual({
			tab: "logs",
			t: 12.5,
			turn: 3,
			find: "42",
			status: "failed",
			kinds: "turn",
		});
		expect(validateCallSearch({ tab: "nope", t: "-1", turn: 1.5, find: "", kinds: 4 })).toEqual({});
		expect(validateCallSearch({ t: "", turn: null })).toEqual({});
	});

	it("opens the transcript for a link into it", () => {
		expect(tabOf({})).toBe("overview");
		expect(tabOf({ turn: 0 })).toBe("transcript");
		expect(tabOf({ find: "refund" })).toBe("transcript");
		expect(tabOf({ t: 4, tab: "logs" })).toBe("logs");
	});
});
