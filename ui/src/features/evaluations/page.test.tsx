import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";
import { bodyOf, chooseAgents, draftOf } from "./evaluator";
import { runBody, runProblems } from "./run";
import { validateEvaluationsSearch } from "./search";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const evaluation = (i: number, change: object = {}) => ({
	id: `eval_${i}`,
	call_id: `call_${i}`,
	call: { id: `call_${i}`, short_id: `short${i}`, started_at: at, duration_ms: 1000, agent: null },
	evaluator_id: "evaluator_1",
	evaluator_name: "House rules",
	scorecard_id: "scorecard_1",
	scorecard_name: "Support",
	scorecard_version: 3,
	trigger: "manual",
	status: "done",
	reason: "",
	attempts: 1,
	verdict: "fail",
	score: 62,
	coverage: 0.8,
	model: "gpt-4o-mini",
	created_at: at,
	finished_at: at,
	...change,
});

const detail = (change: object = {}) =>
	evaluation(1, {
		result: {
			score: 62,
			pass_mark: 70,
			verdict: "fail",
			reason: "62 is below the pass mark of 70.",
			coverage: 0.8,
			critical_failures: [],
			categories: [
				{
					name: "Opening",
					weight: 100,
					score: 62,
					contribution: 62,
					coverage: 0.8,
					criteria: [
						{
							key: "greets",
							name: "Greets",
							type: "pass_fail",
							weight: 50,
							score: 100,
							verdict: "pass",
							contribution: 62,
							critical: true,
							method: "llm",
						},
						{
							key: "closes",
							name: "Closes",
							type: "pass_fail",
							weight: 20,
							score: null,
							verdict: "unknown",
							contribution: null,
							critical: false,
						},
					],
				},
			],
		},
		scores: [
			{
				criterion: "greets",
				value: 100,
				verdict: "pass",
				reason: "It says hello first.",
				evidence: [{ turn: 0, quote: "Hello, this is Wren" }],
				method: "llm",
				model: "gpt-4o-mini",
			},
		],
		usage: {
			model: "gpt-4o-mini",
			prompt_hash: "8f1d",
			prompt_tokens: 1200,
			completion_tokens: 90,
			cost_usd: null,
			requests: 1,
			duration_ms: 2100,
		},
		...change,
	});

const evaluator = (change: object = {}) => ({
	id: "evaluator_1",
	name: "House rules",
	scorecard_id: "scorecard_1",
	criteria: [],
	model: "",
	agent_ids: ["all"],
	sampling_rate: 0.07,
	enabled: true,
	created_at: at,
	updated_at: at,
	...change,
});

const scorecard = {
	id: "scorecard_1",
	name: "Support",
	description: "",
	version: 3,
	pass_mark: 70,
	categories: [{ name: "Opening", weight: 100, criteria: [{ name: "Greets" }, { name: "Closes" }] }],
	created_at: at,
	updated_at: at,
	used_by: [],
};

const base = {
	"/v1/evaluations": { items: [], next_cursor: "" },
	"/v1/evaluators": { items: [evaluator()] },
	"/v1/scorecards": { items: [scorecard] },
	"/v1/agents": { items: [] },
};

const viewer = { ...session, user: { ...session.user, role: "viewer" } };
const posted = (requests: Request[]) => requests.find((r) => r.method === "POST")?.json();
const dialog = async () => within(await screen.findByRole("dialog"));

