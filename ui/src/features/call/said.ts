// The transcript as rows: what was said, with what the agent did in its place.

import { asText } from "../../components/JsonView";
import { toolTime } from "./lanes";
import type { Call, Interruption, ToolCall, Turn } from "./types";

export type Row =
	| { kind: "turn"; key: string; turn: Turn; cut: Interruption | null }
	| { kind: "tool"; key: string; tool: ToolCall; at: number | null }
	| { kind: "interruption"; key: string; cut: Interruption };

type Parts = Pick<Call, "turns" | "tool_calls" | "interruptions">;

/** Whatever has no turn of its own stands before the first turn that began after it. */
function placeByTime(turns: Turn[], at: number | null): number {
	if (at === null) return -1;
	let place = -1;
	for (const [i, t] of turns.entries()) if (t.start_ms != null && t.start_ms <= at) place = i;
	return place;
}

export function rowsOf(call: Parts): Row[] {
	const turns = call.turns ?? [];
	const places = new Map(turns.map((t, i) => [t.index, i]));
	const cuts = new Map<number, Interruption>();
	const after = new Map<number, Row[]>();
	const put = (place: number, row: Row) => after.set(place, [...(after.get(place) ?? []), row]);

	for (const [i, tool] of (call.tool_calls ?? []).entries()) {
		const at = toolTime(tool, turns);
		const place =
			tool.turn == null ? placeByTime(turns, at) : (places.get(tool.turn) ?? placeByTime(turns, at));
		put(place, { kind: "tool", key: `tool-${i}`, tool, at });
	}
	for (const [i, cut] of (call.interruptions ?? []).entries()) {
		if (cut.turn != null && places.has(cut.turn) && !cuts.has(cut.turn)) cuts.set(cut.turn, cut);
		else put(placeByTime(turns, cut.at_ms), { kind: "interruption", key: `cut-${i}`, cut });
	}

	const rows = [...(after.get(-1) ?? [])];
	for (const [i, turn] of turns.entries()) {
		rows.push({ kind: "turn", key: `turn-${turn.index}`, turn, cut: cuts.get(turn.index) ?? null });
		rows.push(...(after.get(i) ?? []));
	}
	return rows;
}

/** Everything of a row that a person can find by its words. */
export function searchable(row: Row): string {
	switch (row.kind) {
		case "turn":
			return row.turn.text;
		case "tool": {
			const { name, arguments: args, result, error } = row.tool;
			return [name, args == null ? "" : asText(args), result == null ? "" : asText(result), error ?? ""].join(
				"\n",
			);
		}
		case "interruption":
			return "";
	}
}

export interface Found {
	/** Index of the row. */
	row: number;
	/** Range in a turn's text; null for a tool call, which counts once. */
	range: [number, number] | null;
}

/** Every place of a text, letter case aside. */
export function findIn(rows: Row[], query: string): Found[] {
	const wanted = query.trim();
	if (!wanted) return [];
	const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu");
	const out: Found[] = [];
	for (const [i, row] of rows.entries()) {
		const text = searchable(row);
		if (row.kind === "turn") {
			for (const m of text.matchAll(pattern)) out.push({ row: i, range: [m.index, m.index + m[0].length] });
		} else if (text.search(pattern) >= 0) {
			out.push({ row: i, range: null });
		}
	}
	return out;
}

export interface Emptiness {
	title: string;
	text: string;
}

const unanswered: Record<string, string> = {
	missed: "Nobody answered, so nothing was said.",
	declined: "The call was rejected before anybody spoke.",
};

/** Why there is no transcript, as far as anybody can tell. */
export function whyEmpty(
	call: Pick<Call, "status" | "withheld" | "outcome" | "answered_at" | "duration_ms" | "pipeline">,
	vendor: string,
): Emptiness {
	if ((call.withheld ?? []).includes("transcript")) {
		return {
			title: "Transcript withheld",
			text: `${vendor} was told not to store or send the transcript of this call. Its storage settings decide that; Ringside never received it.`,
		};
	}
	const missed = unanswered[call.status];
	if (missed) return { title: "No conversation", text: missed };
	if (call.status === "queued" || call.status === "ringing") {
		return {
			title: "Not answered yet",
			text: "The transcript begins when the call is answered. This page looks every 3 seconds.",
		};
	}
	if (call.status === "active") {
		return {
			title: "Nothing yet",
			text: `The call is in progress. ${vendor} sends the transcript as it goes or at the end; this page looks every 3 seconds.`,
		};
	}
	if (call.status === "failed" && !call.answered_at && !call.duration_ms) {
		return { title: "No conversation", text: "The call failed before it was answered." };
	}
	if (call.status === "unknown") {
		return {
			title: "No transcript came",
			text: `No end of this call was received, and no transcript. A report from ${vendor} that comes late still lands here.`,
		};
	}
	const made = call.pipeline?.find((s) => s.step === "transcription");
	if (made?.status === "waiting" || made?.status === "running") {
		return {
			title: "No transcript yet",
			text: `${vendor} sent none with this call, so its recording is being written down. ${made.reason ?? ""}`,
		};
	}
	if (made) {
		return {
			title: "No transcript",
			text: `${vendor} sent none with this call, and none was made from its recording. ${made.reason || "No words were made out in it."}`,
		};
	}
	return {
		title: "No transcript was sent",
		text: `${vendor} sent no transcript with this call. Check that its webhook sends the report after the call, and see Raw for what came.`,
	};
}
