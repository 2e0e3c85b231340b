import { act } from "@testing-library/react";
import { vi } from "vitest";
import type { Frame, LiveCall } from "../features/live/types";

/** Stands for the browser's connection to the stream; the test plays the server. */
export class FakeStream extends EventTarget {
	static all: FakeStream[] = [];
	readonly url: URL;
	readyState = 0;
	onopen: (() => void) | null = null;
	onerror: (() => void) | null = null;

	constructor(url: string) {
		super();
		this.url = new URL(url, "http://localhost");
		FakeStream.all.push(this);
	}

	close() {
		this.readyState = 2;
	}

	accept() {
		this.readyState = 1;
		act(() => this.onopen?.());
	}

	/** Loses the connection, or refuses it. */
	fail(refused = false) {
		this.readyState = refused ? 2 : 0;
		act(() => this.onerror?.());
	}

	send(...frames: Frame[]) {
		act(() => {
			for (const f of frames) {
				const lastEventId = f.seq > 0 ? `epoch-${f.seq}` : "";
				this.dispatchEvent(new MessageEvent(f.type, { data: JSON.stringify(f), lastEventId }));
			}
		});
	}

	/** The newest one that is open, of a call or of the whole list. */
	static open(ofCall = false): FakeStream {
		const found = FakeStream.all.findLast(
			(s) => s.readyState < 2 && s.url.searchParams.has("callIds") === ofCall,
		);
		if (!found) throw new Error("no stream is open");
		return found;
	}
}

export function fakeStreams() {
	FakeStream.all = [];
	vi.stubGlobal("EventSource", FakeStream);
}

/** A call in progress that began some seconds ago. */
export function liveCall(id: string, change: Partial<LiveCall> = {}, secondsAgo = 60): LiveCall {
	return {
		id,
		shortId: id.slice(-4),
		provider: "custom",
		providerCallId: id,
		from: "+14155550100",
		to: "+14155550199",
		direction: "inbound",
		agent: "Front desk",
		agentId: "agent_1",
		status: "in_progress",
		startedAt: new Date(Date.now() - secondsAgo * 1000).toISOString(),
		duration: secondsAgo,
		currentScore: 88,
		scoreTrend: [],
		alerts: [],
		proposals: [],
		isSimulation: false,
		lastLine: { turn: 0, speaker: "agent", text: `Hello from ${id}`, timestamp: 1 },
		turns: 1,
		toolsUsed: 0,
		responseMs: null,
		lastResponseMs: null,
		silentSince: null,
		updatedAt: new Date().toISOString(),
		...change,
	};
}

export function alert(id: string, severity: string, change: object = {}) {
	return {
		id,
		type: "dead_air",
		severity,
		message: `Nobody has spoken (${id})`,
		triggeredAt: 31,
		status: "triggered",
		turn: null,
		rule: "dead_air",
		...change,
	};
}
