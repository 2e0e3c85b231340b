import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { golden } from "../../test/golden";
import { type Answers, fail, renderPage, session } from "../../test/page";
import type { Call } from "./types";

const noNotes = { notes: [] };

/** A golden call as the server answers it, at /calls/c1. */
function answers(call: Partial<Call>, more: Answers = {}): Answers {
	return {
		"/v1/calls/c1": {
			...golden("vapi", "end-of-call-report"),
			id: "c1",
			short_id: "abc123",
			has_recording: true,
			response_ms: 2310,
			...call,
		},
		"/v1/calls/c1/neighbours": { previous: null, next: "c2" },
		"/v1/calls/c1/notes": noNotes,
		"/v1/evaluations": { items: [], next_cursor: "" },
		...more,
	};
}

const paths = (requests: Request[]) => requests.map((r) => `${r.method} ${new URL(r.url).pathname}`);

describe("the call page", () => {
	beforeEach(() => {
		vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => {});
		vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
		vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(600);
		vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(900);
	});
	afterEach(() => {
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});

	it("sums the call up in words", async () => {
		renderPage("/calls/c1", answers({}));
		expect(await screen.findByRole("heading", { level: 1, name: "Wren - front desk" })).toBeTruthy();
		for (const text of ["Customer hung up", "Vapi's analysis", "openai/gpt-4.1", "deepgram/nova-3"])
			expect(screen.getAllByText(text).length, text).toBeGreaterThan(0);
		const cost = screen.getByRole("region", { name: "Cost" });
		expect(within(cost).getByText("11,552 tokens")).toBeTruthy();
		expect(within(cost).queryByText("Not itemised")).toBeNull();
		expect(screen.getByRole("slider", { name: "Position in the call" })).toBeTruthy();
		expect(screen.getByText(/median 2\.31 s, longest 2\.45 s, claimed by Vapi/)).toBeTruthy();
		expect(screen.queryByText("customer-ended-call")).toBeNull();
	});

	it("leads from the agent's version to what it was before and since", async () => {
		const agent = { id: "agent_1", name: "Wren" } as Call["agent"];
		renderPage("/calls/c1", answers({ agent, agent_version: "7" }));
		const link = await screen.findByRole("link", { name: "version 7" });
		expect(link.getAttribute("href")).toBe("/agents/agent_1#versions");
	});

	it("says what was withheld, and why there is no transcript", async () => {
		renderPage(
			"/calls/c1",
			answers({ ...golden("elevenlabs", "post_call_transcription.deleted"), id: "c1" }),
		);
		expect(
			await screen.findByText(/told not to store or send the transcript, personal data, and the recording/),
		).toBeTruthy();
		fireEvent.click(screen.getByRole("tab", { name: "Media & transcript" }));
		expect(await screen.findByText("Transcript withheld")).toBeTruthy();
		expect(screen.getByText("402 credits")).toBeTruthy();
	});

	it("shows what the agent did in its place, and unfolds it", async () => {
		renderPage("/calls/c1?tab=transcript", answers({}));
		const tool = await screen.findByRole("button", { name: /lookup_patient/, expanded: false });
		expect(screen.getByText("The caller cut in at 0:37.8")).toBeTruthy();
		fireEvent.click(tool);
		expect(screen.getByText("patient_id:", { exact: false })).toBeTruthy();
		expect(screen.getByText(/link to the recording has expired/)).toBeTruthy();
	});

	it("moves the one cursor by a turn, and marks the turn", async () => {
		renderPage("/calls/c1?tab=transcript", answers({}));
		fireEvent.click(await screen.findByRole("button", { name: "0:17.0" }));
		const slider = screen.getByRole("slider", { name: "Position in the call" });
		expect(slider.getAttribute("aria-valuenow")).toBe("17");
		const turn = screen.getByText(/It's Priya Menon/).closest("[data-role]");
		expect(turn?.getAttribute("aria-current")).toBe("true");
		fireEvent.keyDown(slider, { key: "ArrowRight" });
		expect(slider.getAttribute("aria-valuenow")).toBe("18");
	});

	it("begins at the turn or the moment of a link", async () => {
		renderPage("/calls/c1?turn=4", answers({}));
		expect((await screen.findByRole("slider")).getAttribute("aria-valuenow")).toBe("22");
		expect(screen.getByRole("tab", { selected: true }).textContent).toBe("Media & transcript");
	});

	it("begins at the call's end where a link means a moment after it", async () => {
		renderPage("/calls/c1?tab=transcript&t=99999", answers({}));
		const slider = await screen.findByRole("slider");
		expect(slider.getAttribute("aria-valuenow")).toBe(slider.getAttribute("aria-valuemax"));
		const timeline = within(screen.getByRole("region", { name: "Timeline" }));
		expect(timeline.queryByText(/^27:|^1666:/)).toBeNull();
	});

	it("has nothing but its items in a menu", async () => {
		renderPage("/calls/c1", answers({}));
		fireEvent.click(await screen.findByRole("button", { name: "Transcript" }));
		const menu = await screen.findByRole("menu");
		expect([...menu.children].map((c) => c.getAttribute("role"))).toEqual([
			"menuitem",
			"menuitem",
			"menuitem",
		]);
		await waitFor(() => expect(document.activeElement?.textContent).toBe("Text"));
	});

	it("finds in what was said and in tools, and puts it into the URL", async () => {
		const { router } = renderPage("/calls/c1?tab=transcript", answers({}));
		const box = await screen.findByRole("textbox", { name: "Find in the transcript" });
		fireEvent.change(box, { target: { value: "confirmation" } });
		expect(await screen.findByText("1 of 2")).toBeTruthy();
		expect(router.state.location.search).toMatchObject({ find: "confirmation", tab: "transcript" });
		fireEvent.keyDown(box, { key: "Enter" });
		expect(screen.getByText("2 of 2")).toBeTruthy();
		fireEvent.change(box, { target: { value: "nowhere" } });
		expect(await screen.findByText("Not found")).toBeTruthy();
		// Another link to the same call is followed, not taken back.
		await router.navigate({ to: "/calls/$id", params: { id: "c1" }, search: { find: "confirmation" } });
		expect(await screen.findByText("1 of 2")).toBeTruthy();
		await waitFor(() => expect(box).toHaveProperty("value", "confirmation"));
		expect(router.state.location.search).toMatchObject({ find: "confirmation" });
	});

	it("shows what callers say as text, whatever it is", async () => {
		const text = '<img src=x onerror="alert(1)"> **bold** https://evil.example';
		const turns = [{ index: 0, role: "user" as const, text, start_ms: 0, end_ms: 900, interrupted: false }];
		renderPage("/calls/c1?tab=transcript", answers({ turns, tool_calls: [], interruptions: [] }));
		expect(await screen.findByText(text)).toBeTruthy();
		expect(document.querySelector("img")).toBeNull();
	});

	it("makes few rows of a long transcript", async () => {
		const turns = Array.from({ length: 2000 }, (_, i) => ({
			index: i,
			role: i % 2 ? ("user" as const) : ("agent" as const),
			text: `turn number ${i}`,
			start_ms: i * 1000,
			end_ms: i * 1000 + 900,
			interrupted: false,
		}));
		renderPage(
			"/calls/c1?tab=transcript",
			answers({ turns, tool_calls: [], interruptions: [], duration_ms: 2_000_000 }),
		);
		expect(await screen.findByText("turn number 0")).toBeTruthy();
		expect(document.querySelectorAll("[data-index]").length).toBeLessThan(60);
	});

	it("draws no timeline where the vendor gave no times", async () => {
		const turns = [
			{ index: 0, role: "agent" as const, text: "Hello", start_ms: null, end_ms: null, interrupted: false },
		];
		renderPage(
			"/calls/c1?tab=transcript",
			answers({ turns, tool_calls: [], interruptions: [], latency: [] }),
		);
		expect(await screen.findByText(/gave no times for this transcript/)).toBeTruthy();
		expect(screen.getByText("no time")).toBeTruthy();
		expect(screen.queryByRole("slider")).toBeNull();
	});

	it("lists the log, filters it, and hides what repeats tools", async () => {
		const entries = [
			{ kind: "start", title: "Call started", offset_ms: 0 },
			{ kind: "tool_call", title: "find_slots", offset_ms: 32_580, data: { from: "2026-09-22" } },
			{ kind: "span", title: "find_slots", detail: "tool", offset_ms: 32_580 },
			{
				kind: "tool_result",
				title: "find_slots",
				offset_ms: 33_410,
				duration_ms: 830,
				error: "409 Conflict",
				data: { ok: false },
			},
			{ kind: "end", title: "Call ended", detail: "customer-ended-call", offset_ms: null },
		];
		const { router } = renderPage("/calls/c1?tab=logs", answers({}, { "/v1/calls/c1/log": { entries } }));
		expect(await screen.findByText("Call started")).toBeTruthy();
		expect(screen.getAllByText("find_slots")).toHaveLength(2);
		expect(screen.getByText("409 Conflict")).toBeTruthy();
		expect(screen.getByText("830 ms")).toBeTruthy();
		fireEvent.click(screen.getByRole("button", { name: "Errors 1" }));
		await waitFor(() => expect(screen.queryByText("Call started")).toBeNull());
		expect(router.state.location.search).toMatchObject({ kinds: "errors" });
	});

	it("says what failed in the log, and tries again", async () => {
		let broken = true;
		const log = () => (broken ? fail(500, "The disk is full.") : { entries: [] });
		renderPage("/calls/c1?tab=logs", answers({}, { "/v1/calls/c1/log": log }));
		expect(await screen.findByText("Could not load the debug log")).toBeTruthy();
		broken = false;
		fireEvent.click(screen.getByRole("button", { name: "Try again" }));
		expect(await screen.findByText("Nothing to log")).toBeTruthy();
	});

	it("shows every delivery as it came", async () => {
		const delivery = {
			id: "dlv_1",
			received_at: "2026-11-20T09:00:00Z",
			provider: "vapi",
			source: "",
			event: "end-of-call-report",
			state: "stored",
			reason: "",
			pointer: "",
			size: 2048,
			call_id: "c1",
			body: { message: { type: "end-of-call-report" } },
		};
		const deliveries = [
			delivery,
			{
				...delivery,
				id: "dlv_2",
				state: "quarantined",
				reason: "has no call",
				pointer: "/call",
				body: "<xml/>",
			},
		];
		renderPage("/calls/c1?tab=raw", answers({}, { "/v1/calls/c1/raw": { deliveries } }));
		expect(await screen.findAllByText("End of call report")).toHaveLength(2);
		expect(screen.getAllByText("2.0 KiB")).toHaveLength(2);
		expect(screen.getByText("<xml/>")).toBeTruthy();
		expect(screen.getByText("Quarantined")).toBeTruthy();
		expect(screen.getByText("/call")).toBeTruthy();
	});

	it("pins a note to the moment", async () => {
		const written: unknown[] = [];
		const note = async (r: Request) => {
			const body = await r.json();
			written.push(body);
			return { id: "note_1", author: "Ada", created_at: "2026-11-20T09:00:00Z", at_ms: null, ...body };
		};
		const { requests } = renderPage("/calls/c1?t=12.5", answers({}, { "POST /v1/calls/c1/notes": note }));
		const box = await screen.findByRole("textbox", { name: "New note" });
		fireEvent.change(box, { target: { value: " Too slow here " } });
		fireEvent.click(screen.getByRole("checkbox", { name: "At 0:12.5" }));
		fireEvent.click(screen.getByRole("button", { name: "Add note" }));
		await waitFor(() => expect(written).toEqual([{ text: "Too slow here", at_ms: 12_500 }]));
		await waitFor(() => expect((box as HTMLTextAreaElement).value).toBe(""));
		expect(paths(requests).filter((p) => p === "GET /v1/calls/c1/notes").length).toBeGreaterThan(1);
	});

	it("asks before a note that was begun is lost", async () => {
		const { router } = renderPage("/calls/c1", answers({}, { "/v1/calls/c2": fail(404, "gone") }));
		fireEvent.change(await screen.findByLabelText("New note"), { target: { value: "Calls back on Mon" } });
		await waitFor(() => expect(screen.getByRole("link", { name: /^Older call/ })).toBeTruthy());
		await act(async () => void (await import("../agents/LeaveGuard")));
		fireEvent.keyDown(document.body, { key: "]" });
		fireEvent.click(await screen.findByRole("button", { name: "Stay" }));
		expect(screen.getByLabelText("New note")).toHaveProperty("value", "Calls back on Mon");
		expect(router.state.location.pathname).toBe("/calls/c1");
		await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
		fireEvent.keyDown(document.body, { key: "]" });
		fireEvent.click(await screen.findByRole("button", { name: "Leave" }));
		await waitFor(() => expect(router.state.location.pathname).toBe("/calls/c2"));
	});

	it("takes a deleted note off, and puts it back on undo", async () => {
		const notes = [
			{ id: "n1", text: "Loud fan", at_ms: 4000, author: "Ada", created_at: "2026-11-20T09:00:00Z" },
		];
		const { requests } = renderPage("/calls/c1", answers({}, { "/v1/calls/c1/notes": { notes } }));
		expect(await screen.findByText("Loud fan")).toBeTruthy();
		fireEvent.click(screen.getByRole("button", { name: "Delete this note" }));
		expect(screen.queryByText("Loud fan")).toBeNull();
		fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
		expect(await screen.findByText("Loud fan")).toBeTruthy();
		expect(paths(requests)).not.toContain("DELETE /v1/calls/c1/notes/n1");
	});

	it("lets a viewer read and nothing else", async () => {
		const viewer = { ...session, user: { ...session.user, role: "viewer" } };
		renderPage("/calls/c1", answers({}, { "/v1/session": viewer }));
		expect(await screen.findByText("None yet.")).toBeTruthy();
		expect(screen.queryByRole("button", { name: "Delete" })).toBeNull();
		expect(screen.queryByRole("textbox", { name: "New note" })).toBeNull();
	});

	it("goes on to the neighbour in the list, with its filters and its tab", async () => {
		const { router, requests } = renderPage(
			"/calls/c1?tab=logs&status=failed",
			answers({}, { "/v1/calls/c1/log": { entries: [] }, "/v1/calls/c2": fail(404, "gone") }),
		);
		await screen.findByRole("link", { name: /Older call/ });
		const asked = requests.find((r) => r.url.includes("/neighbours"));
		expect(new URL(asked?.url ?? "").searchParams.getAll("status")).toEqual(["failed"]);
		fireEvent.keyDown(window, { key: "j" });
		await waitFor(() => expect(router.state.location.pathname).toBe("/calls/c2"));
		expect(router.state.location.search).toEqual({ status: "failed", tab: "logs" });
	});

	it("asks before it deletes the call", async () => {
		const { requests, router } = renderPage(
			"/calls/c1?status=failed",
			answers({}, { "DELETE /v1/calls/c1": {}, "/v1/calls": { items: [], total: 0, next_cursor: "" } }),
		);
		fireEvent.click(await screen.findByRole("button", { name: "Delete" }));
		expect(paths(requests)).not.toContain("DELETE /v1/calls/c1");
		fireEvent.click(await screen.findByRole("button", { name: "Delete the call" }));
		await waitFor(() => expect(router.state.location.pathname).toBe("/calls"));
		expect(paths(requests)).toContain("DELETE /v1/calls/c1");
	});

	it("tells what to do about a call that is not there", async () => {
		renderPage("/calls/nope?status=failed", { "/v1/calls/nope": fail(404, "no such call") });
		expect(await screen.findByText("There is no such call in this workspace")).toBeTruthy();
		expect(screen.getByRole("link", { name: /Back to the calls/ }).getAttribute("href")).toBe(
			"/calls?status=failed",
		);
	});

	it("says what failed and tries again", async () => {
		let broken = true;
		const good = answers({})["/v1/calls/c1"];
		renderPage("/calls/c1", answers({}, { "/v1/calls/c1": () => (broken ? fail(500, "It broke.") : good) }));
		expect(await screen.findByText("Could not load the call")).toBeTruthy();
		broken = false;
		fireEvent.click(screen.getByRole("button", { name: "Try again" }));
		expect(await screen.findByText("How it ended")).toBeTruthy();
	});

	it("looks again while the call goes on", async () => {
		let asked = 0;
		const live = {
			...(answers({ status: "active", ended_at: null, turns: [], tool_calls: [], interruptions: [] })[
				"/v1/calls/c1"
			] as object),
		};
		renderPage(
			"/calls/c1?tab=transcript",
			answers(
				{},
				{
					"/v1/calls/c1": () => {
						asked++;
						return asked < 2 ? live : answers({})["/v1/calls/c1"];
					},
				},
			),
		);
		expect(await screen.findByText("Nothing yet")).toBeTruthy();
		expect(await screen.findByText(/Thanks for calling/)).toBeTruthy();
	});
});
