import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changeSettings } from "../../lib/settings";
import { type Answers, fail, renderPage } from "../../test/page";

const now = new Date().toISOString();

function call(i: number, change: object = {}) {
	return {
		id: `call_${i}`,
		short_id: `${i}`,
		provider: "vapi",
		provider_call_id: `v${i}`,
		agent: { id: "agent_1", name: `Reception ${i}`, source_id: "a" },
		direction: "inbound",
		status: "completed",
		last_event: "end-of-call-report",
		from: "+14155550100",
		to: "+14155550199",
		is_simulation: false,
		created_at: now,
		started_at: now,
		answered_at: now,
		ended_at: now,
		received_at: now,
		duration_ms: 47_000,
		ended_reason: "customer-did-not-answer",
		outcome: { success: true, ended_by: "customer", failure_class: "", explanation: "The customer hung up." },
		cost: { total: 0.125, currency: "USD" },
		has_recording: false,
		turns: 2,
		tool_calls: 0,
		response_ms: null,
		quality: 91.7,
		sentiment: "negative",
		tags: ["refund", "vip", "late", "angry"],
		findings: ["frustration", "tool_error", "knowledge_gap", "dead_air", "agent_stuck"],
		...change,
	};
}

const figures = {
	calls: 3,
	ended: 3,
	active: 0,
	failed: 1,
	judged: 3,
	succeeded: 2,
	success_rate: 0.66,
	failure_rate: 0.33,
	avg_duration_ms: 60_000,
	response_p95_ms: null,
	response_n: 0,
	cost: null,
};

const page = (items: object[], more: object = {}) => ({
	items,
	next_cursor: "",
	total: items.length,
	total_is_lower_bound: false,
	...more,
});

const answers = (list: unknown, more: Answers = {}): Answers => ({
	"/v1/calls": list,
	"/v1/calls/facets": { facets: { status: [{ value: "failed", count: 12 }] }, capped: false },
	"/v1/calls/histogram": {
		buckets: [{ start: now, count: 3, failed: 1 }],
		interval_ms: 3_600_000,
		capped: false,
	},
	"/v1/health": { window_hours: 24, now: figures, before: figures, failures: [] },
	"/v1/views": { items: [] },
	...more,
});

const query = (r: Request) => new URL(r.url).searchParams;

