import type { Answer } from "../../api/client";

type Element<T> = NonNullable<T> extends readonly (infer E)[] ? NonNullable<E> : never;

/** A call in progress as the list and the stream show it. */
export type LiveCall = Element<Answer<"/v1/live-calls", "get">["activeCalls"]>;
export type LiveDetail = Answer<"/v1/live-calls/{id}", "get">;
export type CallAlert = Element<LiveCall["alerts"]>;
/** What a rule proposes to do to the call, or what came of it. */
export type Proposal = Element<LiveCall["proposals"]>;
export type Point = Element<LiveCall["scoreTrend"]>;
export type Line = Element<LiveDetail["transcript"]>;
export type Speaker = Line["speaker"];
export type LiveResponse = Element<LiveDetail["responses"]>;
export type Span = Element<LiveDetail["spans"]>;

interface Numbered {
	/** Counts a workspace's events; 0 on those that are no call's. */
	seq: number;
}

interface OfCall extends Numbered {
	callId: string;
}

/** The stream's events (internal/live/hub.go). */
export type Frame =
	| ({ type: "snapshot"; activeCalls: LiveCall[] } & Numbered)
	| ({ type: "call_started" | "call_updated"; call: LiveCall } & OfCall)
	| ({ type: "transcript"; line: Line } & OfCall)
	| ({ type: "alert_triggered" | "alert_resolved"; alert: CallAlert; resolvedBy?: string } & OfCall)
	| EndFrame
	| ({ type: "resync" } & Numbered)
	| ({ type: "ping"; at: string } & Numbered);

export interface EndFrame extends OfCall {
	type: "call_ended";
	finalScore: number | null;
	/** Seconds. */
	duration: number;
	status: string;
	endedReason?: string;
}
