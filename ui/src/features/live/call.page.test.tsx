import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { golden } from "../../test/golden";
import { type Answers, fail, refuse, renderPage } from "../../test/page";
import { alert, FakeStream, fakeStreams, liveCall } from "../../test/stream";
import type { Frame, Line } from "./types";

let seq = 0;

let call = liveCall("call_1");

const line = (turn: number, speaker: Line["speaker"], text: string, partial = false): Line => ({
	turn,
	speaker,
	text,
	timestamp: turn * 5,
	...(partial ? { partial } : {}),
});

const detail = (change: object = {}) => ({
	...call,
	transcript: [line(0, "agent", "Good morning, how can I help?"), line(1, "customer", "It is broken again.")],
	partials: [],
	quality: {
		score: 88,
		coverage: 0.6,
		method: "local",
		parts: [{ name: "loops", weight: 0.15, score: 88, reason: "Nothing was said twice.", method: "local" }],
	},
	sentiments: null,
	findings: [],
	tools: [
		{
			id: "t",
			name: "find_order",
			arguments: { order: 4711 },
			result: null,
			start_ms: 6000,
			end_ms: null,
			turn: 1,
		},
	],
	responses: [{ turn: 0, ms: 840, source: "heard" }],
	spans: [
		{ name: "error", title: "transcriber", error: "It dropped 2 s", start_ms: 4000 },
		{ name: "model", title: "a span that is none of ours", start_ms: 1 },
	],
	metadata: {},
	notes: [],
	controls: { say: { possible: true }, end: { possible: false, reason: "Vapi gave no address." } },
	...change,
});

const recorded = () => ({
	...golden("vapi", "end-of-call-report"),
	id: "call_1",
});

const answers = (more: Answers = {}): Answers => ({
	"/v1/live-calls/call_1": detail(),
	"/v1/calls/call_1/notes": { notes: [] },
	"/v1/live-calls/stats": {},
	...more,
});

async function openCall(more: Answers = {}) {
	const page = renderPage("/live/call_1", answers(more));
	await screen.findByText("It is broken again.");
	const stream = FakeStream.open(true);
	stream.accept();
	stream.send({ type: "snapshot", seq: ++seq, activeCalls: [call] });
	const say = async (l: Line) => {
		stream.send({ type: "transcript", seq: ++seq, callId: "call_1", line: l });
		await act(() => new Promise((done) => setTimeout(done, 90)));
	};
	return { ...page, stream, say };
}

const end: Frame = {
	type: "call_ended",
	seq: 1000,
	callId: "call_1",
	finalScore: 70,
	duration: 95,
	status: "completed",
};

const queue = (id: string, name: string, change: object = {}) => ({
	id,
	name,
	number: "+14155550177",
	sip: "",
	agents: [],
	hours: { timezone: "UTC", windows: [] },
	...change,
});

const never = { days: [], from: "09:00", to: "17:00" };

