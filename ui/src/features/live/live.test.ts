import { describe, expect, it } from "vitest";
import { parseSettings } from "../../lib/settings";
import { alert, liveCall } from "../../test/stream";
import { criticalOf } from "./alarm";
import { elapsedMs, fold, type LiveState, nothing, skewOf } from "./fold";
import { chipsOf, countBy } from "./LiveFilters";
import { nextSort } from "./LiveTable";
import { foldOne, linesOf, sayingOf, silence, withDetail } from "./one";
import { grouped, held, passes, rowOf, rowsOf, sorted, sumOf, trendOf, waiting } from "./order";
import { partsOf } from "./recorded";
import { validateLiveSearch } from "./search";
import { endCommand, startCommand } from "./snippets";
import type { EndFrame, Frame, Line, LiveDetail } from "./types";
import { resolvedBy, statusOf } from "./words";

const now = Date.now();
const [a, b, c] = [liveCall("call_a", {}, 30), liveCall("call_b", {}, 20), liveCall("call_c", {}, 10)];
const ids = (s: LiveState) => [...s.calls.keys()];

const started = (seq: number, call = a): Frame => ({ type: "call_started", seq, callId: call.id, call });
const updated = (seq: number, call = a): Frame => ({ type: "call_updated", seq, callId: call.id, call });
const ended = (seq: number, callId: string, change: Partial<EndFrame> = {}): EndFrame => ({
	type: "call_ended",
	seq,
	callId,
	finalScore: 70,
	duration: 42,
	status: "completed",
	...change,
});
const snapshot = (seq: number, ...activeCalls: (typeof a)[]): Frame => ({
	type: "snapshot",
	seq,
	activeCalls,
});

describe("the calls in progress", () => {
	const first = fold(nothing, [snapshot(5, a, b)], now);

	it("are what the snapshot says, and know nothing before it", () => {
		expect(nothing.ready).toBe(false);
		expect(first.ready).toBe(true);
		expect(ids(first)).toEqual(["call_a", "call_b"]);
		expect(first.seq).toBe(5);
	});

	it("change by what comes after", () => {
		const s = fold(first, [started(6, c), updated(7, { ...a, currentScore: 12 })], now);
		expect(ids(s)).toEqual(["call_a", "call_b", "call_c"]);
		expect(s.calls.get("call_a")?.currentScore).toBe(12);
		expect(first.calls.get("call_a")?.currentScore).toBe(88);
	});

	it("ignore what comes twice or late", () => {
		const s = fold(first, [updated(7, { ...a, turns: 9 }), updated(6, { ...a, turns: 4 }), updated(7)], now);
		expect(s.calls.get("call_a")?.turns).toBe(9);
		expect(fold(s, [started(5, c)], now).calls.has("call_c")).toBe(false);
	});

	it("keep those that ended for a minute, with their end", () => {
		const s = fold(first, [ended(6, "call_a"), ended(7, "call_unknown")], now);
		expect(ids(s)).toEqual(["call_b"]);
		expect(s.ended.get("call_a")).toMatchObject({ score: 70, duration: 42, status: "completed", at: now });
		expect(s.ended.size).toBe(1);
		expect(fold(s, [], now + 59_000).ended.size).toBe(1);
		expect(fold(s, [], now + 61_000).ended.size).toBe(0);
	});

	it("take a call back that begins again under its id", () => {
		const s = fold(first, [ended(6, "call_a"), updated(7)], now);
		expect(s.calls.has("call_a")).toBe(true);
		expect(s.ended.has("call_a")).toBe(false);
	});

	it("are all anew after a resync, with numbers of another start", () => {
		const lost = fold(first, [{ type: "resync", seq: 0 }], now);
		expect(lost.ready).toBe(false);
		expect(ids(lost)).toHaveLength(2);
		const s = fold(lost, [snapshot(1, b, c), updated(2, { ...c, turns: 3 })], now);
		expect(s.ready).toBe(true);
		expect(ids(s)).toEqual(["call_b", "call_c"]);
		expect(s.calls.get("call_c")?.turns).toBe(3);
		expect(s.ended.get("call_a")?.status).toBe("");
	});

	it("learn how far the clocks are apart from the fastest message", () => {
		expect(skewOf(null, new Date(now - 10_000).toISOString(), now)).toBe(10_000);
		expect(skewOf(10_000, new Date(now - 12_000).toISOString(), now)).toBe(10_000);
		expect(skewOf(10_000, "no time", now)).toBe(10_000);
		const s = fold(first, [{ type: "ping", seq: 0, at: new Date(now + 60_000).toISOString() }], now);
		expect(s.skew).toBe(-60_000);
		expect(elapsedMs(a.startedAt, now, s.skew)).toBe(now + 60_000 - Date.parse(a.startedAt));
		expect(elapsedMs(new Date(now - 5000).toISOString(), now, 300)).toBe(5000);
		expect(elapsedMs(new Date(now + 5000).toISOString(), now, null)).toBe(0);
	});
});

