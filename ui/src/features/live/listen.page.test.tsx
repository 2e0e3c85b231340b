import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { renderPage } from "../../test/page";
import { FakeAudio, FakeSocket, fakeSound } from "../../test/sound";
import { FakeStream, fakeStreams, liveCall } from "../../test/stream";

const pcm = JSON.stringify({ encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 });

async function open(listen: object = { possible: true }, session?: object) {
	const call = liveCall("call_1");
	const none = { transcript: [], partials: [], findings: [], tools: [], responses: [], spans: [], notes: [] };
	const page = renderPage("/live/call_1", {
		"/v1/live-calls/call_1": {
			...call,
			...none,
			quality: null,
			sentiments: null,
			metadata: {},
			controls: { listen },
		},
		"/v1/calls/call_1/notes": { notes: [] },
		"/v1/live-calls/stats": {},
		...session,
	});
	await screen.findByText("Words appear here as they are said.");
	const stream = FakeStream.open(true);
	stream.accept();
	stream.send({ type: "snapshot", seq: 1, activeCalls: [call] });
	return { ...page, stream };
}

const button = () => screen.getByRole("button", { name: "Listen" });
const bar = () => within(screen.getByRole("region", { name: "Listening" }));
const gone = () => expect(screen.queryByRole("region", { name: "Listening" })).toBeNull();

/** Clicks Listen, and gives the connection once it is asked for. */
async function listen() {
	const before = FakeSocket.all.length;
	fireEvent.click(button());
	return connection(before);
}

async function connection(before: number) {
	await waitFor(() => expect(FakeSocket.all.length).toBe(before + 1));
	return { socket: FakeSocket.all[before] as FakeSocket, audio: FakeAudio.all.at(-1) as FakeAudio };
}

