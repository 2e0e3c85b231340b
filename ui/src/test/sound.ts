import { act } from "@testing-library/react";
import { vi } from "vitest";

/** Stands for a socket of sound; the test plays the server. */
export class FakeSocket {
	static all: FakeSocket[] = [];
	readonly url: string;
	binaryType = "blob";
	closed = false;
	onmessage: ((e: { data: unknown }) => void) | null = null;
	onclose: ((e: { code: number; reason: string }) => void) | null = null;

	constructor(url: string) {
		this.url = url;
		FakeSocket.all.push(this);
	}

	close() {
		this.closed = true;
	}

	send(data: unknown) {
		act(() => this.onmessage?.({ data }));
	}

	/** Ends the connection from the server's side. */
	end(code: number, reason = "") {
		act(() => this.onclose?.({ code, reason }));
	}
}

class FakePort {
	got: unknown[] = [];
	onmessage: ((e: { data: unknown }) => void) | null = null;
	postMessage(v: unknown) {
		this.got.push(v);
	}
}

/** Stands for the browser's sound: what it would have played is in the port of its speaker. */
export class FakeAudio {
	static all: FakeAudio[] = [];
	static modules: string[] = [];
	/** What a new one begins as. */
	static begins = "running";
	readonly sampleRate = 48_000;
	readonly destination = {};
	state = FakeAudio.begins;
	gain = { value: 1 };
	speaker: { port: FakePort; options: AudioWorkletNodeOptions } | null = null;
	onstatechange: (() => void) | null = null;
	audioWorklet = {
		addModule: async (url: string) => {
			FakeAudio.modules.push(url);
		},
	};

	constructor() {
		FakeAudio.all.push(this);
	}

	createGain() {
		return { gain: this.gain, connect: () => {} };
	}

	async resume() {}

	async close() {
		this.state = "closed";
	}

	/** The browser lets the sound out. */
	release() {
		this.state = "running";
		act(() => this.onstatechange?.());
	}

	/** What the worklet tells of what it plays. */
	hear(peak: number, sound = true) {
		act(() => this.speaker?.port.onmessage?.({ data: { peak, sound } }));
	}
}

class FakeNode {
	readonly port = new FakePort();
	constructor(context: FakeAudio, name: string, options: AudioWorkletNodeOptions) {
		if (name !== "speaker") throw new Error(`no worklet ${name}`);
		context.speaker = { port: this.port, options };
	}
	connect() {}
}

export function fakeSound() {
	FakeSocket.all = [];
	FakeAudio.all = [];
	FakeAudio.modules = [];
	FakeAudio.begins = "running";
	vi.stubGlobal("WebSocket", FakeSocket);
	vi.stubGlobal("AudioContext", FakeAudio);
	vi.stubGlobal("AudioWorkletNode", FakeNode);
}
