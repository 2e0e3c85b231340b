import { act, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answers, refuse, renderPage, session } from "../../test/page";
import { alert, FakeStream, fakeStreams, liveCall } from "../../test/stream";
import { secondsUntil } from "./fold";
import { outcomeWords, stepWords } from "./proposals";
import type { Frame, LiveCall, Proposal } from "./types";

let seq = 0;

const proposal = (change: Partial<Proposal> = {}): Proposal => ({
	id: "proposal_1",
	callId: "call_1",
	alert: { id: "alert_1", type: "customer_frustration", severity: "high", message: "The customer shouts" },
	ruleId: "step_1",
	ruleName: "Angry customers",
	do: { action: "transfer", transferTo: "queue_1" },
	to: "Front desk",
	mode: "act",
	status: "proposed",
	createdAt: new Date().toISOString(),
	dueAt: new Date(Date.now() + 20_000).toISOString(),
	orderedAt: null,
	decidedAt: null,
	...change,
});

async function openCall(first: Proposal[], more: Answers = {}) {
	const call = liveCall("call_1", { proposals: first });
	const page = renderPage("/live/call_1", {
		"/v1/live-calls/call_1": {
			...call,
			transcript: [{ turn: 0, speaker: "agent", text: "Hello.", timestamp: 0 }],
			partials: [],
			quality: null,
			findings: [],
			tools: [],
			responses: [],
			spans: [],
			metadata: {},
			notes: [],
			controls: {},
		},
		"/v1/calls/call_1/notes": { notes: [] },
		"/v1/live-calls/stats": {},
		...more,
	});
	await screen.findByText("Hello.");
	const stream = FakeStream.open(true);
	stream.accept();
	stream.send({ type: "snapshot", seq: ++seq, activeCalls: [call] });
	const show = async (...proposals: Proposal[]) => {
		const changed: LiveCall = { ...call, proposals, updatedAt: call.updatedAt };
		stream.send({ type: "call_updated", seq: ++seq, callId: "call_1", call: changed });
		await act(() => new Promise((done) => setTimeout(done, 90)));
	};
	return { ...page, stream, show };
}

const card = () => within(screen.getByRole("region", { name: "Proposed" }));

