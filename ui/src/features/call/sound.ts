// What was heard in the kept recording, as the page draws it. All in
// milliseconds from the start of the file, which is taken as the answer.

import type { Answer } from "../../api/client";
import { duration, latency, offset, plural, share } from "../../lib/format";
import { alertTypes, wordOf } from "../../lib/words";
import { kindName } from "./hidden";
import { cutIn, type Lanes, type Marker } from "./lanes";
import { type TurnLatency, turnLatencies } from "./latency";
import type { Turn } from "./types";

export type SoundReport = Answer<"/v1/calls/{id}/audio", "get">;
export type Alert = Answer<"/v1/alerts", "get">["items"][number];

export interface Span {
	start: number;
	end: number;
}

export interface Silence extends Span {
	/** Whose turn it was: agent, customer, unknown. */
	of: string;
}

export interface Lane {
	/** "both" where nothing can be told of who speaks. */
	role: "agent" | "user" | "both";
	pairs: number[];
	spans: Span[];
	/** Where personal data is muted on it. */
	muted: Span[];
}

const span = (s: number[]): Span => ({ start: (s[0] ?? 0) * 1000, end: (s[1] ?? 0) * 1000 });
const spans = (list: number[][] | null | undefined): Span[] => (list ?? []).map(span);

/** Where a channel is muted; where any is, without one. */
function mutedOn(r: SoundReport, channel?: number): Span[] {
	return (r.redactions ?? [])
		.filter((x) => channel === undefined || x.channel == null || x.channel === channel)
		.map((x) => ({ start: x.start_ms, end: x.end_ms }));
}

/** The agent above, the caller below; one lane where both are on one channel. */
export function soundLanes(r: SoundReport): Lane[] {
	const channels = r.peaks?.channels ?? [];
	const agent = r.agent_channel?.channel;
	if (agent == null || channels.length < 2)
		return [{ role: "both", pairs: channels[0] ?? [], spans: spans(r.speech), muted: mutedOn(r) }];
	const side = (role: "agent" | "user", channel: number, speech: number[][] | null): Lane => ({
		role,
		pairs: channels[channel] ?? [],
		spans: spans(speech),
		muted: mutedOn(r, channel),
	});
	return [side("agent", agent, r.segments.agent), side("user", 1 - agent, r.segments.customer)];
}

export function silencesOf(r: SoundReport): Silence[] {
	return (r.silences ?? []).map((s, i) => ({ ...span(s), of: r.silence_of?.[i] ?? "unknown" }));
}

const silenceWords: Record<string, string> = {
	agent: ", the agent's turn",
	customer: ", the caller's turn",
};

const sides: Record<string, string> = { agent: "caller", user: "agent" };

function heardMarkers(r: SoundReport): Marker[] {
	const out: Marker[] = [];
	for (const i of r.interruptions ?? []) {
		const by = i.by === "agent" ? "agent" : "user";
		const after = i.yielded ? `stopped after ${latency(i.yield_ms)}` : `went on for ${latency(i.yield_ms)}`;
		const label = `${cutIn(by)}, the ${sides[by]} ${after}`;
		out.push({ kind: "interruption", at: i.at * 1000, label, bad: false, turn: null });
	}
	for (const s of silencesOf(r)) {
		const label = `Nobody speaks for ${latency(s.end - s.start)}${silenceWords[s.of] ?? ""}`;
		out.push({ kind: "silence", at: s.start, label, bad: false, turn: null });
	}
	if (r.beep) {
		const label = "An answering machine's beep";
		out.push({ kind: "beep", at: r.beep.at * 1000, label, bad: false, turn: null });
	}
	return out;
}