describe("listening to a live call", () => {
	beforeEach(() => {
		fakeStreams();
		fakeSound();
	});
	afterEach(() => {
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});

	it("connects on a click only, and plays what comes", async () => {
		await open();
		expect(FakeAudio.all).toEqual([]);
		const { socket, audio } = await listen();
		expect(socket.url).toBe("ws://localhost:3000/v1/live-calls/call_1/listen");
		expect(socket.binaryType).toBe("arraybuffer");
		expect(FakeAudio.modules.at(-1)).toContain("worklet");
		expect(bar().getByRole("status").textContent).toBe("Connecting to the sound");
		expect(bar().getByText(/Nobody in the call hears you\. The audit log/)).toBeTruthy();
		expect(button().getAttribute("aria-pressed")).toBe("true");
		socket.send(pcm);
		expect(bar().getByRole("status").textContent).toBe("Listening");
		expect(audio.speaker?.options.outputChannelCount).toEqual([1]);
		socket.send(new Int16Array(160).fill(16_384).buffer);
		socket.send('{"type":"words of the vendor"}');
		const [first, ...more] = (audio.speaker?.port.got ?? []) as Float32Array[][];
		expect(more).toEqual([]);
		expect(first?.[0]?.length).toBe(478); // 10 ms at 48 kHz, but for the samples behind the last
		expect(first?.[0]?.at(-1)).toBe(0.5);
	});

	it("shows the level, and turns the sound down and off", async () => {
		await open();
		const { socket, audio } = await listen();
		socket.send(pcm);
		audio.hear(0.1);
		expect(bar().getByRole("meter", { name: "Level of the call" }).getAttribute("aria-valuenow")).toBe("67");
		const volume = bar().getByRole("slider", { name: "Volume" });
		fireEvent.change(volume, { target: { value: "35" } });
		expect(audio.gain.value).toBe(0.35);
		fireEvent.click(bar().getByRole("button", { name: "Mute" }));
		expect(audio.gain.value).toBe(0);
		fireEvent.click(bar().getByRole("button", { name: "Mute", pressed: true }));
		expect(audio.gain.value).toBe(0.35);
	});

	it("says when no sound arrives", async () => {
		await open();
		const { socket, audio } = await listen();
		socket.send(pcm);
		const now = Date.now();
		const clock = vi.spyOn(Date, "now").mockReturnValue(now + 3500);
		audio.hear(0, false);
		expect(bar().getByText(/No sound arrives\./)).toBeTruthy();
		audio.hear(0, true);
		expect(bar().queryByText(/No sound arrives\./)).toBeNull();
		clock.mockRestore();
	});

	it("asks for a click where the browser holds the sound back", async () => {
		FakeAudio.begins = "suspended";
		await open();
		const { socket, audio } = await listen();
		socket.send(pcm);
		const resume = vi.spyOn(audio, "resume");
		fireEvent.click(bar().getByRole("button", { name: "Play" }));
		expect(resume).toHaveBeenCalled();
		audio.release();
		expect(bar().queryByRole("button", { name: "Play" })).toBeNull();
	});

	it.each([
		["the Listen button", () => fireEvent.click(button())],
		["Stop", () => fireEvent.click(bar().getByRole("button", { name: "Stop listening" }))],
		["Escape", () => fireEvent.keyDown(document.body, { key: "Escape" })],
	])("stops by %s", async (_, stop) => {
		await open();
		const { socket, audio } = await listen();
		socket.send(pcm);
		stop();
		gone();
		expect([socket.closed, audio.state]).toEqual([true, "closed"]);
		expect(document.activeElement).toBe(button());
	});

	it("stops when the page is left", async () => {
		const { router } = await open();
		const { socket, audio } = await listen();
		socket.send(pcm);
		await router.navigate({ to: "/settings" });
		await waitFor(() => expect([socket.closed, audio.state]).toEqual([true, "closed"]));
	});

	it("stops when the call ends, and says so", async () => {
		const { stream } = await open();
		const { socket, audio } = await listen();
		socket.send(pcm);
		stream.send({
			type: "call_ended",
			seq: 9,
			callId: "call_1",
			finalScore: 70,
			duration: 95,
			status: "completed",
		});
		await waitFor(() => expect([socket.closed, audio.state]).toEqual([true, "closed"]));
		expect(bar().getByRole("status").textContent).toContain("The call has ended.");
		fireEvent.click(bar().getByRole("button", { name: "Close" }));
		gone();
	});

	it.each([
		["the end", true, 1000, "the sound has ended", "The sound has ended.", false],
		["lost access", true, 1008, "the call was deleted", "The call was deleted.", false],
		["a vendor's refusal", false, 4000, "Vapi sent no listen URL", "Vapi sent no listen URL.", true],
		[
			"a sound that breaks off",
			true,
			1014,
			"the vendor's sound broke off",
			"The vendor's sound broke off.",
			true,
		],
		["a lost connection", true, 1006, "", "The connection was lost.", true],
		["a server that is away", false, 1006, "", "The sound could not be reached.", true],
	])("says the reason of %s", async (_, heard, code, reason, says, again) => {
		await open();
		const { socket, audio } = await listen();
		if (heard) socket.send(pcm);
		socket.end(code, reason);
		expect(bar().getByRole("status").textContent).toContain(says);
		expect(audio.state).toBe("closed");
		if (!again) {
			expect(bar().queryByRole("button", { name: "Try again" })).toBeNull();
			return;
		}
		fireEvent.click(bar().getByRole("button", { name: "Try again" }));
		const next = await connection(1);
		next.socket.send(pcm);
		expect(bar().getByRole("status").textContent).toBe("Listening");
		socket.end(1006); // the old one is nobody's any more
		expect(bar().getByRole("status").textContent).toBe("Listening");
	});

	it("says when it can't play the sound", async () => {
		await open();
		const { socket } = await listen();
		socket.send('{"encoding":"opus","sampleRate":48000,"channels":2}');
		expect(bar().getByText(/can't play \(opus, 48000 Hz, 2 channels\)/)).toBeTruthy();
		expect(socket.closed).toBe(true);
	});

	it("stands there with the reason where the vendor can't", async () => {
		await open({ possible: false, reason: "Retell's live sound is a WebRTC room." });
		fireEvent.click(
			screen.getByRole("button", { name: "Listen: not possible. Retell's live sound is a WebRTC room." }),
		);
		gone();
		expect(FakeAudio.all).toEqual([]);
	});
});