beforeEach(() => {
	seq = 0;
	fakeStreams();
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

describe("what is proposed for a call", () => {
	it("comes above the other cards, with its reason and the time that is left, and is heard", async () => {
		const { show } = await openCall([]);
		expect(screen.queryByRole("region", { name: "Proposed" })).toBeNull();
		await show(proposal());
		const regions = within(screen.getByRole("complementary")).getAllByRole("region");
		expect(regions[0]?.getAttribute("aria-label")).toBe("Proposed");
		expect(regions[0]?.closest("[aria-live=polite]")).toBeTruthy();
		for (const text of [
			"Transfer to Front desk",
			"The customer shouts",
			"by the rule Angry customers",
			"Will be done",
		])
			expect(card().getByText(text), text).toBeTruthy();
		const timer = card().getByRole("timer");
		expect(timer.textContent).toMatch(/^\d+ s$/);
		expect(timer.getAttribute("aria-live")).toBe("off");
	});

	it("is cancelled with a button that says what it stops", async () => {
		const cancelled = proposal({
			status: "cancelled",
			decidedBy: "Ada",
			decidedAt: new Date().toISOString(),
		});
		const { requests, show } = await openCall([proposal()], {
			"POST /v1/proposals/proposal_1/cancel": cancelled,
		});
		fireEvent.click(card().getByRole("button", { name: /^Cancel\s*: Transfer to Front desk$/ }));
		expect(await card().findByText("Cancelled by Ada.")).toBeTruthy();
		expect(card().queryByRole("button")).toBeNull();
		expect(requests.filter((r) => r.method === "POST").length).toBe(1);
		await show(cancelled);
		expect(card().getByText("Transfer to Front desk: Cancelled by Ada.")).toBeTruthy();
		expect(screen.queryByRole("list", { name: "Open proposals" })).toBeNull();
	});

	it("is done now, or says why not", async () => {
		let refused = true;
		const { show } = await openCall([proposal({ mode: "suggest", dueAt: null })], {
			"POST /v1/proposals/proposal_1/accept": () =>
				refused
					? refuse(409, "queue_closed", "Front desk is closed until Mon 09:00")
					: proposal({ status: "done", result: "Transferred to Front desk.", decidedBy: "Ada" }),
		});
		expect(card().getByText("Suggested")).toBeTruthy();
		expect(card().queryByRole("timer")).toBeNull();
		fireEvent.click(card().getByRole("button", { name: /^Do it now/ }));
		expect((await card().findByRole("alert")).textContent).toMatch(/^Front desk is closed/);
		refused = false;
		fireEvent.click(card().getByRole("button", { name: /^Do it now/ }));
		expect(await card().findByText("Transferred to Front desk. By Ada.")).toBeTruthy();
		await show(proposal({ status: "failed", result: "Not done: Front desk is closed" }));
		expect(card().getByText("Transfer to Front desk: Not done: Front desk is closed")).toBeTruthy();
	});

	it("can't be decided while it is being done, or after the call", async () => {
		const { show, stream } = await openCall([proposal({ orderedAt: new Date().toISOString() })]);
		expect(card().getByText("It is being done.")).toBeTruthy();
		expect(card().queryByRole("button")).toBeNull();
		await show(proposal());
		expect(card().getAllByRole("button")).toHaveLength(2);
		const end: Frame = {
			type: "call_ended",
			seq: ++seq,
			callId: "call_1",
			finalScore: 70,
			duration: 95,
			status: "completed",
		};
		stream.send(end);
		await act(() => new Promise((done) => setTimeout(done, 90)));
		expect(card().queryByRole("button")).toBeNull();
		expect(card().getByText("Transfer to Front desk: Lapsed. The call has ended.")).toBeTruthy();
	});

	it("is seen by a viewer, who decides nothing", async () => {
		await openCall([proposal()], {
			"/v1/session": { ...session, user: { ...session.user, role: "viewer" } },
		});
		expect(card().getByRole("timer")).toBeTruthy();
		expect(card().queryByRole("button")).toBeNull();
	});
});

describe("the live list", () => {
	it("marks a call with an open proposal, in words too", async () => {
		vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
		vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
		vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(600);
		renderPage("/live", { "/v1/live-calls/stats": { activeCalls: 0 } });
		await screen.findByRole("heading", { name: "Live" });
		const stream = FakeStream.open();
		stream.accept();
		const alerts = [alert("1", "high")] as LiveCall["alerts"];
		stream.send({
			type: "snapshot",
			seq: ++seq,
			activeCalls: [
				liveCall("call_1", { alerts, proposals: [proposal()] }),
				liveCall("call_2", { alerts, proposals: [proposal({ status: "lapsed" })] }),
			],
		});
		await act(() => new Promise((done) => setTimeout(done, 300)));
		const row = (id: string) => screen.getByText(`Hello from ${id}`).closest("[role=row]") as HTMLElement;
		expect(within(row("call_1")).getByText("Proposed: Transfer to Front desk")).toBeTruthy();
		expect(within(row("call_2")).queryByText(/^Proposed/)).toBeNull();
	});
});

describe("words and time", () => {
	it("says what is done and what came of it", () => {
		expect(stepWords({ action: "say", message: "One moment." })).toBe("Say “One moment.”");
		expect(stepWords({ action: "transfer", transferTo: "+14155550123" })).toBe("Transfer to +14155550123");
		expect(outcomeWords(proposal({ status: "lapsed", result: "The rule was switched off." }))).toBe(
			"Lapsed. The rule was switched off.",
		);
	});
	it("counts by the server's clock, and never below nothing", () => {
		const now = Date.parse("2026-11-20T09:00:00Z");
		expect(secondsUntil("2026-11-20T09:00:10.200Z", now, null)).toBe(10);
		expect(secondsUntil("2026-11-20T09:00:10Z", now + 60_000, 60_000)).toBe(10);
		expect(secondsUntil("2026-11-20T08:59:00Z", now, 0)).toBe(0);
	});

	it("is counted down on the wall, what acts first before the rest", async () => {
		const later = proposal({ id: "proposal_2", mode: "suggest", dueAt: null, do: { action: "end" } });
		renderPage("/live?view=wall", { "/v1/live-calls/stats": {} });
		await screen.findByRole("heading", { name: "Live" });
		const stream = FakeStream.open();
		await act(async () => {
			stream.accept();
			stream.send({
				type: "snapshot",
				activeCalls: [
					liveCall("call_1", {
						proposals: [later, proposal({ dueAt: new Date(Date.now() + 250_000).toISOString() })],
					}),
				],
				seq: ++seq,
			});
		});
		const wall = within(await screen.findByRole("region", { name: "Wall view" }));
		expect(wall.getByText(/^Transfer in 2\d\d s, 1 more$/)).toBeTruthy();
	});
});
