// Alerts and their rules in words. Pure, so that it can be tested without a page.

import { durationWords, plural } from "../../lib/format";
import type { Word } from "../../lib/words";
import type { Alert, Condition } from "./queries";

type Table = Record<string, Word>;

/** What became of telling people, where no message is there to show it. */
export const toldWords: Record<Alert["told"], string> = {
	"": "The rule names nobody to tell.",
	waiting: "A message is about to be made.",
	told: "Those who were told are no longer known.",
	silenced: "Nobody: it came in a time of silence.",
	throttled: "Nobody: another message of the rule had just gone out.",
};

export const messageEvents: Table = {
	triggered: { text: "Triggered", tone: "quiet" },
	acknowledged: { text: "Acknowledged", tone: "quiet" },
	resolved: { text: "Resolved", tone: "quiet" },
};

export const messageStates: Table = {
	queued: { text: "On its way", tone: "info" },
	sent: { text: "Sent", tone: "good" },
	failed: { text: "Not sent", tone: "bad" },
};

export const sensitive: Record<string, string> = {
	ssn: "Social security number",
	credit_card: "Card number",
	iban: "IBAN",
	password: "Password",
};

/** Who settled an alert, when no person did. */
const bySelf: Record<string, string> = {
	recovery: "It recovered",
	call_end: "The call ended",
	rule_change: "Its rule was changed",
};

export interface Settled {
	word: "Acknowledged" | "Resolved";
	by: string;
	/** By nobody: the trouble or the call was over, or there is no such rule any more. */
	itself: boolean;
	at: string;
}

/** The last thing that was done about an alert; null while nobody did anything. */
export function settledBy(a: Alert): Settled | null {
	if (a.resolved_at) {
		const by = a.resolved_by ?? "";
		return { word: "Resolved", by: bySelf[by] ?? by, itself: by in bySelf, at: a.resolved_at };
	}
	if (!a.acknowledged_at) return null;
	return { word: "Acknowledged", by: a.acknowledged_by ?? "", itself: false, at: a.acknowledged_at };
}

const compared: Record<string, string> = {
	less_than: "below",
	less_than_or_equal: "at or below",
	greater_than: "above",
	greater_than_or_equal: "at or above",
};

const windows: Record<string, string> = { m: "minute", h: "hour" };

/** "15m" as "15 minutes". */
export function windowWords(text = ""): string {
	const [, n, unit = ""] = /^(\d+)([mh])$/.exec(text) ?? [];
	return n ? plural(Number(n), windows[unit] ?? "") : text;
}

/** "first_30_seconds" as 30; null: at any time. */
export function withinSeconds(location = ""): number | null {
	const [, n] = /^first_(\d+)_seconds$/.exec(location) ?? [];
	return n ? Number(n) : null;
}

const number = (n: number | undefined): string => String(Math.round((n ?? 0) * 100) / 100);

const cut = (text: string, at = 90): string => (text.length > at ? `${text.slice(0, at).trimEnd()}…` : text);

function phraseWords(c: Condition): string {
	const within = withinSeconds(c.location);
	const by = within ? ` in the first ${durationWords(within * 1000)}` : "";
	return `“${cut(c.phrase ?? "")}” is ${c.must_include === false ? "" : "not "}said${by}`;
}

function toolWords(c: Condition): string {
	return `${c.toolName ? `The tool ${c.toolName}` : "One tool"} fails ${plural(c.consecutiveFailures ?? 3, "time")} in a row`;
}

function answerWords(c: Condition): string {
	const n = c.consecutive ?? 1;
	const how = `${compared[c.operator ?? "greater_than"]} ${number(c.threshold)} s`;
	return n === 1 ? `The wait for an answer is ${how}` : `The wait is ${how}, ${n} answers in a row`;
}

function moodWords(c: Condition): string {
	const strong = c.confidence ? `, strength ${number(c.confidence)} or more` : "";
	return `The caller's words are ${c.value}${strong}`;
}

const wordsOf: Record<Condition["type"], (c: Condition) => string> = {
	score_threshold: (c) => `Quality score ${compared[c.operator ?? "less_than"]} ${number(c.threshold)}`,
	sentiment: moodWords,
	duration: (c) =>
		`The call is ${c.operator === "less_than" || c.operator === "less_than_or_equal" ? "shorter" : "longer"} than ${durationWords((c.threshold ?? 0) * 1000)}`,
	required_phrase: phraseWords,
	custom_rule: (c) => `A language model finds: ${cut(c.prompt ?? "")}`,
	sensitive_data: (c) =>
		`Said in clear: ${(c.detect?.length ? c.detect : Object.keys(sensitive)).map((d) => sensitive[d] ?? d).join(", ")}`,
	tool_error: toolWords,
	response_time: answerWords,
	error_rate: (c) =>
		`Share of failed calls ${compared[c.operator ?? "greater_than"]} ${number((c.threshold ?? 0) * 100)} % over ${windowWords(c.timeWindow)}`,
	compliance_issue: () =>
		"The agent says what its phrase rules forbid, or not what they require, or sensitive data is said",
	customer_frustration: () => "The caller loses patience, or asks for a person and is not handed over",
	agent_stuck: () => "The agent repeats itself, or calls a tool again that had worked",
	dead_air: (c) => `Nobody speaks for ${number(c.threshold)} s`,
	call_error: () => "The call fails, or the agent tells of an error",
};

/** What a rule looks for, in a sentence without its full stop. */
export function conditionWords(c: Condition): string {
	return wordsOf[c.type](c);
}

/** Where on a call's page an alert is shown. */
export function placeOf(a: { turn: number | null; at_ms: number }): { turn?: number; t?: number } {
	return a.turn == null ? { t: Math.floor(a.at_ms / 1000) } : { turn: a.turn };
}
