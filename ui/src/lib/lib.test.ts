import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { worstFirst } from "./findings";
import {
	bytes,
	count,
	duration,
	durationWords,
	latency,
	money,
	offset,
	plural,
	share,
	shortCount,
} from "./format";
import { phone } from "./phone";
import { parseSettings } from "./settings";
import { absolute, dateTime, fromInput, relative, toInput } from "./time";
import {
	findings,
	humanise,
	methods,
	qualityParts,
	reasonWords,
	scoreTone,
	sentiments,
	severities,
	statuses,
	stepStatuses,
	steps,
	verdicts,
	wordOf,
} from "./words";

describe("format", () => {
	it("shows a dash for what is not known", () => {
		for (const f of [count, shortCount, duration, latency, offset, share, bytes]) {
			expect(f(null)).toBe("—");
			expect(f(Number.NaN)).toBe("—");
		}
		expect(money(undefined, "USD")).toBe("—");
	});

	it.each([
		[0, "0:00"],
		[47_400, "0:47"],
		[725_000, "12:05"],
		[3_723_000, "1:02:03"],
	])("writes %i ms as a call's length %s", (ms, want) => expect(duration(ms)).toBe(want));

	it.each([
		[840.4, "840 ms"],
		[1240, "1.24 s"],
		[31_200, "31.2 s"],
	])("writes %i ms as a latency %s", (ms, want) => expect(latency(ms)).toBe(want));

	it.each([
		[0.0042, "USD", "$0.0042"],
		[0.123, "USD", "$0.123"],
		[12.5, "EUR", "€12.50"],
		[0, "USD", "$0.00"],
		[37, "credits", "37 credits"],
	])("writes %d %s as %s", (n, c, want) => expect(money(n, c)).toBe(want));

	it("keeps tenths in offsets and units in words", () => {
		expect(offset(47_390)).toBe("0:47.3");
		expect(offset(3_723_490)).toBe("1:02:03.4");
		expect(durationWords(125_000)).toBe("2 min 5 s");
		expect(bytes(3481)).toBe("3.4 KiB");
		expect(shortCount(1_234_567)).toBe("1.2M");
		expect(share(0.934)).toBe("93.4 %");
		expect([plural(1, "call"), plural(1200, "call")]).toEqual(["1 call", "1,200 calls"]);
	});
});

describe("time", () => {
	const now = new Date("2026-11-20T12:00:00Z");
	it.each([
		["2026-11-20T11:59:55Z", "just now"],
		["2026-11-20T11:59:20Z", "40 s ago"],
		["2026-11-20T11:01:00Z", "59 min ago"],
		["2026-11-20T01:00:00Z", "11 h ago"],
		["2026-11-17T12:00:00Z", "3 d ago"],
		["2026-11-01T12:00:00Z", "1 Nov"],
		["2025-11-01T12:00:00Z", "1 Nov 2025"],
		["2026-11-20T12:05:00Z", "in 5 min"],
	])("reads %s as %s", (iso, want) => expect(relative(new Date(iso), now, "utc")).toBe(want));

	it("says the year of another year", () => {
		expect(dateTime(new Date("2026-11-20T09:41:07Z"), "utc", now)).toBe("20 Nov, 09:41");
		expect(dateTime(new Date("2025-11-20T09:41:07Z"), "utc", now)).toBe("20 Nov 2025, 09:41");
	});

	it("gives the whole instant for a tooltip", () => {
		expect(absolute(new Date("2026-11-20T09:41:07.250Z"), "utc")).toMatch(
			/Friday.*20 November 2026.*09:41:07\.250 UTC/,
		);
	});

	it("goes to an input and back", () => {
		const at = new Date("2026-02-03T04:05:00Z");
		for (const zone of ["utc", "local"] as const) expect(fromInput(toInput(at, zone), zone)).toEqual(at);
		expect(fromInput("", "utc")).toBeNull();
	});
});