describe("the table's order", () => {
	const row = (call: typeof a) => rowOf(call, null);
	const bad = { ...a, alerts: [alert("1", "critical")] };
	const odd = { ...b, alerts: [alert("2", "low")] };

	it("has the worst alerts on top, then the newest call", () => {
		const order = sorted([row(a), row(b), row(c)], undefined).map((r) => r.call.id);
		expect(order).toEqual(["call_c", "call_b", "call_a"]);
		expect(sorted([row(bad), row(odd), row(c)], undefined).map((r) => r.call.id)).toEqual([
			"call_a",
			"call_b",
			"call_c",
		]);
	});

	it("is by duration or score on request; what has no score comes last both ways", () => {
		const rows = [row({ ...a, currentScore: null }), row({ ...b, currentScore: 20 }), row(c)];
		const by = (sort: Parameters<typeof sorted>[1]) => sorted(rows, sort).map((r) => r.call.id.slice(-1));
		expect(by("-duration")).toEqual(["a", "b", "c"]);
		expect(by("duration")).toEqual(["c", "b", "a"]);
		expect(by("score")).toEqual(["b", "c", "a"]);
		expect(by("-score")).toEqual(["c", "b", "a"]);
		expect([nextSort("score", undefined), nextSort("score", "score"), nextSort("score", "-score")]).toEqual([
			"score",
			"-score",
			undefined,
		]);
	});

	it("stays on hold, and lets new ones in on top where it may", () => {
		expect(held(["a", "b", "c"], ["x", "c", "a"], false)).toEqual(["a", "b", "c"]);
		expect(held(["a", "b", "c"], ["c", "x", "a"], true)).toEqual(["x", "a", "c"]);
		expect(waiting(["a", "b"], ["a", "b"])).toBe(0);
		expect(waiting(["a", "b"], ["x", "b", "a"])).toBe(2);
		expect(waiting(["a", "b"], ["a"])).toBe(1);
	});

	it("shows a call that has ended for some seconds", () => {
		const s = fold(nothing, [snapshot(1, a), ended(2, "call_a")], now);
		expect(rowsOf(s, {}, now + 7000)[0]?.ended?.duration).toBe(42);
		expect(rowsOf(s, {}, now + 9000)).toEqual([]);
	});

	it("groups by agent, the one with the worst alert first", () => {
		const other = { ...c, agent: "", agentId: "" };
		const groups = grouped([row(a), row({ ...odd, agent: "Billing", agentId: "agent_2" }), row(other)]);
		expect(groups.map((g) => g.name)).toEqual(["Billing", "Front desk", "No agent"]);
		const sum = sumOf([row(a), row({ ...b, currentScore: 68 }), row({ ...bad, currentScore: null })]);
		expect(sum).toMatchObject({ active: 3, score: 78, alerts: 1, longest: { id: "call_a" } });
		expect(sumOf([])).toEqual({ active: 0, score: null, alerts: 0, longest: null });
	});

	it("tells the way of the score", () => {
		const way = (...scores: number[]) => trendOf(scores.map((score) => ({ score })));
		expect([way(), way(5), way(50, 60), way(60, 50), way(50, 51)]).toEqual([
			null,
			null,
			"rising",
			"falling",
			"steady",
		]);
	});
});