describe("one live call", () => {
	beforeEach(() => {
		seq = 0;
		call = liveCall("call_1", { lastResponseMs: 840 }, 65);
		fakeStreams();
	});
	afterEach(() => {
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});

	it("shows how it goes: words, tools, score, responses, events", async () => {
		await openCall();
		expect(FakeStream.open(true).url.search).toBe("?callIds=call_1&includeTranscript=true");
		expect(screen.getByRole("timer").textContent).toMatch(/^1:(0[5-9]|[12])/);
		const said = within(screen.getByRole("region", { name: "Transcript" }));
		expect(said.getByText("find_order")).toBeTruthy();
		expect(said.getByText("Running")).toBeTruthy();
		expect(said.getByText("after 840 ms")).toBeTruthy();
		const aside = within(screen.getByRole("complementary", { name: "How it goes" }));
		for (const text of [
			"No repetition",
			"Turn 1",
			"840 ms",
			"Error: Transcriber",
			"It dropped 2 s",
			"None open.",
		])
			expect(aside.getByText(text), text).toBeTruthy();
		expect(aside.queryByText(/none of ours/)).toBeNull();
		expect(screen.getByText("last response 840 ms")).toBeTruthy();
	});

	it("streams words: a partial in grey, then its turn", async () => {
		const { say } = await openCall();
		await say(line(2, "agent", "I am sor", true));
		const partial = screen.getByText("I am sor");
		expect(partial.className).toContain("saying");
		expect(partial.closest("[aria-live=off]")).toBeTruthy();
		await say(line(2, "agent", "I am sorry to hear that.", true));
		expect(screen.queryByText("I am sor")).toBeNull();
		await say(line(2, "agent", "I am sorry to hear that."));
		const list = within(screen.getByRole("region", { name: "Transcript" }));
		expect(list.getByText("I am sorry to hear that.").className).not.toContain("saying");
		expect(screen.getByRole("log", { name: "Newest turn" }).textContent).toBe(
			"Agent: I am sorry to hear that.",
		);
	});

	it("follows until it is scrolled up, and comes back", async () => {
		const { say } = await openCall();
		const box = screen.getByRole("region", { name: "Transcript" });
		const height = vi.spyOn(box, "scrollHeight", "get").mockReturnValue(2000);
		vi.spyOn(box, "clientHeight", "get").mockReturnValue(400);
		box.scrollTop = 300;
		fireEvent.scroll(box);
		await say(line(2, "agent", "I am sorry."));
		fireEvent.click(screen.getByRole("button", { name: "Jump to now (1 new)" }));
		expect(box.scrollTop).toBe(2000);
		expect(screen.queryByRole("button", { name: /^Jump to now/ })).toBeNull();
		height.mockRestore();
	});

	it("shows what can't be done with the reason, and the result of what can", async () => {
		const { requests } = await openCall({
			"POST /v1/live-calls/call_1/say": { ok: true, detail: "The agent is saying it." },
		});
		expect(screen.getByRole("button", { name: "End: not possible. Vapi gave no address." })).toBeTruthy();
		const transfer = screen.getByRole("button", { name: /^Transfer: not possible/ });
		fireEvent.click(transfer);
		expect(screen.queryByRole("dialog")).toBeNull();
		fireEvent.click(screen.getByRole("button", { name: "Say" }));
		const dialog = within(await screen.findByRole("dialog"));
		const go = dialog.getByRole("button", { name: "Say it now" }) as HTMLButtonElement;
		expect(go.disabled).toBe(true);
		fireEvent.change(dialog.getByLabelText("Words"), { target: { value: " A person is coming. " } });
		fireEvent.click(go);
		expect(await dialog.findByText("The agent is saying it.")).toBeTruthy();
		const sent = requests.find((r) => r.url.endsWith("/say"));
		expect(await sent?.json()).toEqual({ message: "A person is coming." });
	});

	it("transfers to a queue, and says what the vendor refused", async () => {
		const { requests } = await openCall({
			"/v1/live-calls/call_1": detail({ controls: { transfer: { possible: true } } }),
			"/v1/queues": {
				queues: [
					queue("queue_1", "Billing team"),
					queue("queue_2", "Night shift", { hours: { timezone: "UTC", windows: [never] } }),
					queue("queue_3", "Sales", { agents: ["agent_other"] }),
				],
			},
			"POST /v1/live-calls/call_1/transfer": fail(502, "The vendor refused: the number is not allowed."),
		});
		fireEvent.click(screen.getByRole("button", { name: "Transfer" }));
		const dialog = within(await screen.findByRole("dialog"));
		const choice = await dialog.findByLabelText("To a queue");
		const options = within(choice).getAllByRole("option") as HTMLOptionElement[];
		expect(options.map((o) => `${o.text}${o.disabled ? " -" : ""}`)).toEqual([
			"Choose a queue",
			"Billing team, +1 (415) 555-0177",
			"Night shift, closed -",
		]);
		fireEvent.change(choice, { target: { value: "queue_1" } });
		fireEvent.click(dialog.getByRole("button", { name: "Transfer now" }));
		expect(await dialog.findByText(/The vendor refused/)).toBeTruthy();
		expect(await requests.find((r) => r.url.endsWith("/transfer"))?.json()).toEqual({
			transferTo: "queue_1",
		});
	});

	it("shows alerts with their words, and what came of settling them", async () => {
		const { stream } = await openCall({
			"POST /v1/alerts/al_1/acknowledge": fail(404, "There is no such alert."),
			"POST /v1/alerts/al_1/resolve": {},
		});
		const open = alert("al_1", "critical", { turn: 1, quote: "It is broken again.", rule: "My rule" });
		const other = alert("al_2", "low", { type: "long_call" });
		const now = { ...call, alerts: [open, other], updatedAt: call.updatedAt };
		stream.send({ type: "call_updated", seq: ++seq, callId: "call_1", call: now });
		const list = within(await screen.findByRole("list", { name: "Open alerts" }));
		const item = within((await list.findByText("Critical: Dead air")).closest("li") as HTMLElement);
		expect(item.getByText("Rule: My rule")).toBeTruthy();
		expect(item.getByText("at 0:31")).toBeTruthy();
		fireEvent.click(item.getByTitle("Show it in the transcript"));
		await waitFor(() =>
			expect(document.querySelector(".turn[data-active]")?.textContent).toContain("broken"),
		);
		fireEvent.click(item.getByRole("button", { name: "Acknowledge" }));
		expect(await item.findByText("There is no such alert.")).toBeTruthy();
		fireEvent.click(item.getByRole("button", { name: "Resolve" }));
		await waitFor(() => expect(item.queryByText("There is no such alert.")).toBeNull());
		stream.send({ type: "call_updated", seq: ++seq, callId: "call_1", call: { ...now, alerts: [open] } });
		stream.send({
			type: "alert_resolved",
			seq: ++seq,
			callId: "call_1",
			alert: other,
			resolvedBy: "recovery",
		});
		expect(await screen.findByText("Long call: resolved by itself")).toBeTruthy();
	});

	it("pins a note to the moment at which it was begun", async () => {
		const { requests } = await openCall({ "POST /v1/live-calls/call_1/notes": { id: "note_1" } });
		fireEvent.keyDown(document.body, { key: "n" });
		const box = screen.getByRole("textbox", { name: "New note" });
		expect(document.activeElement).toBe(box);
		fireEvent.change(box, { target: { value: "Asks twice" } });
		expect(screen.getByText(/^at 1:/)).toBeTruthy();
		fireEvent.click(screen.getByRole("button", { name: "Add note" }));
		await waitFor(() => expect((box as HTMLTextAreaElement).value).toBe(""));
		const sent = await requests.find((r) => r.method === "POST")?.json();
		expect(sent).toEqual({ note: "Asks twice", timestamp: expect.any(Number) });
		expect(sent.timestamp).toBeGreaterThanOrEqual(65);
		expect(sent.timestamp).toBeLessThan(90);
	});

	it("becomes the recorded call in place", async () => {
		const whole = { ...recorded(), pipeline: [] };
		const { stream, router, say } = await openCall({ "/v1/calls/call_1": whole });
		await say(line(2, "agent", "Bye", true));
		const box = screen.getByRole("region", { name: "Transcript" });
		stream.send(end);
		expect(await screen.findByText("The call has ended.")).toBeTruthy();
		expect(await screen.findByText(whole.turns?.[0]?.text ?? "")).toBeTruthy();
		expect(screen.queryByText("Bye")).toBeNull();
		expect(screen.getByRole("region", { name: "Transcript" })).toBe(box);
		expect(screen.getByText(new RegExp(whole.outcome.explanation.slice(0, 20)))).toBeTruthy();
		expect(router.state.location.pathname).toBe("/live/call_1");
		expect(screen.queryByRole("button", { name: "Say" })).toBeNull();
		expect(screen.getByRole("link", { name: "Open the recorded call" }).getAttribute("href")).toBe(
			"/calls/call_1?tab=transcript",
		);
		expect((screen.getByRole("tab", { name: "Raw" }) as HTMLButtonElement).disabled).toBe(false);
	});

	it("shows the end when the stream was away at the time", async () => {
		const whole = { ...recorded(), pipeline: [], duration_ms: 83_000 };
		const { stream } = await openCall({ "/v1/calls/call_1": whole });
		stream.fail();
		const again = await waitFor(() => FakeStream.open(true), { timeout: 3000 });
		expect(again).not.toBe(stream);
		again.accept();
		again.send({ type: "resync", seq: 0 }, { type: "snapshot", seq: 3, activeCalls: [] });
		expect(screen.getByText("The call has ended.")).toBeTruthy();
		expect(screen.queryByText("In progress")).toBeNull();
		expect(await screen.findByText(whole.turns?.[0]?.text ?? "")).toBeTruthy();
		expect(screen.getByRole("timer").textContent).toBe("1:23");
		expect(screen.queryByRole("button", { name: "Say" })).toBeNull();
	});

	it("goes on when the call begins again under its id", async () => {
		const { stream, say } = await openCall({ "/v1/calls/call_1": { ...recorded(), pipeline: [] } });
		stream.send({ ...end, seq: ++seq });
		expect(await screen.findByRole("link", { name: "Open the recorded call" })).toBeTruthy();
		await screen.findByText(new RegExp(recorded().outcome.explanation.slice(0, 20)));
		stream.send({ type: "call_started", seq: ++seq, callId: "call_1", call });
		await say(line(2, "agent", "I am back."));
		expect(screen.queryByText("The call has ended.")).toBeNull();
		expect(screen.getByRole("button", { name: "Say" })).toBeTruthy();
		expect(screen.getByText("I am back.")).toBeTruthy();
	});

	it("leads to the recorded call when it is over already", async () => {
		const { router } = renderPage("/live/call_1", {
			...answers(),
			"/v1/live-calls/call_1": refuse(409, "call_ended", "The call is over."),
			"/v1/calls/call_1": fail(404, "No such call."),
		});
		await waitFor(() => expect(router.state.location.pathname).toBe("/calls/call_1"));
	});

	it("says what failed", async () => {
		renderPage("/live/call_1", { ...answers(), "/v1/live-calls/call_1": fail(503, "The database is busy.") });
		expect(await screen.findByText("Could not load the call")).toBeTruthy();
	});

	it("says when there is nothing said yet, and no score", async () => {
		renderPage("/live/call_1", {
			...answers(),
			"/v1/live-calls/call_1": detail({ transcript: [], tools: [], quality: null, responses: [], spans: [] }),
		});
		expect(await screen.findByText("Words appear here as they are said.")).toBeTruthy();
		expect(screen.getByText("Not yet. It begins with the first turns.")).toBeTruthy();
		expect(screen.getByText("None measured yet.")).toBeTruthy();
	});
});