/** Where something is muted: in place of where the transcript says that it is hidden. */
function mutedMarkers(r: SoundReport, lanes: Lanes): Marker[] {
	return (r.redactions ?? []).map((x) => {
		const near = lanes.markers.find((m) => m.kind === "redaction" && m.at >= x.start_ms && m.at <= x.end_ms);
		const label = `${kindName(x.kind)}, muted for ${latency(x.end_ms - x.start_ms)}`;
		return { kind: "redaction", at: x.start_ms, label, bad: false, turn: near?.turn ?? null };
	});
}

function alertMarkers(alerts: Alert[]): Marker[] {
	return alerts.map((a) => ({
		kind: "alert",
		severity: a.severity,
		at: a.at_ms,
		label: `${wordOf(alertTypes, a.type).text}. ${a.message}`,
		bad: false,
		turn: a.turn,
	}));
}

/**
 * The call's lanes with what was heard: interruptions that were heard take the
 * place of those that the vendor tells of.
 */
export function withHeard(lanes: Lanes, r: SoundReport, alerts: Alert[]): Lanes {
	const muted = mutedMarkers(r, lanes);
	const own = lanes.markers.filter(
		(m) => !(m.kind === "interruption" && r.agent_channel) && !(m.kind === "redaction" && muted.length > 0),
	);
	const markers = [...own, ...heardMarkers(r), ...muted, ...alertMarkers(alerts)].sort((a, b) => a.at - b.at);
	const length = Math.max(lanes.length, r.format.seconds * 1000, ...markers.map((m) => m.at));
	return { ...lanes, markers, length };
}

/** How long the caller waited: as it was heard, and as the vendor claims. */
export interface Response {
	at: number;
	heard: number | null;
	claimed: number | null;
}

/** The vendor's times and the recording's differ a little; further apart they mean another turn. */
const sameMs = 1500;

export function responsesOf(r: SoundReport, turns: Turn[]): Response[] {
	const claims = turnLatencies(turns).filter((l) => l.claimed && l.at !== null);
	const free = new Set(claims);
	const out: Response[] = [];
	for (const l of r.agent_latency ?? []) {
		const at = l.at * 1000;
		const claim = nearest(free, at);
		if (claim) free.delete(claim);
		out.push({ at, heard: l.ms, claimed: claim?.total ?? null });
	}
	for (const l of free) out.push({ at: l.at ?? 0, heard: null, claimed: l.total });
	return out.sort((a, b) => a.at - b.at);
}

function nearest(claims: Set<TurnLatency>, at: number): TurnLatency | undefined {
	let best: TurnLatency | undefined;
	const away = (l: TurnLatency) => Math.abs((l.at ?? 0) - at);
	for (const l of claims) if (away(l) <= sameMs && (!best || away(l) < away(best))) best = l;
	return best;
}

/** "heard 1.24 s, claimed 2.31 s" */
export function responseWords(r: Response): string {
	return [
		r.heard !== null && (r.heard < 0 ? `began ${latency(-r.heard)} early` : `heard ${latency(r.heard)}`),
		r.claimed !== null && `claimed ${latency(r.claimed)}`,
	]
		.filter(Boolean)
		.join(", ");
}

/** The waveform in words, for who cannot see it. */
export function told(r: SoundReport): string {
	const length = duration(r.format.seconds * 1000);
	const quiet = plural((r.silences ?? []).length, "silence");
	const talk = r.metrics.talk_ratio_agent;
	if (!r.agent_channel)
		return `Waveform of ${length}, both speakers on one channel, with ${quiet} of 2 s or longer.`;
	const cuts = plural((r.interruptions ?? []).length, "interruption");
	const by = talk == null ? "" : ` The agent has ${share(talk, 0)} of the speech.`;
	return `Waveform of ${length}, agent and caller.${by} ${cuts}, ${quiet} of 2 s or longer.`;
}

/** Of a list of moments the one within reach of a pointer. */
export function responseAt(list: Response[], ms: number, reach: number): Response | undefined {
	return list.find((r) => ms >= r.at - reach / 4 && ms <= r.at + reach);
}

export const momentOf = (r: Response): string => offset(r.at);