describe("the filters", () => {
	const bad = { ...a, alerts: [alert("1", "critical")], provider: "vapi", isSimulation: true };

	it.each([
		[{ agent: "agent_1,agent_2" }, true],
		[{ agent: "-" }, false],
		[{ alerts: "critical" }, true],
		[{ alerts: "none" }, false],
		[{ alerts: "none,new" }, true],
		[{ provider: "retell" }, false],
		[{ min: 30 }, true],
		[{ min: 31 }, false],
		[{ max: 29 }, false],
		[{ simulation: true }, true],
		[{ simulation: false }, false],
	])("%o", (search, passed) => expect(passes(bad, search, 30)).toBe(passed));

	it("take an acknowledged alert for open, not for new", () => {
		const taken = { ...a, alerts: [alert("1", "high", { status: "acknowledged" })] };
		expect(passes(taken, { alerts: "new" }, 1)).toBe(false);
		expect(passes(taken, { alerts: "open" }, 1)).toBe(true);
	});

	it("are in the URL, and what is malformed is not", () => {
		const good = {
			view: "wall",
			group: "agent",
			alerts: "critical,new",
			min: 300,
			simulation: false,
			sort: "-score",
		};
		expect(validateLiveSearch(good)).toEqual(good);
		expect(
			validateLiveSearch({
				view: "hall",
				alerts: "awful",
				min: -3,
				max: "x",
				sort: "cost",
				agent: "",
				simulation: 7,
			}),
		).toEqual({});
	});

	it("count what there is, and keep what is chosen", () => {
		const options = countBy(
			[a, b, bad],
			(x) => x.provider,
			(v) => v,
			["bland"],
		);
		expect(options).toEqual([
			{ value: "custom", label: "custom", count: 2 },
			{ value: "vapi", label: "vapi", count: 1 },
			{ value: "bland", label: "bland", count: 0 },
		]);
		const chips = chipsOf({ agent: "x,y", alerts: "new", min: 300, simulation: true }, (v) =>
			v.toUpperCase(),
		);
		expect(chips.map((x) => `${x.name} ${x.operator ?? "is"} ${x.value}`)).toEqual([
			"Agent is any of X, Y",
			"Alerts is Not acknowledged",
			"Time over 5 min",
			"Kind is Simulations",
		]);
	});
});