describe("the results", () => {
	it("teach what an evaluator is for", async () => {
		renderPage("/evaluations", base);
		expect(await screen.findByText("No call has been evaluated yet")).toBeTruthy();
		expect(screen.getByRole("link", { name: "Set up an evaluator" }).getAttribute("href")).toBe(
			"/evaluations?view=evaluators",
		);
	});

	it("say what failed", async () => {
		renderPage("/evaluations", { ...base, "/v1/evaluations": fail(500, "Ringside failed to do this") });
		expect(await screen.findByText("Could not load the results")).toBeTruthy();
	});

	it("put into words what is listed, and load more", async () => {
		const first = Array.from({ length: 50 }, (_, i) => evaluation(i));
		const { requests } = renderPage("/evaluations?verdict=fail,unknown", {
			...base,
			"/v1/evaluations": (r: Request) =>
				new URL(r.url).searchParams.get("cursor")
					? { items: [evaluation(50, { model: undefined })], next_cursor: "" }
					: { items: first, next_cursor: "next" },
		});
		await userEvent.click(await screen.findByRole("button", { name: "Load more" }));
		const link = await screen.findByRole("link", { name: "short50" });
		expect(link.getAttribute("href")).toBe("/calls/short50");
		expect(screen.getByText("Local")).toBeTruthy();
		expect(screen.getAllByText("Support, version 3")).toHaveLength(51);
		expect(screen.getAllByText("80 %")).toHaveLength(51);
		const asked = requests.filter((r) => r.url.includes("/v1/evaluations")).map((r) => new URL(r.url).search);
		expect(asked).toEqual([
			"?limit=50&verdict=fail&verdict=unknown",
			"?limit=50&verdict=fail&verdict=unknown&cursor=next",
		]);
	});

	it("open beside the list with reasons and evidence, and step with J", async () => {
		const { router } = renderPage("/evaluations", {
			...base,
			"/v1/evaluations": { items: [evaluation(1), evaluation(2)], next_cursor: "" },
			"/v1/evaluations/eval_1": detail(),
			"/v1/evaluations/eval_2": detail({ id: "eval_2" }),
		});
		await screen.findByRole("link", { name: "short1" });
		await userEvent.keyboard("j");
		const peek = within(await screen.findByRole("complementary", { name: "Result" }));
		expect(await peek.findByText("It says hello first.")).toBeTruthy();
		expect(peek.getByText(/\+62 of the score, weight 50 %/)).toBeTruthy();
		expect(peek.getByText(/Left out of the score, weight 20 %/)).toBeTruthy();
		expect(peek.getByText(/1,200 in, 90 out/)).toBeTruthy();
		expect(peek.getByText(/the model has no price set/)).toBeTruthy();
		expect(peek.getByRole("link", { name: /Hello, this is Wren/ }).getAttribute("href")).toBe(
			"/calls/short1?turn=0",
		);
		await userEvent.keyboard("j");
		await waitFor(() => expect(router.state.location.search).toEqual({ result: "eval_2" }));
	});

	it("run again, and show the new one", async () => {
		const { router, requests } = renderPage("/evaluations?result=eval_1", {
			...base,
			"/v1/evaluations/eval_1": detail(),
			"/v1/evaluations/eval_9": evaluation(9, { status: "queued", verdict: undefined, score: null }),
			"POST /v1/evaluations/eval_1/rerun": evaluation(9, { status: "queued", verdict: undefined }),
		});
		await userEvent.click(await screen.findByRole("button", { name: "Re-run" }));
		await waitFor(() => expect(router.state.location.search).toEqual({ result: "eval_9" }));
		expect(await screen.findByText(/It waits for its turn/)).toBeTruthy();
		expect(requests.filter((r) => r.method === "POST")).toHaveLength(1);
	});

	it("offer a viewer nothing to change", async () => {
		renderPage("/evaluations?result=eval_1", {
			...base,
			"/v1/evaluations/eval_1": detail(),
			"/v1/session": viewer,
		});
		await screen.findByText("It says hello first.");
		expect(screen.queryByRole("button", { name: "Re-run" })).toBeNull();
		expect(screen.queryByRole("button", { name: "Run…" })).toBeNull();
	});
});

describe("running an evaluator", () => {
	it("asks for a call by its short id and says how many were queued", async () => {
		const { requests, router } = renderPage("/evaluations", {
			...base,
			"POST /v1/evaluations": {
				evaluation_id: "eval_1",
				matched: 1,
				queued: 1,
				matched_is_lower_bound: false,
				run_id: "",
			},
			"/v1/evaluations/eval_1": detail(),
		});
		await userEvent.click(await screen.findByRole("button", { name: "Run…" }));
		const form = await dialog();
		await userEvent.click(await form.findByRole("button", { name: "Run" }));
		expect(form.getByText("Enter a call's id or short id")).toBeTruthy();
		await userEvent.type(form.getByLabelText("Call"), " short1 ");
		await userEvent.click(form.getByRole("button", { name: "Run" }));
		expect(await screen.findByText("1 call is queued to be judged")).toBeTruthy();
		expect(await posted(requests)).toEqual({ evaluator_id: "evaluator_1", call_id: "short1" });
		await userEvent.click(screen.getByRole("button", { name: "Show" }));
		await waitFor(() => expect(router.state.location.search).toEqual({ result: "eval_1" }));
	});

	it("means the calls of some time or of an agent, no more than a limit", () => {
		const now = new Date("2026-11-20T09:00:00Z");
		const draft = { evaluator: "e", which: "7d", call: "", agent: "", limit: "25" } as const;
		expect(runBody(draft, now)).toEqual({
			evaluator_id: "e",
			filter: { started_after: "2026-11-13T09:00:00.000Z" },
			limit: 25,
		});
		expect(runBody({ ...draft, which: "24h" }, now).filter).toEqual({
			started_after: "2026-11-19T09:00:00.000Z",
		});
		expect(runBody({ ...draft, which: "agent", agent: "a" }, now).filter).toEqual({ agent: ["a"] });
		expect(Object.keys(runProblems({ ...draft, evaluator: "", which: "agent", limit: "0.5" }))).toEqual([
			"/evaluator_id",
			"/filter/agent",
			"/limit",
		]);
	});

	it("keeps the dialog when no call matches", async () => {
		renderPage("/evaluations", {
			...base,
			"POST /v1/evaluations": { matched: 0, queued: 0, matched_is_lower_bound: false, run_id: "run_1" },
		});
		await userEvent.click(await screen.findByRole("button", { name: "Run…" }));
		const form = await dialog();
		await userEvent.click(await form.findByText("Last 24 hours"));
		await userEvent.click(form.getByRole("button", { name: "Run" }));
		expect(await form.findByText(/No call matches/)).toBeTruthy();
	});
});

