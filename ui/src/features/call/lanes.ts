// The two lanes of a call on one axis of time: who spoke when, what the agent
// did, and where somebody cut in. All in milliseconds from the answer.

import { findings, wordOf } from "../../lib/words";
import { hiddenMarkers } from "./hidden";
import type { Call, ToolCall, Turn } from "./types";

export interface Segment {
	turn: number;
	role: Turn["role"];
	start: number;
	end: number;
	/** The vendor gave no end: it is guessed from the text. */
	guessed: boolean;
	interrupted: boolean;
}

export interface Marker {
	kind: "tool" | "interruption" | "finding" | "alert" | "silence" | "beep" | "redaction";
	/** What sort of finding, and how much it or an alert matters. */
	finding?: string;
	severity?: string;
	at: number;
	label: string;
	bad: boolean;
	turn: number | null;
}

export interface Lanes {
	length: number;
	segments: Segment[];
	markers: Marker[];
	/** Some ends are guessed. */
	guessed: boolean;
}

/** Speech runs at about 15 characters a second; nothing is shorter than a "yes". */
const msPerCharacter = 65;
const shortest = 600;

function guessEnd(turns: Turn[], i: number, start: number): number {
	const spoken = start + Math.max(shortest, (turns[i]?.text.length ?? 0) * msPerCharacter);
	const next = turns.slice(i + 1).find((t) => t.start_ms != null && t.start_ms >= start)?.start_ms;
	return next == null ? spoken : Math.max(start + 1, Math.min(spoken, next));
}

export function segmentsOf(turns: Turn[]): Segment[] {
	const out: Segment[] = [];
	turns.forEach((t, i) => {
		if (t.start_ms == null) return;
		const known = t.end_ms != null && t.end_ms > t.start_ms;
		out.push({
			turn: t.index,
			role: t.role,
			start: t.start_ms,
			end: known ? (t.end_ms ?? 0) : guessEnd(turns, i, t.start_ms),
			guessed: !known,
			interrupted: t.interrupted,
		});
	});
	return out;
}

/** Where a tool call stands on the axis: its own time, else that of its turn. */
export function toolTime(tool: ToolCall, turns: Turn[]): number | null {
	if (tool.start_ms != null) return tool.start_ms;
	return tool.turn == null ? null : (turns.find((t) => t.index === tool.turn)?.start_ms ?? null);
}

export const cutIn = (by: string): string => (by === "agent" ? "The agent cut in" : "The caller cut in");

type Drawn = Pick<Call, "turns" | "tool_calls" | "interruptions" | "findings" | "duration_ms">;

export function lanesOf(call: Drawn): Lanes {
	const turns = call.turns ?? [];
	const segments = segmentsOf(turns);
	const markers: Marker[] = [];
	for (const tool of call.tool_calls ?? []) {
		const at = toolTime(tool, turns);
		if (at === null) continue;
		const label = tool.error ? `${tool.name} failed` : tool.name;
		markers.push({ kind: "tool", at, label, bad: Boolean(tool.error), turn: tool.turn ?? null });
	}
	for (const n of call.interruptions ?? []) {
		if (n.at_ms == null) continue;
		markers.push({ kind: "interruption", at: n.at_ms, label: cutIn(n.by), bad: false, turn: n.turn ?? null });
	}
	for (const f of call.findings ?? []) {
		if (f.at_ms == null) continue;
		markers.push({
			kind: "finding",
			finding: f.kind,
			severity: f.severity,
			at: f.at_ms,
			label: `${wordOf(findings, f.kind).text}. ${f.detail}`,
			bad: false,
			turn: f.turn,
		});
	}
	markers.push(...hiddenMarkers(turns));
	markers.sort((a, b) => a.at - b.at);
	const length = Math.max(
		call.duration_ms ?? 0,
		...segments.map((s) => (s.guessed ? s.start : s.end)),
		...markers.map((m) => m.at),
	);
	return { length, segments, markers, guessed: segments.some((s) => s.guessed) };
}

/** The last turn that began at or before a moment; -1 before the first. */
export function turnAt(segments: Segment[], ms: number): number {
	let current = -1;
	let latest = -1;
	for (const s of segments) {
		if (s.start <= ms && s.start >= latest) {
			current = s.turn;
			latest = s.start;
		}
	}
	return current;
}

/** Pins closer than this share of the axis would hide each other. */
const pinShare = 0.016;

/**
 * For pins in order of time: by how many of its own widths each must step
 * aside so that those around it stay in sight. At the end of the axis they
 * step back.
 */
export function asides(times: number[], length: number): number[] {
	const width = length * pinShare;
	const own = times.map((t) => Math.min(t, length));
	const at = [...own];
	for (let i = 1; i < at.length; i++) at[i] = Math.max(at[i] ?? 0, (at[i - 1] ?? 0) + width);
	let end = length;
	for (let i = at.length - 1; i >= 0; i--) {
		at[i] = Math.min(at[i] ?? 0, end);
		end = (at[i] ?? 0) - width;
	}
	return at.map((x, i) => (width > 0 ? (x - (own[i] ?? 0)) / width : 0));
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((s) => s * 1000);

/** Round moments for the axis, at most `most` of them. */
export function ticks(length: number, most: number): number[] {
	if (length <= 0) return [];
	const step = steps.find((s) => length / s <= most) ?? Math.ceil(length / most / 3_600_000) * 3_600_000;
	return Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => i * step);
}

/** Rectangles as one SVG path on an axis `width` units long. */
export function pathOf(spans: { start: number; end: number }[], length: number, width: number): string {
	const x = (ms: number) => Math.min(width, Math.max(0, (ms / length) * width));
	return spans
		.map((s) => {
			const from = x(s.start);
			const w = Math.max(1, x(s.end) - from);
			return `M${from.toFixed(1)} 0h${w.toFixed(1)}v1h-${w.toFixed(1)}z`;
		})
		.join("");
}