describe("one call", () => {
	const line = (turn: number, speaker: Line["speaker"], text: string, partial = false): Line => ({
		turn,
		speaker,
		text,
		timestamp: turn,
		...(partial ? { partial } : {}),
	});
	const said = (seq: number, l: Line): Frame => ({ type: "transcript", seq, callId: "call_a", line: l });
	const detail = (transcript: Line[], partials: Line[] = []) =>
		({ ...a, transcript, partials, responses: [], tools: [], findings: [] }) as unknown as LiveDetail;
	const texts = (s: typeof silence) => linesOf(s).map((l) => l.text);
	const saying = (s: typeof silence) => sayingOf(s).map((l) => l.text);

	it("replaces a partial by its turn", () => {
		let s = foldOne(silence, [snapshot(1, a), said(2, line(0, "agent", "Good mor", true))], now);
		expect(saying(s)).toEqual(["Good mor"]);
		s = foldOne(
			s,
			[said(3, line(0, "agent", "Good morning", true)), said(4, line(0, "agent", "Good morning."))],
			now,
		);
		expect(saying(s)).toEqual([]);
		expect(texts(s)).toEqual(["Good morning."]);
	});

	it("keeps what the other side is saying, and what follows a correction", () => {
		const s = foldOne(
			silence,
			[
				snapshot(1, a),
				said(2, line(0, "customer", "Hi.")),
				said(3, line(1, "agent", "How can", true)),
				said(4, line(1, "customer", "Is any", true)),
				said(5, line(0, "customer", "Hi there.")),
				said(6, line(1, "agent", "How can I help?")),
			],
			now,
		);
		expect(texts(s)).toEqual(["Hi there.", "How can I help?"]);
		expect(saying(s)).toEqual(["Is any"]);
	});

	it("takes what was asked for apart where the stream has not told newer", () => {
		let s = withDetail(silence, detail([line(0, "agent", "Old")], [line(1, "customer", "I wo", true)]));
		expect([texts(s), saying(s)]).toEqual([["Old"], ["I wo"]]);
		s = foldOne(
			s,
			[snapshot(3, a), said(4, line(0, "agent", "New")), said(5, line(1, "customer", "I would."))],
			now,
		);
		s = withDetail(
			s,
			detail([line(0, "agent", "Old"), line(1, "customer", "I wo")], [line(1, "customer", "I w", true)]),
		);
		expect([texts(s), saying(s)]).toEqual([["New", "I would."], []]);
		// After a gap the stream may have missed something.
		s = foldOne(s, [snapshot(9, a)], now);
		s = withDetail(s, detail([line(0, "agent", "Newest")]));
		expect(texts(s)).toEqual(["Newest", "I would."]);
	});

	it("ignores what comes twice or late", () => {
		const s = foldOne(
			silence,
			[snapshot(5, a), said(7, line(0, "agent", "B")), said(6, line(0, "agent", "A"))],
			now,
		);
		expect(texts(s)).toEqual(["B"]);
		expect(s.seq).toBe(7);
	});

	it("ends, also when the end itself was missed", () => {
		const s = foldOne(
			silence,
			[snapshot(1, a), said(2, line(0, "agent", "By", true)), ended(3, "call_a")],
			now,
		);
		expect([s.ended?.status, saying(s)]).toEqual(["completed", []]);
		const missed = foldOne(foldOne(silence, [snapshot(1, a)], now), [snapshot(9)], now);
		expect(missed.ended?.status).toBe("");
	});

	it("begins again under its id, as the stream or a snapshot says", () => {
		const over = foldOne(silence, [snapshot(1, a), ended(2, "call_a")], now);
		for (const again of [started(3), updated(3), snapshot(3, a)]) {
			const s = foldOne(over, [again], now);
			expect(s.ended, again.type).toBeNull();
			expect(foldOne(s, [ended(4, "call_a", { status: "failed" })], now).ended?.status).toBe("failed");
		}
		expect(foldOne(over, [started(1)], now).ended?.status).toBe("completed");
	});

	it("tells who resolved an alert", () => {
		const s = foldOne(
			silence,
			[
				{
					type: "alert_resolved",
					seq: 1,
					callId: "call_a",
					alert: alert("1", "high"),
					resolvedBy: "recovery",
				},
			],
			now,
		);
		expect(s.resolved.map((r) => [r.alert.id, resolvedBy(r.by)])).toEqual([["1", "by itself"]]);
		expect([resolvedBy("call_end"), resolvedBy("rule_change"), resolvedBy("Ada"), resolvedBy("")]).toEqual([
			"at the call's end",
			"as its rule was changed",
			"by Ada",
			"",
		]);
	});

	it("takes the shape of a recorded call, on an axis that grows in steps", () => {
		const one = withDetail(silence, detail([line(0, "agent", "Hello"), line(3, "customer", "Hi")]));
		const d = { ...detail([]), responses: [{ turn: 0, ms: 840, source: "heard" }] } as LiveDetail;
		const parts = partsOf(one, d, 31_000);
		expect(parts.duration_ms).toBe(60_000);
		expect(parts.turns).toMatchObject([
			{ index: 0, role: "agent", start_ms: 0, latency: { total_ms: 840, source: "heard" } },
			{ index: 3, role: "user", start_ms: 3000 },
		]);
		expect(statusOf("in_progress")).toBe("active");
	});
});

describe("what disturbs, and what is pasted", () => {
	it("is a critical alert that nobody has acknowledged", () => {
		const taken = { ...b, alerts: [alert("2", "critical", { status: "acknowledged" })] };
		const s = fold(
			nothing,
			[snapshot(1, { ...a, alerts: [alert("1", "critical"), alert("3", "high")] }, taken)],
			now,
		);
		expect(criticalOf(s).map((x) => x.alert.id)).toEqual(["1"]);
	});

	it("is off until somebody switches it on", () => {
		expect(parseSettings("{}")).toMatchObject({ liveSound: false, liveNotify: false });
		expect(parseSettings('{"liveSound":"yes","liveNotify":true}')).toMatchObject({
			liveSound: false,
			liveNotify: true,
		});
	});

	it("has commands that are whole", () => {
		const begin = startCommand("https://r.example", "rs_live_x", "first-1");
		expect(begin).toContain("https://r.example/v1/live-calls/first-1/events");
		expect(JSON.parse(/-d '([\s\S]+)'$/.exec(begin)?.[1] ?? "")).toHaveLength(4);
		expect(endCommand("https://r.example", "k", "it's")).toContain("'\\''");
	});
});
