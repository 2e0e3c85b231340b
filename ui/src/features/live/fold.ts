// What the stream's events make of the calls in progress. Pure: the same
// events give the same state.

import type { Frame, LiveCall } from "./types";

export interface Ended {
	call: LiveCall;
	/** When the page heard of it, by its own clock. */
	at: number;
	/** Empty when the end itself was missed. */
	status: string;
	score: number | null;
	/** Seconds. */
	duration: number;
}

export interface LiveState {
	/** Whether everything that goes on is known: a snapshot has come. */
	ready: boolean;
	/** Number of the newest event. */
	seq: number;
	calls: ReadonlyMap<string, LiveCall>;
	/** Those that ended within the last minute. */
	ended: ReadonlyMap<string, Ended>;
	/** By how much this clock is ahead of the server's, in ms; null while nothing tells. */
	skew: number | null;
}

export const nothing: LiveState = {
	ready: false,
	seq: 0,
	calls: new Map(),
	ended: new Map(),
	skew: null,
};

const endedMs = 60_000;

interface Draft {
	ready: boolean;
	seq: number;
	calls: Map<string, LiveCall>;
	ended: Map<string, Ended>;
	skew: number | null;
}

/** Adds events to a state. Numbered ones that it has already are dropped. */
export function fold(state: LiveState, frames: readonly Frame[], now: number): LiveState {
	const d: Draft = { ...state, calls: new Map(state.calls), ended: new Map() };
	for (const [id, e] of state.ended) if (now - e.at < endedMs) d.ended.set(id, e);
	for (const f of frames) take(d, f, now);
	return d;
}

function take(d: Draft, f: Frame, now: number) {
	if (f.type === "snapshot") {
		snapshot(d, f.activeCalls, now);
		d.seq = f.seq;
		return;
	}
	if (f.seq > 0 && f.seq <= d.seq) return;
	d.seq = Math.max(d.seq, f.seq);
	switch (f.type) {
		case "call_started":
		case "call_updated":
			d.calls.set(f.callId, f.call);
			d.ended.delete(f.callId);
			d.skew = skewOf(d.skew, f.call.updatedAt, now);
			return;
		case "call_ended": {
			const call = d.calls.get(f.callId);
			d.calls.delete(f.callId);
			if (call) {
				const { status, duration, finalScore: score } = f;
				d.ended.set(f.callId, { call, at: now, status, duration, score });
			}
			return;
		}
		case "resync":
			d.ready = false;
			return;
		case "ping":
			d.skew = skewOf(d.skew, f.at, now);
	}
}

/** Everything anew. Who is gone has ended while nobody looked. */
function snapshot(d: Draft, calls: LiveCall[], now: number) {
	const before = d.calls;
	d.calls = new Map(calls.map((c) => [c.id, c]));
	for (const [id, call] of before) {
		if (d.calls.has(id)) continue;
		d.ended.set(id, { call, at: now, status: "", duration: call.duration, score: call.currentScore });
	}
	for (const c of calls) {
		d.ended.delete(c.id);
		d.skew = skewOf(d.skew, new Date(Date.parse(c.startedAt) + c.duration * 1000 + 500).toISOString(), now);
	}
	d.ready = true;
}

/** Of several messages the one that was fastest tells best how the clocks differ. */
export function skewOf(skew: number | null, serverTime: string, now: number): number | null {
	const seen = now - Date.parse(serverTime);
	if (!Number.isFinite(seen)) return skew;
	return skew === null ? seen : Math.min(skew, seen);
}

/** Less than this is the way the message took, or rounding. */
const sameClockMs = 2000;

/** The time by the server's clock. */
const serverTime = (now: number, skew: number | null): number =>
	skew !== null && Math.abs(skew) >= sameClockMs ? now - skew : now;

/** How long a call has lasted, in ms, by the server's clock. */
export function elapsedMs(startedAt: string | number, now: number, skew: number | null): number {
	const started = typeof startedAt === "number" ? startedAt : Date.parse(startedAt);
	return Math.max(0, serverTime(now, skew) - started);
}

/** How many whole seconds are left until a time, by the server's clock. */
export function secondsUntil(time: string, now: number, skew: number | null): number {
	return Math.max(0, Math.floor((Date.parse(time) - serverTime(now, skew)) / 1000));
}
