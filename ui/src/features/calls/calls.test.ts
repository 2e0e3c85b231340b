import { describe, expect, it } from "vitest";
import { columns, nextSort, shownColumns, tracks, usualColumns } from "./columns";
import { tagOptions } from "./FilterBar";
import { anyFilter, bounds, chips, joinMeta, metaPairs, rangeWords, toParams, toQuery } from "./filters";
import { change, minimumSample, points, rate, whyNoRate } from "./health";
import { bars, bucketAt, dragged } from "./histogram";
import { join, readFilters, validateCallsSearch, values } from "./search";
import { curlCommand } from "./snippets";
import type { CallItem } from "./types";

const now = new Date("2026-11-20T12:00:00Z");
const none = () => undefined;

describe("the URL", () => {
	it("keeps what is well formed and drops the rest", () => {
		expect(
			validateCallsSearch({
				status: "failed,missed",
				agent: 2,
				range: "toString",
				after: "yesterday",
				before: "2026-11-20T00:00:00Z",
				min: "-3",
				max: 60,
				recording: "maybe",
				simulation: "false",
				success: true,
				sort: "cost; drop table",
				peek: "call_x",
				q: "  ",
				unheard: "of",
			}),
		).toEqual({
			status: "failed,missed",
			agent: "2",
			before: "2026-11-20T00:00:00Z",
			max: 60,
			simulation: false,
			success: "true",
			peek: "call_x",
		});
	});

	it("carries values that hold commas", () => {
		const list = ["a,b", "c", "100%"];
		expect(values(join(list))).toEqual(list);
		expect(join([])).toBeUndefined();
	});

	it("knows no filter when there is none", () => {
		expect(anyFilter(readFilters({}))).toBe(false);
		expect(anyFilter(readFilters({ q: "refund" }))).toBe(true);
	});
});

describe("the query", () => {
	it("counts presets back from now; a custom range wins", () => {
		expect(bounds({ range: "24h" }, now)).toEqual({ after: "2026-11-19T12:00:00.000Z" });
		expect(bounds({ range: "24h", before: "2026-11-01T00:00:00Z" }, now)).toEqual({
			after: undefined,
			before: "2026-11-01T00:00:00Z",
		});
	});

	it("has the API's names and units", () => {
		expect(
			toQuery(
				{ status: "failed,missed", min: 30, recording: false, meta: "store=Z%C3%BCrich", q: "refund" },
				now,
			),
		).toEqual({
			status: ["failed", "missed"],
			min_duration_ms: "30000",
			has_recording: "false",
			"metadata.store": "Zürich",
			q: "refund",
		});
	});

	it("repeats a list's values in a link", () => {
		expect(toParams({ ended_reason: "a%2Cb,c" }, now).toString()).toBe("ended_reason=a%2Cb&ended_reason=c");
	});

	it("keeps metadata with any characters", () => {
		const pairs: [string, string][] = [
			["a&b", "c=d"],
			["ü", ""],
		];
		expect(metaPairs(joinMeta(pairs))).toEqual(pairs);
	});
});

describe("chips", () => {
	it("say each filter in words and take it off", () => {
		const list = chips(
			{
				status: "failed,missed",
				agent: "agent_1",
				range: "7d",
				min: 30,
				success: "unknown",
				meta: "a=1&b=2",
			},
			(name) => (name === "agent" ? "Reception" : undefined),
			"utc",
		);
		expect(list.map((c) => `${c.name} ${c.operator} ${c.value}`)).toEqual([
			"Started in Last 7 days",
			"Agent is Reception",
			"Status is any of Failed, Missed",
			"Outcome is Not judged",
			"Duration at least 0:30",
			"metadata.a is 1",
			"metadata.b is 2",
		]);
		expect(list.find((c) => c.id === "meta.a")?.off).toEqual({ meta: "b=2" });
	});

	it("have no filter to say when there is none", () => expect(chips({}, none, "utc")).toEqual([]));

	it("name a custom range in the zone", () => {
		const year = new Date().getUTCFullYear();
		const f = { after: `${year}-11-19T08:00:00Z`, before: `${year}-11-20T08:00:00Z` };
		expect(rangeWords(f, "utc")).toBe("19 Nov, 08:00 – 20 Nov, 08:00");
		expect(rangeWords({}, "utc")).toBe("All time");
	});
});

describe("filters of the analysis", () => {
	it("come from the URL, and what is malformed is dropped", () => {
		expect(
			readFilters({
				sentiment: "negative,mixed",
				finding: "frustration",
				tag: 42,
				min_score: "10",
				max_score: "59.5",
			}),
		).toEqual({
			sentiment: "negative,mixed",
			finding: "frustration",
			tag: "42",
			min_score: 10,
			max_score: 59.5,
		});
		expect(readFilters({ min_score: -1, max_score: "101", tag: "", finding: {} })).toEqual({});
		expect(validateCallsSearch({ sort: "quality" })).toEqual({ sort: "quality" });
	});

	it("have the API's names", () => {
		expect(
			toQuery({ sentiment: "negative", finding: "frustration,dead_air", tag: "a%2Cb", max_score: 60 }, now),
		).toEqual({
			sentiment: ["negative"],
			finding: ["frustration", "dead_air"],
			tag: ["a,b"],
			max_quality: "60",
		});
		expect(toQuery({ min_score: 0 }, now)).toEqual({ min_quality: "0" });
	});

	it("say themselves in words", () => {
		const list = chips(
			{ finding: "frustration,said_not_done", sentiment: "unknown", tag: "vip", min_score: 0, max_score: 60 },
			none,
			"utc",
		);
		expect(list.map((c) => `${c.name} ${c.operator} ${c.value}`)).toEqual([
			"Sentiment is Not clear",
			"Finding is any of Customer frustrated, Said, not done",
			"Tag is vip",
			"Score at least 0",
			"Score at most 60",
		]);
		expect(list.at(-1)?.off).toEqual({ max_score: undefined });
	});

	it("offer the tags of the loaded calls, most frequent first, and the chosen ones", () => {
		const calls = [{ tags: ["b", "a"] }, { tags: ["a"] }, { tags: null }] as unknown as CallItem[];
		expect(tagOptions(calls, ["gone"]).map((o) => [o.value, o.count])).toEqual([
			["a", 2],
			["b", 1],
			["gone", 0],
		]);
		expect(tagOptions([], [])).toEqual([]);
	});
});

