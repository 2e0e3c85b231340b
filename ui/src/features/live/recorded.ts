// A live call in the shape of a recorded one, so that the same parts draw both.

import type { Call, ToolCall, Turn } from "../call/types";
import { linesOf, type One } from "./one";
import type { Line, LiveDetail, LiveResponse } from "./types";
import { roleOf } from "./words";

export type Parts = Pick<
	Call,
	"provider" | "turns" | "tool_calls" | "interruptions" | "findings" | "duration_ms"
>;

/** The axis of a call that goes on grows in steps: it does not crawl. */
const stepMs = 30_000;

export function partsOf(one: One, detail: LiveDetail, elapsedMs: number): Parts {
	return {
		provider: detail.provider,
		turns: turnsOf(linesOf(one), detail.responses ?? []),
		tool_calls: (detail.tools ?? []) as ToolCall[],
		interruptions: [],
		findings: detail.findings ?? [],
		duration_ms: Math.ceil((elapsedMs + 1) / stepMs) * stepMs,
	};
}

/** A recorded call whose vendor gave no waits keeps those that were measured while it was live. */
export function withWaits(call: Call, responses: LiveResponse[]): Call {
	const turns = call.turns ?? [];
	if (turns.some((t) => t.latency)) return call;
	const waits = new Map(responses.map((r) => [r.turn, { total_ms: r.ms, source: r.source }]));
	return { ...call, turns: turns.map((t) => ({ ...t, latency: waits.get(t.index) ?? t.latency })) };
}

export function turnsOf(lines: Line[], responses: LiveResponse[]): Turn[] {
	const waits = new Map(responses.map((r) => [r.turn, r]));
	return lines.map((l) => {
		const wait = waits.get(l.turn);
		return {
			index: l.turn,
			role: roleOf(l.speaker) ?? "user",
			text: l.text,
			start_ms: l.timestamp > 0 || l.turn === 0 ? Math.round(l.timestamp * 1000) : null,
			end_ms: null,
			interrupted: false,
			latency: wait ? { total_ms: wait.ms, source: wait.source } : undefined,
		} as Turn;
	});
}
