import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage } from "../../test/page";
import { alert, FakeStream, fakeStreams, liveCall } from "../../test/stream";
import type { Frame, LiveCall } from "./types";

const stats = { "/v1/live-calls/stats": { activeCalls: 0 } };

let seq = 0;

const snapshot = (...activeCalls: LiveCall[]): Frame => ({ type: "snapshot", seq: ++seq, activeCalls });
const updated = (call: LiveCall): Frame => ({ type: "call_updated", seq: ++seq, callId: call.id, call });
const ended = (callId: string): Frame => ({
	type: "call_ended",
	seq: ++seq,
	callId,
	finalScore: 70,
	duration: 95,
	status: "completed",
});

async function openPage(path: string, ...calls: LiveCall[]) {
	const page = renderPage(path, stats);
	await screen.findByRole("heading", { name: "Live" });
	const stream = FakeStream.open();
	stream.accept();
	stream.send(snapshot(...calls));
	return { ...page, stream };
}

/** The stream gathers events for a moment. */
const shown = () => act(() => new Promise((done) => setTimeout(done, 300)));

const rows = () =>
	screen
		.getAllByRole("row")
		.slice(1)
		.map((r) => r.textContent ?? "");
const rowOf = (text: string) => screen.getByText(text).closest("[role=row]") as HTMLElement;

