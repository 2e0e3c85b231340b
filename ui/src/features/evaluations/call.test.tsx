import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { golden } from "../../test/golden";
import { fail, renderPage, session } from "../../test/page";

const at = "2026-11-20T09:00:00Z";

const evaluation = {
	id: "eval_1",
	evaluator_name: "House rules",
	status: "done",
	verdict: "pass",
	score: 88,
	created_at: at,
};

const answers = (more: object) => ({
	"/v1/calls/c1": { ...golden("vapi", "end-of-call-report"), id: "c1", short_id: "abc123" },
	"/v1/calls/c1/neighbours": { previous: null, next: null },
	"/v1/calls/c1/notes": { notes: [] },
	"/v1/evaluations": { items: [], next_cursor: "" },
	"/v1/evaluators": { items: [{ id: "evaluator_1", name: "House rules" }] },
	...more,
});

const card = async () => within(await screen.findByRole("region", { name: "Evaluations" }));

describe("the evaluations of a call", () => {
	beforeEach(() => {
		vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => {});
	});
	afterEach(() => {
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});

	it("lead to their results", async () => {
		const { requests } = renderPage(
			"/calls/c1",
			answers({ "/v1/evaluations": { items: [evaluation], next_cursor: "" } }),
		);
		const shown = await card();
		expect((await shown.findByRole("link", { name: "House rules" })).getAttribute("href")).toBe(
			"/evaluations?result=eval_1",
		);
		expect(shown.getByText("88")).toBeTruthy();
		expect(shown.getByText("Passed")).toBeTruthy();
		const asked = requests.find((r) => r.url.includes("/v1/evaluations"));
		expect(new URL(asked?.url ?? "").searchParams.get("call")).toBe("c1");
	});

	it("say what failed", async () => {
		renderPage("/calls/c1", answers({ "/v1/evaluations": fail(500, "Ringside failed") }));
		expect(await (await card()).findByText("Could not load the evaluations")).toBeTruthy();
	});

	it("are run for this call by the evaluator that one chooses", async () => {
		const { requests } = renderPage(
			"/calls/c1",
			answers({
				"POST /v1/evaluations": {
					evaluation_id: "eval_2",
					matched: 1,
					queued: 1,
					matched_is_lower_bound: false,
					run_id: "",
				},
			}),
		);
		const shown = await card();
		expect(await shown.findByText(/No evaluator has judged this call/)).toBeTruthy();
		await userEvent.click(shown.getByRole("button", { name: "Run an evaluator" }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.click(await dialog.findByRole("button", { name: "Run" }));
		await waitFor(() => expect(requests.some((r) => r.method === "POST")).toBe(true));
		expect(await requests.find((r) => r.method === "POST")?.json()).toEqual({
			evaluator_id: "evaluator_1",
			call_id: "c1",
		});
	});

	it("are not run by a viewer", async () => {
		renderPage(
			"/calls/c1",
			answers({ "/v1/session": { ...session, user: { ...session.user, role: "viewer" } } }),
		);
		expect(await (await card()).findByText(/No evaluator has judged this call/)).toBeTruthy();
		expect(screen.queryByRole("button", { name: "Run an evaluator" })).toBeNull();
	});
});
