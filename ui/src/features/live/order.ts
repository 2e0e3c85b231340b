// Which calls the table shows, and in which order.

import { alertSeverities } from "../../lib/words";
import { type Ended, elapsedMs, type LiveState } from "./fold";
import type { AlertChoice, LiveSearch, LiveSort } from "./search";
import type { LiveCall } from "./types";

/** The worst last. */
export const severityOrder = Object.keys(alertSeverities).reverse();

/** How bad a call's worst open alert is; 0 without any. */
export function rankOf(call: LiveCall): number {
	return Math.max(0, ...(call.alerts ?? []).map((a) => 1 + severityOrder.indexOf(a.severity)));
}

const chosen: Record<AlertChoice, (c: LiveCall) => boolean> = {
	critical: (c) => (c.alerts ?? []).some((a) => a.severity === "critical"),
	new: (c) => (c.alerts ?? []).some((a) => a.status === "triggered"),
	open: (c) => (c.alerts ?? []).length > 0,
	none: (c) => (c.alerts ?? []).length === 0,
};

/** The value of the agent filter for calls that name no agent. */
export const noAgent = "-";

export const agentKey = (c: LiveCall): string => c.agentId || c.agent || noAgent;
export const agentName = (c: Pick<LiveCall, "agent">): string => c.agent || "No agent";

const list = (joined: string | undefined) => joined?.split(",").filter(Boolean) ?? [];

export function passes(c: LiveCall, s: LiveSearch, seconds: number): boolean {
	const agents = list(s.agent);
	const alerts = list(s.alerts) as AlertChoice[];
	const providers = list(s.provider);
	return (
		(agents.length === 0 || agents.includes(agentKey(c))) &&
		(alerts.length === 0 || alerts.some((a) => chosen[a](c))) &&
		(providers.length === 0 || providers.includes(c.provider)) &&
		(s.min === undefined || seconds >= s.min) &&
		(s.max === undefined || seconds <= s.max) &&
		(s.simulation === undefined || s.simulation === c.isSimulation)
	);
}

export function anyFilter(s: LiveSearch): boolean {
	const { agent, alerts, provider, min, max, simulation } = s;
	return [agent, alerts, provider, min, max, simulation].some((v) => v !== undefined);
}

export interface Row {
	call: LiveCall;
	ended: Ended | null;
	/** When it began, in ms, and its worst alert: what rows are sorted by. */
	started: number;
	rank: number;
}

export const rowOf = (call: LiveCall, ended: Ended | null): Row => ({
	call,
	ended,
	started: Date.parse(call.startedAt),
	rank: rankOf(call),
});

export interface Group {
	key: string;
	name: string;
	rows: Row[];
}

/** How long a call that has ended stays in the table. */
const lingerMs = 8000;

/** Every call that passes, with those that have just ended. */
export function rowsOf(state: LiveState, search: LiveSearch, now: number): Row[] {
	const rows: Row[] = [];
	for (const call of state.calls.values()) {
		const row = rowOf(call, null);
		const seconds = Math.floor(elapsedMs(row.started, now, state.skew) / 1000);
		if (passes(call, search, seconds)) rows.push(row);
	}
	for (const ended of state.ended.values()) {
		if (now - ended.at < lingerMs && passes(ended.call, search, ended.duration))
			rows.push(rowOf(ended.call, ended));
	}
	return rows;
}

const newestFirst = (a: Row, b: Row) => b.started - a.started || (a.call.id < b.call.id ? -1 : 1);

function byScore(a: Row, b: Row, down: boolean): number {
	const [x, y] = [a.call.currentScore, b.call.currentScore];
	if (x === null || y === null) return Number(x === null) - Number(y === null);
	return down ? y - x : x - y;
}

export function sorted(rows: Row[], sort: LiveSort | undefined): Row[] {
	const compare = (a: Row, b: Row): number => {
		switch (sort) {
			case "duration":
				return newestFirst(a, b);
			case "-duration":
				return newestFirst(b, a);
			case "score":
			case "-score":
				return byScore(a, b, sort === "-score") || newestFirst(a, b);
			default:
				return b.rank - a.rank || newestFirst(a, b);
		}
	};
	return [...rows].sort(compare);
}

/** The rows by agent; the agent with the worst alert first, then by name. */
export function grouped(rows: Row[]): Group[] {
	const groups = new Map<string, Group>();
	for (const row of rows) {
		const key = agentKey(row.call);
		const g = groups.get(key) ?? { key, name: agentName(row.call), rows: [] };
		g.rows.push(row);
		groups.set(key, g);
	}
	const worst = (g: Group) => Math.max(...g.rows.map((r) => r.rank));
	return [...groups.values()].sort((a, b) => worst(b) - worst(a) || a.name.localeCompare(b.name));
}

export interface Sum {
	active: number;
	score: number | null;
	alerts: number;
	/** The call that has lasted longest. */
	longest: LiveCall | null;
}

export function sumOf(rows: Row[]): Sum {
	let [active, total, n, alerts] = [0, 0, 0, 0];
	let longest: Row | null = null;
	for (const row of rows) {
		const { call, ended } = row;
		if (ended) continue;
		active++;
		alerts += call.alerts?.length ?? 0;
		if (call.currentScore !== null) {
			total += call.currentScore;
			n++;
		}
		if (!longest || row.started < longest.started) longest = row;
	}
	return { active, score: n > 0 ? total / n : null, alerts, longest: longest?.call ?? null };
}

/**
 * Puts an order on hold: what stood there stays where it was, what is new goes
 * on top where `enter` lets it in. Of a score that changes all the time only
 * the moment of asking counts.
 */
export function held(before: readonly string[], wanted: readonly string[], enter: boolean): string[] {
	const known = new Set(before);
	const there = new Set(wanted);
	if (!enter) return [...before];
	return [...wanted.filter((id) => !known.has(id)), ...before.filter((id) => there.has(id))];
}

/** How many rows would come, go or move if the order were let go. */
export function waiting(shown: readonly string[], wanted: readonly string[]): number {
	const [a, b] = [new Set(shown), new Set(wanted)];
	const coming = wanted.filter((id) => !a.has(id)).length;
	const going = shown.filter((id) => !b.has(id)).length;
	const stayA = shown.filter((id) => b.has(id));
	const stayB = wanted.filter((id) => a.has(id));
	const moved = stayA.filter((id, i) => id !== stayB[i]).length > 0 ? 1 : 0;
	return coming + going + moved;
}

/** Where the score went over its last minute. */
export function trendOf(points: readonly { score: number }[] | null): "rising" | "steady" | "falling" | null {
	const [first, last] = [points?.[0], points?.at(-1)];
	if (!first || !last || first === last) return null;
	const change = last.score - first.score;
	return Math.abs(change) < 3 ? "steady" : change > 0 ? "rising" : "falling";
}
