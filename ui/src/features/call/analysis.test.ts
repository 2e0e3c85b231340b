import { describe, expect, it } from "vitest";
import {
	analysed,
	coverageWords,
	criterionName,
	failedFirst,
	findingsByTurn,
	findingTime,
	rangeOf,
	sameMethod,
	whyNone,
} from "./analysis";
import { lanesOf } from "./lanes";
import { barPath, frustrationWord, leanOf, type Mood, markPath, moodsOf, moodWords } from "./moods";
import { settling } from "./settling";
import type { Call, Finding, Score, Step, Turn } from "./types";

const step = (name: Step["step"], status: Step["status"], reason?: string): Step => ({
	step: name,
	status,
	attempts: 0,
	at: null,
	...(reason ? { reason } : {}),
});

const bare = {
	status: "completed",
	summary: null,
	sentiment: null,
	quality: null,
	judge: null,
	scores: [],
	findings: [],
	pipeline: [],
} as unknown as Call;

const finding = (change: Partial<Finding>): Finding => ({
	kind: "frustration",
	severity: "warning",
	turn: 1,
	at_ms: null,
	detail: "The customer is cross.",
	method: "local",
	...change,
});

const score = (change: Partial<Score>): Score => ({
	criterion: "greeting_quality",
	value: null,
	verdict: "unknown",
	reason: "",
	evidence: [],
	method: "local",
	...change,
});

const turn = (index: number, text: string, start: number | null): Turn => ({
	index,
	role: index % 2 ? "user" : "agent",
	text,
	start_ms: start,
	end_ms: start === null ? null : start + 800,
	interrupted: false,
});

describe("a call without an analysis", () => {
	it.each([
		["active", [], "Analysis starts when the call ends."],
		["unknown", [], "Analysis starts when the call ends."],
		["completed", [step("analysis", "waiting")], "This call waits for its analysis."],
		["completed", [step("analysis", "running")], "The analysis is running."],
		["completed", [step("analysis", "skipped")], "This call was not analysed."],
		[
			"completed",
			[step("analysis", "failed")],
			"The analysis failed, so there is no summary, score or finding.",
		],
		["completed", [step("analysis", "done")], "The analysis ran and found nothing to say of this call."],
	] as const)("that is %s, with steps %o, says: %s", (status, pipeline, want) => {
		const call = { ...bare, status, pipeline: [...pipeline] };
		expect(analysed(call)).toBe(false);
		expect(whyNone(call)).toBe(want);
	});

	it("is one as soon as a single part of it is there", () => {
		expect(analysed({ ...bare, findings: [finding({})] })).toBe(true);
		expect(analysed({ ...bare, quality: { score: null, coverage: 0, parts: [], method: "local" } })).toBe(
			true,
		);
		expect(analysed({ ...bare, scores: null } as unknown as Call)).toBe(false);
	});
});

describe("what follows a call", () => {
	const now = Date.parse("2026-11-20T12:00:00Z");
	const call = (ended_at: string | null, ...pipeline: Step[]) => ({
		ended_at,
		received_at: "2026-11-20T11:59:00Z",
		pipeline,
	});

	it("is looked for while a step is open and the end is recent", () => {
		expect(settling(call("2026-11-20T11:58:00Z", step("judge", "running")), now)).toBe(true);
		expect(settling(call(null, step("crm", "waiting")), now)).toBe(true);
		expect(settling(call("2026-11-20T11:58:00Z", step("crm", "done"), step("judge", "failed")), now)).toBe(
			false,
		);
		expect(settling(call("2026-11-20T11:40:00Z", step("judge", "running")), now)).toBe(false);
		expect(settling(call("2026-11-20T11:58:00Z"), now)).toBe(false);
	});
});

describe("scores", () => {
	it("say what of the whole was measured", () => {
		expect(coverageWords({ score: 70, coverage: 1 })).toBe("Every part was measured.");
		expect(coverageWords({ score: 70, coverage: 0.85 })).toBe(
			"Rests on 85 % of its weight; the rest could not be measured.",
		);
		expect(coverageWords({ score: null, coverage: 0 })).toBe("None of its parts could be measured.");
	});

	it("stand with the failed ones first and the unsettled ones last, else as they came", () => {
		const verdicts = ["na", "pass", "unknown", "fail", "pass"] as const;
		const sorted = failedFirst(verdicts.map((verdict, i) => score({ verdict, criterion: String(i) })));
		expect(sorted.map((s) => s.criterion)).toEqual(["3", "1", "4", "2", "0"]);
	});

	it("are named by their own name, by ours, or by the key in words", () => {
		expect(criterionName(score({ name: "Opening" }))).toBe("Opening");
		expect(criterionName(score({}))).toBe("Greeting quality");
		expect(criterionName(score({ criterion: "tried_to_upsell" }))).toBe("Tried to upsell");
	});

	it("say their method once where all have the same", () => {
		expect(sameMethod([score({}), score({})])).toBe("local");
		expect(sameMethod([score({}), score({ method: "llm" })])).toBeUndefined();
		const by = (model: string) => score({ method: "llm", model });
		expect(sameMethod([by("a"), by("b")])).toBeUndefined();
		expect(sameMethod([])).toBeUndefined();
	});
});