describe("health", () => {
	it("says how a figure changed and whether that is welcome", () => {
		expect(change(150, 100, "up")).toMatchObject({ text: "50 %", direction: "up", tone: "good" });
		expect(change(150, 100, "down")).toMatchObject({ tone: "bad" });
		expect(change(50, 100, "neither")).toMatchObject({ direction: "down", tone: "quiet" });
		expect(change(100.1, 100, "up")).toMatchObject({ text: "same", tone: "quiet" });
		expect(change(5000, 100, "neither")?.text).toBe("×50");
	});

	it("says nothing without something to compare with", () => {
		expect(change(5, 0, "up")).toBeNull();
		expect(change(5, null, "up")).toBeNull();
		expect(points(null, 0.5, "up")).toBeNull();
	});

	it("compares shares in points", () => {
		expect(points(0.62, 0.6, "down")).toMatchObject({ text: "2.0 pt", tone: "bad" });
		expect(points(0.6, 0.6004, "down")).toMatchObject({ text: "same" });
	});

	it("hides a rate over a small sample, and says why", () => {
		expect(rate(0.5, minimumSample - 1)).toBeNull();
		expect(rate(0.5, minimumSample)).toBe(0.5);
		expect(whyNoRate(0, "ended calls")).toBe("No ended calls yet");
		expect(whyNoRate(4, "ended calls")).toBe("4 of the 10 ended calls needed");
	});
});

describe("the histogram", () => {
	const b = (start: string, count: number, failed = 0) => ({ start, count, failed });
	const buckets = [
		b("2026-11-20T00:00:00Z", 0),
		b("2026-11-20T01:00:00Z", 1),
		b("2026-11-20T02:00:00Z", 1000, 250),
	];

	it("scales to the tallest and keeps a single call visible", () => {
		const drawn = bars(buckets);
		expect(drawn.map((d) => d.height)).toEqual([0, 0.04, 1]);
		expect(drawn[2]?.failed).toBe(0.25);
		expect(bars([])).toEqual([]);
	});

	it("turns a drag in either direction into a range", () => {
		const want = { after: "2026-11-20T01:00:00.000Z", before: "2026-11-20T03:00:00.000Z" };
		expect(dragged(buckets, 3_600_000, 1, 2)).toEqual(want);
		expect(dragged(buckets, 3_600_000, 2, 1)).toEqual(want);
		expect(dragged([], 3_600_000, 0, 0)).toBeNull();
	});

	it("stays inside when the pointer leaves", () => {
		expect([bucketAt(-1, 3), bucketAt(0.5, 3), bucketAt(7, 3)]).toEqual([0, 1, 2]);
	});
});

describe("columns", () => {
	it("fall back to the usual ones", () => {
		expect(shownColumns([]).map((c) => c.id)).toEqual(usualColumns);
		expect(shownColumns(["gone"]).map((c) => c.id)).toEqual(usualColumns);
		expect(shownColumns(["cost", "time"]).map((c) => c.id)).toEqual(["time", "cost"]);
	});

	it("fit beside the rail on a screen of 1,280 px", () => {
		expect(tracks(shownColumns([])).least).toBeLessThanOrEqual(1280 - 200);
		expect(new Set(columns.map((c) => c.id)).size).toBe(columns.length);
	});

	it("show score and sentiment, and offer tags and findings", () => {
		expect(usualColumns).toEqual(expect.arrayContaining(["score", "sentiment"]));
		expect(columns.map((c) => c.id)).toEqual(expect.arrayContaining(["tags", "findings"]));
	});

	it("turn the order round and back", () => {
		expect(nextSort("cost", undefined)).toBe("-cost");
		expect(nextSort("cost", "-cost")).toBe("cost");
		expect(nextSort("cost", "cost")).toBeUndefined();
		expect(nextSort("quality", "-quality")).toBe("quality");
		expect(nextSort("started_at", undefined)).toBe("started_at");
		expect(nextSort("started_at", "started_at")).toBeUndefined();
	});
});

describe("the curl command", () => {
	it("holds valid JSON in shell quotes", () => {
		const command = curlCommand("https://rings.example/it's", "rs_live_x", now);
		const body = /-d '([^']*)'$/.exec(command)?.[1] ?? "";
		expect(JSON.parse(body)).toMatchObject({ agent_id: "reception", startedAt: "2026-11-20T11:58:55.000Z" });
		expect(command).toContain("https://rings.example/it'\\''s/api/v1/observability/calls");
	});
});