describe("the live page", () => {
	beforeEach(() => {
		seq = 0;
		fakeStreams();
		// jsdom lays nothing out; the virtual list needs a height to fill.
		vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
		vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
		vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(600);
	});
	afterEach(() => {
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});

	it("shows bones until the first snapshot, from the one connection of the page", async () => {
		renderPage("/live", stats);
		expect(await screen.findByText("Connecting")).toBeTruthy();
		expect(screen.getByRole("status", { name: "Loading" })).toBeTruthy();
		expect(FakeStream.all).toHaveLength(1);
		expect(FakeStream.open().url.search).toBe("");
	});

	it("says why it can't follow", async () => {
		renderPage("/live", { "/v1/live-calls/stats": fail(503, "The database is busy.") });
		await screen.findByText("Connecting");
		FakeStream.open().fail(true);
		expect(await screen.findByText("Could not follow the live calls")).toBeTruthy();
		expect(screen.getByText("The database is busy.", { exact: false })).toBeTruthy();
		expect(screen.getByText("The server refuses, trying again")).toBeTruthy();
	});

	it("teaches an empty workspace how a live call gets here", async () => {
		await openPage("/live");
		expect(await screen.findByText("No call is in progress")).toBeTruthy();
		expect(screen.getByRole("figure", { name: "Begin a call" }).textContent).toContain("YOUR_API_KEY");
		expect(screen.queryByRole("grid")).toBeNull();
	});

	it("shows each call in words, the worst alert on top", async () => {
		const bad = liveCall(
			"call_bad",
			{
				agent: "Billing",
				alerts: [alert("1", "critical"), alert("2", "low")],
				currentTool: "find_order",
				scenario: "Wants a refund",
				isSimulation: true,
				speaking: "customer",
				currentScore: null,
				lastLine: { turn: 4, speaker: "customer", text: "I call again", timestamp: 20 },
			},
			754,
		);
		await openPage("/live", liveCall("call_1"), bad);
		const row = within(rowOf("I call again"));
		for (const text of ["12:34", "Critical: Dead air", "+1", "find_order", "Wants a refund", "Simulation"])
			expect(row.getByText(text), text).toBeTruthy();
		expect(row.getByText("Caller speaks")).toBeTruthy();
		expect(row.getByTitle("Not measured")).toBeTruthy();
		expect(rows()[0]).toContain("I call again");
		expect(screen.getByText("2 calls in progress")).toBeTruthy();
		expect(within(screen.getByRole("navigation", { name: "Main" })).getByText("2")).toBeTruthy();
		expect(screen.getByRole("link", { name: "2 live" })).toBeTruthy();
	});

	it("lets new calls in on top and ended ones go, and moves a call up by its alert", async () => {
		const old = liveCall("call_old", {}, 120);
		const { stream } = await openPage("/live", old, liveCall("call_mid", {}, 60));
		expect(rows()[0]).toContain("call_mid");
		stream.send(updated(liveCall("call_new", {}, 1)), updated({ ...old, alerts: [alert("1", "high")] }));
		await shown();
		expect(rows().map((r) => /call_\w+/.exec(r)?.[0])).toEqual(["call_old", "call_new", "call_mid"]);
		stream.send(ended("call_mid"));
		await shown();
		expect(within(rowOf("Hello from call_mid")).getByText("Ended")).toBeTruthy();
		expect(within(rowOf("Hello from call_mid")).getByText("1:35")).toBeTruthy();
	});

	it("moves nothing under the pointer", async () => {
		const old = liveCall("call_old", {}, 120);
		const { stream } = await openPage("/live", old, liveCall("call_mid", {}, 60));
		fireEvent.pointerMove(screen.getByRole("grid"), { pointerType: "mouse" });
		stream.send(updated(liveCall("call_new", {}, 1)), ended("call_mid"));
		stream.send(updated({ ...old, currentScore: 41, alerts: [alert("1", "high")] }));
		await shown();
		expect(rows().map((r) => /call_\w+/.exec(r)?.[0])).toEqual(["call_mid", "call_old"]);
		expect(within(rowOf("Hello from call_old")).getByText("41")).toBeTruthy();
		expect(screen.getByText(/changes held back/)).toBeTruthy();
		fireEvent.pointerOut(screen.getByRole("grid"));
		await waitFor(() => expect(rows()[0]).toContain("call_old"));
		expect(rows()[1]).toContain("call_new");
	});

	it("filters by the URL, and says when nothing matches", async () => {
		const other = liveCall("call_2", { agent: "Billing", agentId: "agent_2", provider: "vapi" });
		const { router } = await openPage("/live?agent=agent_2", liveCall("call_1"), other);
		expect(rows()).toHaveLength(1);
		expect(screen.getByRole("button", { name: "Remove filter: Agent is Billing" })).toBeTruthy();
		fireEvent.click(screen.getByRole("button", { name: /^Alerts/ }));
		fireEvent.click(await screen.findByRole("checkbox", { name: "Critical" }));
		await waitFor(() =>
			expect(router.state.location.search).toEqual({ agent: "agent_2", alerts: "critical" }),
		);
		const none = (await screen.findByText("No live call matches")).parentElement as HTMLElement;
		fireEvent.click(within(none).getByRole("button"));
		await waitFor(() => expect(rows()).toHaveLength(2));
		expect(router.state.location.search).toEqual({});
	});

	it("groups by agent, each with how it is doing", async () => {
		const billing = { agent: "Billing", agentId: "agent_2" };
		await openPage(
			"/live?group=agent",
			liveCall("call_1"),
			liveCall("call_2", { ...billing, currentScore: 60, alerts: [alert("1", "high")] }, 200),
			liveCall("call_3", { ...billing, currentScore: 70 }, 65),
		);
		const head = screen.getAllByRole("row").find((r) => r.textContent?.includes("active")) as HTMLElement;
		for (const text of ["Billing", "2", "65", "1 open alert", "3:20"])
			expect(within(head).getByText(text), text).toBeTruthy();
		expect(rows()).toHaveLength(5);
	});

	it("shows tiles for the wall, and leaves with Escape", async () => {
		const { router } = await openPage(
			"/live?view=wall",
			liveCall("call_1", { alerts: [alert("1", "high")] }),
		);
		const wall = within(screen.getByRole("region", { name: "Wall view" }));
		expect(wall.getByRole("heading", { name: "Front desk" })).toBeTruthy();
		expect(wall.getByText("Dead air")).toBeTruthy();
		fireEvent.keyDown(document.body, { key: "Escape" });
		await waitFor(() => expect(router.state.location.search).toEqual({}));
		expect(screen.getByRole("grid")).toBeTruthy();
	});

	it("says on the wall that filters are on", async () => {
		await openPage("/live?view=wall&min=95", liveCall("call_1"), liveCall("call_2"));
		const wall = within(screen.getByRole("region", { name: "Wall view" }));
		expect(wall.getByText("of 2, filtered")).toBeTruthy();
		expect(wall.getByText("No live call matches")).toBeTruthy();
		fireEvent.click(wall.getByRole("button", { name: "Clear filters" }));
		expect(await wall.findByRole("heading", { name: "Front desk" })).toBeTruthy();
		expect(wall.queryByText(/filtered/)).toBeNull();
	});

	it("keeps the way to end a first call, once that is in the list", async () => {
		const page = renderPage("/live", { ...stats, "POST /v1/keys": { key: "rsk_once" } });
		await screen.findByText("Connecting");
		const stream = FakeStream.open();
		stream.send(snapshot());
		fireEvent.click(await screen.findByRole("button", { name: "Make a key and put it in" }));
		await screen.findByText(/It is shown this once/);
		stream.send(updated(liveCall("call_1")));
		const ending = within(await screen.findByRole("region", { name: "The call that you began" }));
		expect(ending.getByRole("figure", { name: "End it" }).textContent).toContain("rsk_once");
		fireEvent.click(ending.getByRole("button", { name: "Dismiss" }));
		await waitFor(() => expect(screen.queryByRole("region", { name: "The call that you began" })).toBeNull());
		expect(page.requests.filter((r) => r.method === "POST")).toHaveLength(1);
	});

	it("says that the stream does not get through, where the server answers", async () => {
		renderPage("/live", stats);
		await screen.findByText("Connecting");
		FakeStream.open().fail(true);
		expect(await screen.findByText(/must pass text\/event-stream/)).toBeTruthy();
	});

	it("draws few rows of thousands", async () => {
		await openPage("/live", ...Array.from({ length: 3000 }, (_, i) => liveCall(`call_${i}`, {}, i + 1)));
		expect(screen.getByText("3,000 calls in progress")).toBeTruthy();
		expect(screen.getByRole("link", { name: "3,000 live" })).toBeTruthy();
		expect(screen.getAllByRole("row").length).toBeLessThan(60);
	});

	it("walks with J and K and opens with Enter", async () => {
		const one = fail(404, "No such call.");
		const page = renderPage("/live", { ...stats, "/v1/live-calls/call_1": one });
		await screen.findByText("Connecting");
		FakeStream.open().send(snapshot(liveCall("call_1", {}, 60), liveCall("call_2", {}, 30)));
		const at = () => (page.router.state.location.search as { at?: string }).at;
		fireEvent.keyDown(document.body, { key: "j" });
		await waitFor(() => expect(at()).toBe("call_2"));
		fireEvent.keyDown(document.body, { key: "j" });
		await waitFor(() => expect(at()).toBe("call_1"));
		fireEvent.keyDown(document.body, { key: "k" });
		await waitFor(() => expect(at()).toBe("call_2"));
		fireEvent.keyDown(document.body, { key: "j" });
		await waitFor(() => expect(at()).toBe("call_1"));
		fireEvent.keyDown(document.body, { key: "Enter" });
		await waitFor(() => expect(page.router.state.location.pathname).toBe("/live/call_1"));
		expect(await screen.findByText("There is no such call in this workspace")).toBeTruthy();
	});

	it("says that the connection is lost, and keeps what it had", async () => {
		const { stream } = await openPage("/live", liveCall("call_1"));
		stream.fail();
		expect(await screen.findByText(/Connection lost, trying again, as of/)).toBeTruthy();
		expect(screen.getByRole("link", { name: "Reconnecting" })).toBeTruthy();
		expect(rows()).toHaveLength(1);
	});

	it("offers the alarms to who wants them", async () => {
		await openPage("/live", liveCall("call_1"));
		fireEvent.click(screen.getByRole("button", { name: "Alarms off" }));
		fireEvent.click(await screen.findByRole("switch", { name: "Show a browser notification" }));
		expect(await screen.findByText(/need a page served by https/)).toBeTruthy();
		fireEvent.click(screen.getByRole("switch", { name: "Play a sound" }));
		expect(await screen.findByRole("button", { name: "Alarms on" })).toBeTruthy();
		fireEvent.click(screen.getByRole("switch", { name: "Play a sound" }));
		expect(await screen.findByRole("button", { name: "Alarms off" })).toBeTruthy();
	});
});