describe("phone", () => {
	it.each([
		["+14155550100", "+1 (415) 555-0100"],
		["+442079460958", "+44 207 946 0958"],
		["+35312345678", "+353 123 456 78"],
		["sip:bob@example.com", "sip:bob@example.com"],
		["anonymous", "anonymous"],
		["", ""],
	])("groups %s as %s", (raw, want) => expect(phone(raw)).toBe(want));
});

describe("words", () => {
	it.each([
		["customer-did-not-answer", "Customer did not answer"],
		["twilio-failed-to-connect-call", "Twilio failed to connect call"],
		["call.in-progress.error-sip-telephony-provider", "Call in progress: error SIP telephony provider"],
		["error_llm_websocket_open", "Error LLM websocket open"],
		["pipeline-error-openai-llm-failed", "Pipeline error OpenAI LLM failed"],
		["agentHungUp", "Agent hung up"],
		["  ", ""],
	])("humanises %s as %s", (raw, want) => expect(humanise(raw)).toBe(want));

	it("prefers the written sentence, and says something of any value", () => {
		expect(reasonWords("dial_no_answer")).toBe("Customer did not answer");
		expect(reasonWords("ASSISTANT")).toBe("Agent hung up");
		expect(reasonWords("Call ended by remote party")).toBe("Call ended by remote party");
		expect(wordOf(statuses, "active")).toEqual({ text: "In progress", tone: "live" });
		expect(wordOf(statuses, "brand_new").text).toBe("Brand new");
	});
});

describe("settings", () => {
	it("survives anything in storage", () => {
		for (const junk of [
			null,
			"",
			"{",
			"[]",
			'"x"',
			'{"theme":7,"speed":90,"columns":[1,"cost"],"recent":[{"to":"//evil"},{"to":"javascript:x","label":"x"}]}',
		]) {
			const s = parseSettings(junk);
			expect(["system", "light", "dark"]).toContain(s.theme);
			expect(s.columns.every((c) => typeof c === "string")).toBe(true);
			expect(s.recent).toEqual([]);
			expect(s.speed).toBe(1);
		}
	});
});

describe("the words of the analysis", () => {
	const api = JSON.parse(readFileSync("../internal/api/openapi.json", "utf8"));
	const valuesOf = (schema: string, field: string): string[] =>
		api.components.schemas[schema].properties[field].enum;

	it.each([
		["Finding", "kind", findings],
		["Finding", "severity", severities],
		["Finding", "method", methods],
		["Sentiment", "label", sentiments],
		["Score", "verdict", verdicts],
		["QualityPart", "name", qualityParts],
		["Step", "step", steps],
		["Step", "status", stepStatuses],
	])("have one for every %s.%s of the API, and no more", (schema, field, table) => {
		expect(Object.keys(table).sort()).toEqual([...valuesOf(schema, field)].sort());
		const texts = Object.values(table).map((w) => w.text);
		expect(new Set(texts).size).toBe(texts.length);
	});

	it("colour a score by what it means, as it is shown", () => {
		expect([100, 80, 79.6, 79.4, 60, 59.4, 0].map(scoreTone)).toEqual([
			"good",
			"good",
			"good",
			"watch",
			"watch",
			"bad",
			"bad",
		]);
	});

	it("put what is worst first, and what nobody knows last", () => {
		const found = [
			{ kind: "dead_air", severity: "info", turn: 1 },
			{ kind: "frustration", severity: "critical", turn: 9 },
			{ kind: "new_kind", severity: "warning", turn: 0 },
			{ kind: "tool_error", severity: "warning", turn: 5 },
			{ kind: "frustration", severity: "critical", turn: 2 },
			{ kind: "forbidden_phrase", severity: "critical", turn: null },
			{ kind: "dead_air", severity: "dire", turn: 0 },
		];
		expect(worstFirst(found).map((f) => `${f.severity} ${f.kind} ${f.turn}`)).toEqual([
			"critical forbidden_phrase null",
			"critical frustration 2",
			"critical frustration 9",
			"warning tool_error 5",
			"warning new_kind 0",
			"info dead_air 1",
			"dire dead_air 0",
		]);
		expect(worstFirst([])).toEqual([]);
	});
});