describe("the evaluators", () => {
	it("teach what they are for, with a way to make one", async () => {
		const { requests } = renderPage("/evaluations?view=evaluators", {
			...base,
			"GET /v1/evaluators": { items: [] },
			"POST /v1/evaluators": evaluator(),
		});
		await userEvent.click(await screen.findByRole("button", { name: "Create an evaluator" }));
		const form = await dialog();
		await userEvent.type(form.getByLabelText("Name"), "House rules");
		await userEvent.click(form.getByText("Criteria by name"));
		await userEvent.type(form.getByLabelText("Criteria", { selector: "input" }), "Professionalism,");
		const rate = form.getByLabelText("How many of them");
		await userEvent.clear(rate);
		await userEvent.type(rate, "7");
		await userEvent.click(form.getByRole("button", { name: "Create the evaluator" }));
		expect(await screen.findByText("House rules is here")).toBeTruthy();
		expect(await posted(requests)).toEqual({
			name: "House rules",
			criteria: ["Professionalism"],
			model: "",
			agent_ids: [],
			sampling_rate: 0.07,
			enabled: true,
		});
	});

	it("say in words whose calls they judge", async () => {
		renderPage("/evaluations?view=evaluators", base);
		expect(await screen.findByText(/7 % of every agent's calls/)).toBeTruthy();
		expect((await screen.findByRole("link", { name: "Support" })).getAttribute("href")).toBe(
			"/evaluations/scorecards/scorecard_1",
		);
	});

	it("are deleted after a question", async () => {
		const { requests } = renderPage("/evaluations?view=evaluators", {
			...base,
			"DELETE /v1/evaluators/evaluator_1": {},
		});
		await userEvent.click(await screen.findByRole("button", { name: "Delete" }));
		expect(requests.some((r) => r.method === "DELETE")).toBe(false);
		await userEvent.click(await screen.findByRole("button", { name: "Delete the evaluator" }));
		expect(await screen.findByText("House rules is deleted")).toBeTruthy();
	});

	it("say what failed, and offer a viewer nothing to change", async () => {
		renderPage("/evaluations?view=evaluators", {
			...base,
			"/v1/evaluators": fail(500, "Ringside failed"),
			"/v1/session": viewer,
		});
		expect(await screen.findByText("Could not load the evaluators")).toBeTruthy();
		expect(screen.queryByRole("button", { name: "Create an evaluator" })).toBeNull();
	});

	it("go by a scorecard or by criteria, never by both", () => {
		const draft = { ...draftOf(undefined), scorecard: "s", criteria: ["A"] };
		expect(bodyOf(draft)).not.toHaveProperty("criteria");
		expect(bodyOf({ ...draft, by: "criteria" })).not.toHaveProperty("scorecard_id");
	});

	it("watch every agent or some", () => {
		expect(chooseAgents(["a"], ["a", "all"])).toEqual(["all"]);
		expect(chooseAgents(["all"], ["all", "b"])).toEqual(["b"]);
		expect(chooseAgents(["all"], [])).toEqual([]);
	});
});

describe("the scorecards", () => {
	it("teach what they are", async () => {
		renderPage("/evaluations?view=scorecards", { ...base, "/v1/scorecards": { items: [] } });
		expect(await screen.findByText("No scorecard yet")).toBeTruthy();
		expect(screen.getByRole("link", { name: "Write a scorecard" }).getAttribute("href")).toBe(
			"/evaluations/scorecards/new",
		);
	});

	it("are listed with how many criteria they have", async () => {
		renderPage("/evaluations?view=scorecards", base);
		const row = (await screen.findByRole("link", { name: "Support" })).closest("tr");
		expect(row?.textContent).toContain("Support3270Nothing");
	});
});

describe("the address", () => {
	it("drops what means nothing", () => {
		expect(
			validateEvaluationsSearch({
				view: "x",
				status: "done,odd",
				verdict: "odd",
				evaluator: "e,f",
				result: "",
			}),
		).toEqual({ status: "done", evaluator: "e,f" });
	});
});
