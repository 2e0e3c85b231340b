// The debug log: what to leave out, what to show, and in which words.

import type { IconName } from "../../components/Icon";
import { humanise, reasonWords, type Tone } from "../../lib/words";
import type { LogEntry } from "./types";

interface KindWord {
	text: string;
	icon: IconName;
	tone: Tone;
}

const kinds: Record<string, KindWord> = {
	start: { text: "Start", icon: "play", tone: "quiet" },
	turn: { text: "Turn", icon: "note", tone: "quiet" },
	tool_call: { text: "Tool call", icon: "tool", tone: "info" },
	tool_result: { text: "Tool result", icon: "check", tone: "good" },
	interruption: { text: "Interruption", icon: "alert", tone: "watch" },
	endpointing: { text: "Endpointing", icon: "clock", tone: "quiet" },
	transcription: { text: "Transcriber", icon: "mic", tone: "quiet" },
	model: { text: "Model", icon: "command", tone: "quiet" },
	voice: { text: "Voice", icon: "wave", tone: "quiet" },
	network: { text: "Network", icon: "web", tone: "quiet" },
	span: { text: "Step", icon: "dot", tone: "quiet" },
	end: { text: "End", icon: "ring", tone: "quiet" },
};

export function kindWord(e: Pick<LogEntry, "kind" | "role" | "error" | "detail">): KindWord {
	const known = kinds[e.kind] ?? { text: humanise(e.kind), icon: "dot", tone: "quiet" };
	const word = e.kind === "span" && e.detail ? { ...known, text: humanise(e.detail) } : known;
	if (e.error) return { ...word, icon: e.kind === "tool_result" ? "close" : word.icon, tone: "bad" };
	if (e.kind === "turn") return { ...word, icon: e.role === "agent" ? "agents" : "person" };
	return word;
}

/** Spans named "tool" tell again what the tool calls tell better. */
export function withoutEchoes(entries: LogEntry[]): LogEntry[] {
	if (!entries.some((e) => e.kind === "tool_call")) return entries;
	return entries.filter((e) => !(e.kind === "span" && e.detail === "tool"));
}

/** "errors" is no kind but goes with them: it shows what failed. */
export const errorsOnly = "errors";

export interface KindCount {
	kind: string;
	text: string;
	count: number;
}

/** The kinds that occur, in the order of the table, with errors at the end. */
export function kindCounts(entries: LogEntry[]): KindCount[] {
	const counts = new Map<string, number>();
	for (const e of entries) counts.set(e.kind, (counts.get(e.kind) ?? 0) + 1);
	const names = Object.keys(kinds);
	const place = (kind: string) => (names.indexOf(kind) + names.length + 1) % (names.length + 1);
	const out = [...counts]
		.sort(([a], [b]) => place(a) - place(b))
		.map(([kind, count]) => ({ kind, count, text: kinds[kind]?.text ?? humanise(kind) }));
	const errors = entries.filter((e) => e.error).length;
	return errors > 0 ? [...out, { kind: errorsOnly, count: errors, text: "Errors" }] : out;
}

export function chosenKinds(joined: string | undefined): string[] {
	return joined ? joined.split(",").filter(Boolean) : [];
}

export function filterLog(entries: LogEntry[], chosen: string[]): LogEntry[] {
	if (chosen.length === 0) return entries;
	return entries.filter((e) => chosen.includes(e.kind) || (Boolean(e.error) && chosen.includes(errorsOnly)));
}

/** A span without a title of its own has its name there. */
export const titleOf = (e: LogEntry): string =>
	e.kind === "span" && e.title === e.detail ? humanise(e.title) : e.title;

const details: Record<string, string> = {
	claimed: "claimed by the vendor",
	heard: "measured from the audio",
};

/** The line under an entry's title. */
export function detailOf(e: LogEntry): string {
	if (!e.detail || e.kind === "span") return "";
	if (e.kind === "end") return reasonWords(e.detail);
	return details[e.detail] ?? e.detail;
}
