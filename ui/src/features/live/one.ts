// What the stream's events make of one call: what is said, word for word, and
// how it stands. Pure.

import { skewOf } from "./fold";
import type { CallAlert, EndFrame, Frame, Line, LiveCall, LiveDetail, Speaker } from "./types";

export interface One {
	seq: number;
	call: LiveCall | null;
	/** Turns by their index. */
	lines: ReadonlyMap<number, Line>;
	/** Turns that the stream has told since its snapshot: what was asked for apart is older. */
	fresh: ReadonlySet<number>;
	/** What each side is saying. */
	partials: Readonly<Partial<Record<Speaker, Line>>>;
	/** Whether the stream has told of words; until then what was asked for counts. */
	heard: boolean;
	resolved: readonly { alert: CallAlert; by: string }[];
	/** Null again when the call begins anew under its id. */
	ended: EndFrame | null;
	skew: number | null;
}

export const silence: One = {
	seq: 0,
	call: null,
	lines: new Map(),
	fresh: new Set(),
	partials: {},
	heard: false,
	resolved: [],
	ended: null,
	skew: null,
};

/** Adds events about one call. Numbered ones that it has already are dropped. */
export function foldOne(state: One, frames: readonly Frame[], now: number): One {
	return frames.reduce((s, f) => next(s, f, now), state);
}

function next(s: One, f: Frame, now: number): One {
	if (f.type === "snapshot") return { ...snapshot(s, f.activeCalls[0] ?? null), seq: f.seq };
	if (f.seq > 0 && f.seq <= s.seq) return s;
	const seq = Math.max(s.seq, f.seq);
	switch (f.type) {
		case "call_started":
		case "call_updated":
			return { ...s, seq, call: f.call, ended: null, skew: skewOf(s.skew, f.call.updatedAt, now) };
		case "transcript":
			return { ...(f.line.partial ? partial(s, f.line) : turn(s, f.line)), seq };
		case "alert_resolved": {
			const others = s.resolved.filter((r) => r.alert.id !== f.alert.id);
			return { ...s, seq, resolved: [...others, { alert: f.alert, by: f.resolvedBy ?? "" }] };
		}
		case "call_ended":
			return { ...s, seq, ended: f, partials: {} };
		case "ping":
			return { ...s, skew: skewOf(s.skew, f.at, now) };
		default:
			return { ...s, seq };
	}
}

/** A call that is missing from it has ended while nobody looked. */
function snapshot(s: One, call: LiveCall | null): One {
	if (call) return { ...s, call, ended: null, fresh: new Set(), heard: false };
	const ended: EndFrame = {
		seq: 0,
		type: "call_ended",
		callId: s.call?.id ?? "",
		finalScore: s.call?.currentScore ?? null,
		duration: s.call?.duration ?? 0,
		status: "",
	};
	return { ...s, ended: s.ended ?? ended, partials: {} };
}

function partial(s: One, line: Line): One {
	return { ...s, heard: true, partials: { ...s.partials, [line.speaker]: line } };
}

/** What was being said is said now; a correction of an earlier turn leaves it. */
function turn(s: One, line: Line): One {
	const lines = new Map(s.lines).set(line.turn, line);
	const fresh = new Set(s.fresh).add(line.turn);
	const saying = s.partials[line.speaker];
	const partials = { ...s.partials };
	if (saying && line.turn >= saying.turn) delete partials[line.speaker];
	return { ...s, lines, fresh, partials, heard: true };
}

/** Adds what was asked for apart. What the stream has told is newer. */
export function withDetail(s: One, d: LiveDetail): One {
	const lines = new Map(s.lines);
	for (const line of d.transcript ?? []) if (!s.fresh.has(line.turn)) lines.set(line.turn, line);
	const partials = s.heard || s.ended ? s.partials : {};
	if (!s.heard && !s.ended)
		for (const line of d.partials ?? []) Object.assign(partials, { [line.speaker]: line });
	return { ...s, call: s.call ?? d, lines, partials };
}

export const linesOf = (s: One): Line[] => [...s.lines.values()].sort((a, b) => a.turn - b.turn);

export const sayingOf = (s: One): Line[] =>
	[s.partials.agent, s.partials.customer]
		.filter((l) => l !== undefined && l.text !== "")
		.sort((a, b) => (a?.timestamp ?? 0) - (b?.timestamp ?? 0)) as Line[];
