import { act } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { alert, FakeStream, fakeStreams, liveCall } from "../../test/stream";
import { watchForCritical } from "./alarm";
import { live } from "./store";
import type { Frame } from "./types";

let tones = 0;

/** The browser's sound: it counts what is played. */
class FakeAudio {
	currentTime = 0;
	destination = {};
	resume = () => Promise.resolve();
	createGain = () => ({
		gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
		connect: () => {},
	});
	createOscillator = () => ({
		frequency: { value: 0 },
		connect: () => ({ connect: () => {} }),
		start: () => tones++,
		stop: () => {},
	});
}

let seq = 0;

const withAlert = (id: string, severity = "critical") =>
	liveCall("call_1", { alerts: [alert(id, severity)] });
const snapshot = (id: string): Frame => ({ type: "snapshot", seq: ++seq, activeCalls: [withAlert(id)] });
const updated = (id: string, severity?: string): Frame => ({
	type: "call_updated",
	seq: ++seq,
	callId: "call_1",
	call: withAlert(id, severity),
});

/** Sends, and lets the stream gather. */
async function send(frame: Frame) {
	FakeStream.open().send(frame);
	await act(() => new Promise((done) => setTimeout(done, 300)));
}

describe("the alarm of a critical alert", () => {
	let stop = () => {};
	let close = () => {};
	beforeEach(() => {
		tones = 0;
		fakeStreams();
		vi.stubGlobal("AudioContext", FakeAudio);
		close = live.open();
		stop = watchForCritical({ sound: true, notify: false });
	});
	afterEach(() => {
		stop();
		close();
		vi.unstubAllGlobals();
	});

	it("sounds once for each that is new, and for nothing less", async () => {
		await send(snapshot("was-there"));
		expect(tones).toBe(0);
		await send(updated("new"));
		expect(tones).toBe(2);
		await send(updated("new"));
		await send(updated("less", "high"));
		expect(tones).toBe(2);
		await send(updated("other"));
		expect(tones).toBe(4);
	});

	it("takes what is open in another workspace for known", async () => {
		await send(snapshot("was-there"));
		close();
		close = live.open();
		await send(snapshot("theirs"));
		expect(tones).toBe(0);
		await send(updated("their-new"));
		expect(tones).toBe(2);
	});

	it("is silent once it is ended", async () => {
		await send(snapshot("was-there"));
		stop();
		await send(updated("new"));
		expect(tones).toBe(0);
	});
});
