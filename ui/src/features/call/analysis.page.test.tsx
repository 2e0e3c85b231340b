import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { analysis, finding, step } from "../../test/analysed";
import { golden } from "../../test/golden";
import { type Answers, renderPage, session } from "../../test/page";
import { renderUI } from "../../test/render";
import { Steps } from "./Steps";
import type { Call, Step } from "./types";

const vapi = golden("vapi", "end-of-call-report");

function answers(call: Partial<Call>, more: Answers = {}): Answers {
	return {
		"/v1/calls/c1": {
			...vapi,
			id: "c1",
			short_id: "abc123",
			has_recording: true,
			response_ms: 2310,
			...call,
		},
		"/v1/calls/c1/neighbours": { previous: null, next: null },
		"/v1/calls/c1/notes": { notes: [] },
		"/v1/evaluations": { items: [], next_cursor: "" },
		...more,
	};
}

const region = (name: string) => screen.findByRole("region", { name });

describe("the analysis of a call", () => {
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

	it("begins with the summary, its method, the tags and the steps", async () => {
		renderPage("/calls/c1", answers(analysis));
		const card = within(await region("Analysis"));
		for (const text of [
			"Priya moved her cleaning to Tuesday.",
			"moving an appointment, opening hours",
			"Send a confirmation.",
			"Resolved",
			"The hook answered 500.",
			"The agent has no CRM.",
		])
			expect(card.getByText(text), text).toBeTruthy();
		expect(card.getAllByText("By gpt-4o-mini")).toHaveLength(2);
		expect(card.getByRole("link", { name: "a, b" }).getAttribute("href")).toBe("/calls?tag=a%252C+b");
		const steps = within(card.getByRole("list", { name: "Steps after the call" }));
		expect(steps.getAllByRole("listitem").map((s) => s.textContent?.replace(/\d.*/, ""))).toEqual([
			expect.stringContaining("AnalysisDone"),
			expect.stringContaining("Language modelDone"),
			expect.stringContaining("WebhooksFailed"),
			expect.stringContaining("CRMSkipped"),
		]);
		expect(card.getByRole("button", { name: "Retry: Analysis" })).toBeTruthy();
		expect(screen.getByText("Vapi's analysis")).toBeTruthy();
	});

	it("shows the score in the head, and what it is made of", async () => {
		renderPage("/calls/c1", answers(analysis));
		const card = within(await region("Score"));
		expect(screen.getByText("Score 72")).toBeTruthy();
		expect(card.getByText("Rests on 95 % of its weight; the rest could not be measured.")).toBeTruthy();
		const [taking, sound] = card.getAllByRole("listitem");
		expect(taking?.textContent).toMatch(/Turn taking88.*25 %Over 5 responses\./);
		expect(sound?.textContent).toContain("Not measured: No recording has been analysed.");
		expect(sound?.querySelector("rect")).toBeNull();
	});

	it("says once why nothing of the score could be measured", async () => {
		const part = { weight: 0.5, score: null, reason: "There was no conversation.", method: "local" as const };
		const parts = [
			{ ...part, name: "resolution" as const },
			{ ...part, name: "loops" as const },
		];
		renderPage(
			"/calls/c1",
			answers({ ...analysis, quality: { score: null, coverage: 0, parts, method: "local" } }),
		);
		expect((await region("Score")).textContent).toBe("ScoreNot measured: There was no conversation.");
		expect(screen.queryByText(/^Score \d/)).toBeNull();
	});

	it("lists the criteria in words, failures first, with what they rest on", async () => {
		renderPage("/calls/c1", answers(analysis));
		const items = within(await region("Criteria")).getAllByRole("article");
		expect(items.map((i) => i.textContent)).toEqual([
			expect.stringMatching(
				/^Confirms the bookingFailedBy gpt-4o-mini25It does not say the year\..*0:41\.3$/,
			),
			expect.stringMatching(/^Greeting qualityPassedLocal estimate100/),
			expect.stringMatching(/^Reason for callDoes not applyBy gpt-4o-miniAnswer: Reschedule$/),
		]);
	});

	it("leads from a quote to its turn, and again after coming back", async () => {
		const { router } = renderPage("/calls/c1", answers(analysis));
		const quote = "You are booked for Tuesday";
		fireEvent.click(within(await region("Criteria")).getByRole("link", { name: new RegExp(quote) }));
		await waitFor(() => expect(router.state.location.search).toEqual({ tab: "transcript", turn: 8 }));
		const slider = () => screen.getByRole("slider", { name: "Position in the call" });
		await waitFor(() => expect(slider().getAttribute("aria-valuenow")).toBe("41"));
		const said = await screen.findByText(/Done\./);
		expect(said.closest("[data-role]")?.getAttribute("aria-current")).toBe("true");
		fireEvent.keyDown(slider(), { key: "Home" });
		fireEvent.click(screen.getByRole("tab", { name: "Overview" }));
		fireEvent.click(within(await region("Criteria")).getByRole("link", { name: new RegExp(quote) }));
		await waitFor(() => expect(slider().getAttribute("aria-valuenow")).toBe("41"));
	});

	it("lists what was found, worst first, and leads to its turn", async () => {
		const { router } = renderPage("/calls/c1", answers(analysis));
		const card = within(await region("Findings (3)"));
		expect(card.getAllByRole("article").map((a) => a.textContent)).toEqual([
			expect.stringMatching(/^Required phrase missedCritical · By rulewhole call/),
			expect.stringMatching(/^Customer frustratedWarning · Local estimate0:29\.2/),
			expect.stringMatching(/^Knowledge gapNote · Local estimate0:41\.3.*About: parking/),
		]);
		fireEvent.click(card.getByRole("link", { name: "0:29.2" }));
		await waitFor(() => expect(router.state.location.search).toEqual({ tab: "transcript", turn: 5 }));
	});

	it("says that nothing was found", async () => {
		renderPage("/calls/c1", answers({ ...analysis, findings: [] }));
		expect((await region("Findings")).textContent).toContain("Nothing was found that needs a look.");
	});

	it("draws the sentiment, reads it out, and walks over its turns by the arrow keys", async () => {
		const { router } = renderPage("/calls/c1", answers(analysis));
		const card = within(await region("Sentiment"));
		expect(card.getByText("Mixed")).toBeTruthy();
		expect(card.getByText("−0.12 on a scale from −1 to 1")).toBeTruthy();
		const [first, second] = card.getAllByRole("link");
		expect(first?.getAttribute("aria-label")).toMatch(/^0:07\.1: Positive \(0\.30\)\. “Hi, um/);
		expect(second?.getAttribute("aria-label")).toMatch(
			/^0:29\.2: Negative \(−0\.60\), strong signs of frustration\. “Could you/,
		);
		expect([first?.tabIndex, second?.tabIndex]).toEqual([0, -1]);
		first?.focus();
		fireEvent.keyDown(document.activeElement as Element, { key: "ArrowRight" });
		expect(document.activeElement).toBe(second);
		fireEvent.click(second as Element);
		await waitFor(() => expect(router.state.location.search).toEqual({ tab: "transcript", turn: 5 }));
	});

	it("says that no words tell of the sentiment", async () => {
		const sentiment = { label: "unknown" as const, score: null, turns: [], method: "local" as const };
		renderPage("/calls/c1", answers({ ...analysis, sentiment }));
		const card = await region("Sentiment");
		expect(card.textContent).toContain("Not clear");
		expect(card.textContent).toContain("There are no words of the customer's that tell.");
	});

	it("shows what was read out of the call as values, and what the model took", async () => {
		renderPage("/calls/c1", answers(analysis));
		const data = within(await region("Extracted data"));
		expect(data.getAllByRole("listitem").map((f) => f.textContent)).toEqual([
			"New customerNo",
			"Visit reasonCleaning",
			"Deposit40.5",
			"Notes—",
		]);
		expect(data.getByRole("button", { name: "Copy all values as JSON" })).toBeTruthy();
		const model = await region("Language model");
		for (const text of ["gpt-4o-mini", "4,312 read, 689 written", "$0.0011", "2 times, 6.24 s in all"])
			expect(within(model).getByText(text), text).toBeTruthy();
	});

	it("says that a model has no price", async () => {
		renderPage(
			"/calls/c1",
			answers({ ...analysis, judge: { ...analysis.judge, cost_usd: null } as Call["judge"] }),
		);
		expect(within(await region("Language model")).getByText("No price is set for this model")).toBeTruthy();
	});

	it("shows no card for what there is not", async () => {
		renderPage(
			"/calls/c1",
			answers({ ...analysis, scores: [], extracted: {}, judge: null as never, tags: [] }),
		);
		await region("Score");
		for (const name of ["Criteria", "Extracted data", "Language model"])
			expect(screen.queryByRole("region", { name }), name).toBeNull();
		expect(screen.queryByText("Tags")).toBeNull();
	});

	it("says what it waits for while there is nothing, and keeps the rest of the page", async () => {
		renderPage("/calls/c1", answers({ pipeline: [], status: "active", ended_at: null }));
		expect((await region("Analysis")).textContent).toContain("Analysis starts when the call ends.");
		for (const name of ["Findings", "Score", "Sentiment"])
			expect(screen.queryByRole("region", { name }), name).toBeNull();
		expect(screen.getByText("How it ended")).toBeTruthy();
	});

	it("says that it failed, and why", async () => {
		const pipeline = [step("analysis", "failed", "The disk is full."), step("judge", "waiting")];
		renderPage("/calls/c1", answers({ pipeline }));
		const card = await region("Analysis");
		expect(card.textContent).toContain("The analysis failed, so there is no summary");
		expect(within(card).getByText("The disk is full.")).toBeTruthy();
		expect(within(card).getByText("Waiting")).toBeTruthy();
	});

	it("appears by itself when it is ready", async () => {
		let asked = 0;
		const running = { pipeline: [step("analysis", "running")], ended_at: new Date().toISOString() };
		const call = () => answers(++asked < 2 ? running : analysis)["/v1/calls/c1"];
		renderPage("/calls/c1", answers({}, { "/v1/calls/c1": call }));
		expect(await screen.findByText("The analysis is running.")).toBeTruthy();
		expect(await screen.findByText("Priya moved her cleaning to Tuesday.")).toBeTruthy();
	});

	it("holds a call with hundreds of findings, criteria and fields", async () => {
		const many = <T,>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));
		const turns = many(1000, (i) => ({
			...(vapi.turns ?? [])[i % 2],
			index: i,
			text: "word ".repeat(40),
			start_ms: i * 1000,
			end_ms: i * 1000 + 900,
		}));
		renderPage(
			"/calls/c1",
			answers({
				...analysis,
				turns: turns as Call["turns"],
				findings: many(300, (i) => finding({ turn: i, at_ms: i * 1000, detail: "x".repeat(400) })),
				scores: many(200, (i) => ({ ...(analysis.scores ?? [])[0], criterion: `c_${i}` })) as Call["scores"],
				extracted: Object.fromEntries(many(300, (i) => [`field_${i}`, "y".repeat(5000)])),
				sentiment: {
					label: "negative",
					score: -1,
					turns: many(1000, (i) => ({ turn: i, score: -1, frustration: 5 })),
					method: "local",
				},
			}),
		);
		const card = within(await region("Findings (300)"));
		expect(card.getAllByRole("article")).toHaveLength(6);
		fireEvent.click(card.getByRole("button", { name: "Show all 300 findings" }));
		expect(card.getAllByRole("article")).toHaveLength(300);
		expect(within(await region("Criteria")).getAllByRole("article")).toHaveLength(8);
		const data = await region("Extracted data");
		expect(within(data).getAllByText("4,400 more characters")).toHaveLength(20);
		const sentiment = await region("Sentiment");
		expect(within(sentiment).getAllByRole("link").length).toBeLessThanOrEqual(60);
		expect(sentiment.textContent).toContain("Each stands for 17 turns.");
		expect(screen.getAllByRole("button", { name: /^Finding, / })).toHaveLength(60);
	});

	it("marks what was found beside its turn, and the words that show it", async () => {
		renderPage("/calls/c1?tab=transcript", answers(analysis));
		const words = await screen.findByText("like, next Tuesday");
		expect(words.closest("em")?.getAttribute("data-tone")).toBe("watch");
		const mark = screen.getByRole("button", { name: "Customer frustrated Warning" });
		fireEvent.click(mark);
		expect(screen.getByText("The customer is cross.")).toBeTruthy();
		fireEvent.click(mark);
		expect(screen.queryByText("The customer is cross.")).toBeNull();
		expect(screen.getAllByRole("list", { name: "Found here" })).toHaveLength(2);
	});

	it("keeps the search's marks in words that were found", async () => {
		renderPage("/calls/c1?find=Tuesday", answers(analysis));
		const hits = await screen.findAllByText("Tuesday", { selector: "mark *, mark" });
		expect(hits.some((h) => h.closest("em"))).toBe(true);
		expect(hits.some((h) => !h.closest("em"))).toBe(true);
	});

	it("pins what was found to the timeline", async () => {
		renderPage("/calls/c1", answers(analysis));
		const pin = await screen.findByRole("button", {
			name: "Finding, warning at 0:29.2: Customer frustrated. The customer is cross.",
		});
		fireEvent.click(pin);
		expect(screen.getByRole("slider").getAttribute("aria-valuenow")).toBe("29");
		expect(screen.getAllByRole("button", { name: /^Finding, / })).toHaveLength(2);
	});
});

describe("the steps after a call", () => {
	afterEach(() => vi.unstubAllGlobals());

	const show = (role: string, retry?: (step: Step["step"]) => Promise<unknown>) => {
		vi.stubGlobal("fetch", () =>
			Promise.resolve(Response.json({ ...session, user: { ...session.user, role } })),
		);
		const pipeline = [step("analysis", "done"), step("judge", "running"), step("crm", "waiting")];
		renderUI(
			<Suspense>
				<Steps call={{ id: "c1", pipeline }} retry={retry} />
			</Suspense>,
		);
	};

	it("can be done again when they are over, where that is offered", async () => {
		const asked: string[] = [];
		show("member", async (name) => asked.push(name));
		fireEvent.click(await screen.findByRole("button", { name: "Retry: Analysis" }));
		await waitFor(() => expect(asked).toEqual(["analysis"]));
		expect(screen.getAllByRole("button", { name: /Retry/ })).toHaveLength(1);
	});

	it("can't be done again by a viewer", async () => {
		show("viewer", async () => undefined);
		expect(await screen.findByText("Done")).toBeTruthy();
		expect(screen.queryByRole("button", { name: /Retry/ })).toBeNull();
	});
});