describe("the calls page", () => {
	beforeEach(() => {
		// jsdom lays nothing out; the virtual list needs a height to fill.
		vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
		vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
	});
	afterEach(() => {
		changeSettings({ columns: [] });
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});

	it("shows calls in words, and the reasons for figures that are not known", async () => {
		renderPage("/calls", answers(page([call(1), call(2, { agent: null, cost: null, duration_ms: null })])));
		const row = (await screen.findByText("Reception 1")).closest("[role=row]") as HTMLElement;
		for (const text of [
			"Completed",
			"0:47",
			"Succeeded",
			"Customer did not answer",
			"$0.125",
			"92",
			"Negative",
		]) {
			expect(within(row).getByText(text)).toBeTruthy();
		}
		expect(within(row).getByTitle("Inbound")).toBeTruthy();
		expect(screen.getByText("No agent")).toBeTruthy();
		expect(screen.getByText("3 of the 10 judged calls needed")).toBeTruthy();
		expect(screen.getByText("No vendor sent response times")).toBeTruthy();
	});

	it("shows tags and findings with what does not fit as a count, and filters by a click", async () => {
		changeSettings({ columns: ["time", "agent", "score", "sentiment", "findings", "tags"] });
		const bare = { quality: null, sentiment: "", tags: [], findings: [] };
		const { router, requests } = renderPage("/calls?range=7d", answers(page([call(1), call(2, bare)])));
		const row = (await screen.findByText("Reception 1")).closest("[role=row]") as HTMLElement;
		expect(within(row).getByText("Customer frustrated")).toBeTruthy();
		expect(within(row).getByTitle("late, angry").textContent).toContain("+2");
		expect(within(row).getByTitle("Long silence, Agent went in circles").textContent).toContain("+2");
		const empty = screen.getByText("Reception 2").closest("[role=row]") as HTMLElement;
		expect(within(empty).getAllByTitle("Not measured")).toHaveLength(3);
		fireEvent.click(within(row).getByText("refund"));
		await waitFor(() => expect(router.state.location.search).toEqual({ range: "7d", tag: "refund" }));
		expect(await screen.findByRole("button", { name: "Remove filter: Tag is refund" })).toBeTruthy();
		await waitFor(() => expect(requests.some((r) => query(r).getAll("tag").includes("refund"))).toBe(true));
	});

	it("sorts by the score from its head", async () => {
		const { router } = renderPage("/calls", answers(page([call(1)])));
		fireEvent.click(await screen.findByRole("button", { name: "Score" }));
		await waitFor(() => expect(router.state.location.search).toEqual({ sort: "-quality" }));
		fireEvent.click(screen.getByRole("button", { name: "Score" }));
		await waitFor(() => expect(router.state.location.search).toEqual({ sort: "quality" }));
	});

	it("offers frustrated customers and low scores beside the saved views", async () => {
		const { router, requests } = renderPage("/calls?status=failed", answers(page([call(1)])));
		await screen.findByText("Reception 1");
		fireEvent.click(screen.getByRole("button", { name: "Views" }));
		fireEvent.click(await screen.findByRole("button", { name: "Low score, worst first" }));
		await waitFor(() => expect(router.state.location.search).toEqual({ max_score: 60, sort: "quality" }));
		await waitFor(() => {
			const asked = requests.map(query).filter((q) => q.get("max_quality") === "60");
			expect(asked.some((q) => q.get("sort") === "quality")).toBe(true);
		});
		fireEvent.click(screen.getByRole("button", { name: "Views" }));
		fireEvent.click(await screen.findByRole("button", { name: "Frustrated customers" }));
		await waitFor(() => expect(router.state.location.search).toEqual({ finding: "frustration" }));
	});

	it("takes bounds of the score and tags from the form", async () => {
		const { router } = renderPage("/calls?tag=a%252Cb", answers(page([call(1)])));
		await screen.findByText("Reception 1");
		fireEvent.click(screen.getByRole("button", { name: "More" }));
		fireEvent.change(await screen.findByLabelText("Score at least"), { target: { value: "20" } });
		fireEvent.click(screen.getByRole("button", { name: "Apply" }));
		await waitFor(() => expect(router.state.location.search).toEqual({ tag: "a%2Cb", min_score: 20 }));
		fireEvent.click(screen.getByRole("button", { name: "More" }));
		fireEvent.change(await screen.findByLabelText("Tags, with commas between"), {
			target: { value: " vip,  late , vip," },
		});
		fireEvent.click(screen.getByRole("button", { name: "Apply" }));
		await waitFor(() => expect(router.state.location.search).toEqual({ tag: "vip,late", min_score: 20 }));
	});

	it("peeks at the summary, the score and what was found", async () => {
		const one = {
			...call(1),
			turns: [],
			tool_calls: [],
			analysis: { provider: null },
			summary: {
				overview: "Wanted a refund.",
				key_topics: [],
				action_items: [],
				outcome: "unresolved",
				method: "local",
			},
			sentiment: { label: "negative", score: -0.4, turns: [], method: "local" },
			quality: { score: 41, coverage: 1, parts: [], method: "local" },
			findings: Array.from({ length: 7 }, (_, i) => ({
				kind: "frustration",
				severity: i === 6 ? "critical" : "info",
				turn: i,
				at_ms: null,
				detail: `Sign ${i}`,
				method: "local",
			})),
		};
		renderPage("/calls?peek=call_1", answers(page([call(9)]), { "/v1/calls/call_1": one }));
		const peek = within(await screen.findByRole("complementary", { name: "Selected call" }));
		expect(await peek.findByText("Wanted a refund.")).toBeTruthy();
		for (const text of [
			"41",
			"Negative",
			"Not resolved",
			"Local estimate",
			"2 more findings on the call's page.",
		])
			expect(peek.getByText(text), text).toBeTruthy();
		const details = peek.getAllByText(/^Sign/).map((e) => e.textContent);
		expect(details).toEqual(["Sign 6", "Sign 0", "Sign 1", "Sign 2", "Sign 3"]);
	});

	it("sends the URL's filters to every part of the page", async () => {
		const { requests } = renderPage(
			"/calls?status=failed,missed&q=refund&meta=store%3D7",
			answers(page([call(1)])),
		);
		await screen.findByText("Reception 1");
		await waitFor(() => expect(requests.some((r) => r.url.includes("/facets"))).toBe(true));
		for (const part of ["/v1/calls?", "/v1/calls/facets?", "/v1/calls/histogram?"]) {
			const asked = requests.find((r) => r.url.includes(part));
			if (!asked) throw new Error(`${part} was not asked`);
			expect(query(asked).getAll("status")).toEqual(["failed", "missed"]);
			expect([query(asked).get("q"), query(asked).get("metadata.store")]).toEqual(["refund", "7"]);
		}
		expect(screen.getByText("Failed, Missed")).toBeTruthy();
	});

	it("highlights what was found", async () => {
		const matches = [{ turn: 1, role: "user", text: "I want a refund", ranges: [[9, 15]] }];
		renderPage("/calls?q=refund", answers(page([call(1, { matches })])));
		expect(
			(await screen.findByText("refund", { selector: "mark" })).closest("[role=row]")?.textContent,
		).toContain("Caller");
	});

	it("draws few rows of many, and asks for the next page near the end", async () => {
		const first = Array.from({ length: 100 }, (_, i) => call(i));
		const list = (r: Request) => {
			const q = query(r);
			if (q.get("limit") === "1") return page([call(0)], { total: 10_000, total_is_lower_bound: true });
			return q.get("cursor")
				? page([call(500)])
				: page(first, { next_cursor: "c1", total: 10_000, total_is_lower_bound: true });
		};
		const { requests } = renderPage("/calls", answers(list));
		await screen.findByText("Reception 0");
		expect(screen.getByText("10,000 calls or more")).toBeTruthy();
		expect(screen.getAllByRole("row").length).toBeLessThan(60);
		const grid = screen.getByRole("grid");
		grid.scrollTop = 2900;
		fireEvent.scroll(grid);
		await waitFor(() => expect(requests.some((r) => query(r).get("cursor") === "c1")).toBe(true));
	});

	it("walks with J and K, peeks, closes with Escape and opens with Enter", async () => {
		const one = {
			...call(2),
			turns: [{ index: 0, role: "agent", text: "Good morning", start_ms: 0 }],
			tool_calls: [],
			analysis: { provider: null },
		};
		const { router } = renderPage(
			"/calls",
			answers(page([call(1), call(2)]), { "/v1/calls/call_1": one, "/v1/calls/call_2": one }),
		);
		await screen.findByText("Reception 1");
		const peek = () => (router.state.location.search as { peek?: string }).peek;
		fireEvent.keyDown(document.body, { key: "j" });
		await waitFor(() => expect(peek()).toBe("call_1"));
		fireEvent.keyDown(document.body, { key: "j" });
		await waitFor(() => expect(peek()).toBe("call_2"));
		expect(await screen.findByText("Good morning")).toBeTruthy();
		fireEvent.keyDown(document.body, { key: "k" });
		await waitFor(() => expect(peek()).toBe("call_1"));
		fireEvent.keyDown(document.body, { key: "Escape" });
		await waitFor(() => expect(peek()).toBeUndefined());
		fireEvent.keyDown(document.body, { key: "j" });
		await waitFor(() => expect(peek()).toBe("call_1"));
		fireEvent.keyDown(document.body, { key: "Enter" });
		await waitFor(() => expect(router.state.location.pathname).toBe("/calls/call_1"));
	});

	it("keeps up with a held key", async () => {
		const many = Array.from({ length: 30 }, (_, i) => call(i));
		const { router } = renderPage("/calls", answers(page(many), { "/v1/calls/call_11": call(11) }));
		await screen.findByText("Reception 0");
		for (let i = 0; i < 12; i++) fireEvent.keyDown(document.body, { key: "j" });
		await waitFor(() => expect(router.state.location.search).toEqual({ peek: "call_11" }));
	});

	it("says that nothing matches, and clears the filters", async () => {
		const { router } = renderPage("/calls?status=failed&sort=-cost", answers(page([])));
		fireEvent.click(
			within((await screen.findByText("No call matches")).parentElement as HTMLElement).getByRole("button"),
		);
		await waitFor(() => expect(router.state.location.search).toEqual({ sort: "-cost" }));
	});

	it("says what failed and tries again", async () => {
		let broken = true;
		const list = () => (broken ? fail(503, "The database is busy.") : page([call(1)]));
		renderPage("/calls", answers(list));
		expect(await screen.findByText("Could not load the calls")).toBeTruthy();
		broken = false;
		fireEvent.click(screen.getByRole("button", { name: "Try again" }));
		expect(await screen.findByText("Reception 1")).toBeTruthy();
	});

	it("teaches an empty workspace how to send a call, with a key", async () => {
		renderPage("/calls", answers(page([]), { "POST /v1/keys": { id: "key_1", key: "rs_live_abc" } }));
		expect(await screen.findByText("Waiting for the first call")).toBeTruthy();
		const command = screen.getByRole("figure", { name: "Command for a terminal" });
		expect(command.textContent).toContain("https://ringside.example/api/v1/observability/calls");
		fireEvent.click(screen.getByRole("button", { name: "Make a key and put it in" }));
		await waitFor(() => expect(command.textContent).toContain("X-API-Key: rs_live_abc"));
	});

	it("shows the first call in the list when it has landed", async () => {
		let landed = false;
		renderPage(
			"/calls",
			answers(() => page(landed ? [call(1)] : [])),
		);
		await screen.findByText("Waiting for the first call");
		landed = true;
		fireEvent.click(await screen.findByRole("button", { name: "Show the list" }));
		expect(await screen.findByText("Reception 1")).toBeTruthy();
	});

	it("leads to sign-in when the session is over, and to set-up on a new server", async () => {
		const out = fail(401, "You are signed out.");
		const a = renderPage("/calls?status=failed", { "/v1/session": out, "/v1/setup": { needed: false } });
		await waitFor(() => expect(a.router.state.location.pathname).toBe("/signin"));
		expect((a.router.state.location.search as { next?: string }).next).toBe("/calls?status=failed");
		const b = renderPage("/calls", { "/v1/session": out, "/v1/setup": { needed: true } });
		await waitFor(() => expect(b.router.state.location.pathname).toBe("/setup"));
	});
});