describe("findings", () => {
	it("stand at their own time, else at that of their turn", () => {
		const turns = [turn(0, "a", 500), turn(1, "b", null)];
		expect(findingTime(finding({ at_ms: 900, turn: 0 }), turns)).toBe(900);
		expect(findingTime(finding({ turn: 0 }), turns)).toBe(500);
		expect(findingTime(finding({ turn: 1 }), turns)).toBeNull();
		expect(findingTime(finding({ turn: null }), turns)).toBeNull();
	});

	it("go to their turns; those of the whole call to none", () => {
		const all = [finding({ turn: 3 }), finding({ turn: null }), finding({ turn: 3, kind: "dead_air" })];
		const by = findingsByTurn(all);
		expect([...by.keys()]).toEqual([3]);
		expect(by.get(3)).toHaveLength(2);
	});

	it("are pins on the timeline where they have a time", () => {
		const findings = [finding({ at_ms: 4000, severity: "critical" }), finding({ at_ms: null })];
		const { markers, length } = lanesOf({
			turns: [turn(0, "Hello", 0)],
			tool_calls: [],
			interruptions: [],
			findings,
			duration_ms: null,
		});
		expect(markers).toEqual([
			{
				kind: "finding",
				finding: "frustration",
				severity: "critical",
				at: 4000,
				label: "Customer frustrated. The customer is cross.",
				bad: false,
				turn: 1,
			},
		]);
		expect(length).toBe(4000);
	});
});

describe("a quote", () => {
	const text = "Well, I DON'T have information on  insurance—coverage. Sorry.";
	const cut = (quote: string | undefined) => {
		const range = rangeOf(text, quote);
		return range && text.slice(...range);
	};

	it("is found whatever its case, spacing and punctuation", () => {
		expect(cut("I don't have information on insurance coverage.")).toBe(
			"I DON'T have information on  insurance—coverage.",
		);
		expect(cut("“… sorry …”")).toBe("Sorry.");
	});

	it("is whole words, and nothing where it does not stand", () => {
		expect(cut("format")).toBeNull();
		expect(cut("insurance")).toBe("insurance");
		expect(cut("card •••• 1111")).toBeNull();
		expect(cut("…")).toBeNull();
		expect(cut("")).toBeNull();
		expect(cut(undefined)).toBeNull();
		expect(rangeOf("", "a")).toBeNull();
		expect(rangeOf("a.b(c", "a.b(c")).toEqual([0, 5]);
	});

	it("may be long and in any script", () => {
		const long = "слово ".repeat(2000);
		expect(rangeOf(`${long}end`, long)).toEqual([0, long.length - 1]);
	});
});

describe("moods", () => {
	const turns = Array.from({ length: 10 }, (_, i) => turn(i, `turn ${i}`, i * 1000));
	const mood = (change: Partial<Mood>): Mood => ({
		turn: 1,
		at: 0,
		text: "",
		score: 0,
		frustration: 0,
		n: 1,
		...change,
	});

	it("are a bar for each turn while there is room", () => {
		const moods = moodsOf(
			[
				{ turn: 1, score: 0.4, frustration: 0 },
				{ turn: 99, score: -0.2, frustration: 1 },
			],
			turns,
			60,
		);
		expect(moods[0]).toEqual({ turn: 1, at: 1000, text: "turn 1", score: 0.4, frustration: 0, n: 1 });
		expect(moods[1]).toMatchObject({ turn: 99, at: null, text: "" });
		expect(moodsOf([], turns, 60)).toEqual([]);
	});

	it("stand for several turns in a long call, and lead to the one that tells most", () => {
		const many = Array.from({ length: 1001 }, (_, i) => ({
			turn: i,
			score: i === 5 ? -0.9 : 0.1,
			frustration: i === 20 ? 4 : 0,
		}));
		const moods = moodsOf(many, turns, 60);
		expect(moods.length).toBeLessThanOrEqual(60);
		expect(moods.reduce((n, m) => n + m.n, 0)).toBe(1001);
		expect(moods[0]?.turn).toBe(5);
		expect(moods[1]).toMatchObject({ turn: 20, frustration: 4 });
	});

	it("read as words", () => {
		expect([0.05, 0.049, -0.05].map(leanOf)).toEqual(["positive", "neutral", "negative"]);
		expect([0.4, 0.5, 1.5, 3].map(frustrationWord)).toEqual([null, "weak", "clear", "strong"]);
		expect(moodWords({ score: -0.62, frustration: 4 })).toBe("Negative (−0.62), strong signs of frustration");
		expect(moodWords({ score: -0.001, frustration: 0 })).toBe("Neutral (0)");
	});

	it("are drawn up, down, or on the line", () => {
		const moods = [mood({ score: 0.5 }), mood({ score: -2 }), mood({ score: 0 })];
		expect(barPath(moods, "positive")).toBe("M0.12 0.500h0.76v0.500h-0.76z");
		expect(barPath(moods, "negative")).toBe("M1.12 1.000h0.76v1.000h-0.76z");
		expect(barPath(moods, "neutral")).toBe("M2.12 0.950h0.76v0.100h-0.76z");
		expect(markPath(moods)).toBe("");
		expect(markPath([mood({ frustration: 2.25 })])).toBe("M0.12 0.500h0.76v0.500h-0.76z");
	});
});
