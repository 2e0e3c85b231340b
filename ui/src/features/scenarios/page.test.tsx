import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, refuse, renderPage, session } from "../../test/page";
import type { Run, Scenario } from "./queries";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";
const call = "call_0000000000000000000001";

const run = {
	id: "run_1",
	scenario_id: "scenario_1",
	scenario_name: "Refund",
	state: "done",
	result: "failed",
	scheduled: false,
	by: "Ada",
	wanted: 1,
	expect: { must_say: ["goodbye"] },
	calls: [
		{
			name: "sim-run_1-0",
			call_id: call,
			result: "failed",
			checks: [{ expected: "must_say/0", result: "failed", reason: "The agent never said “goodbye”." }],
		},
	],
	created_at: at,
	started_at: at,
	ended_at: at,
} satisfies Run;

const scenario = {
	id: "scenario_1",
	name: "Refund",
	persona: "",
	goal: "Money back",
	script: "# refund 1 success\nA Hello.",
	behaviour: "normal",
	expect: { must_say: ["goodbye"] },
	agent_id: "",
	calls: 1,
	schedule: { kind: "daily", at: "07:30", timezone: "Europe/Berlin" },
	active: true,
	created_at: at,
	updated_at: at,
	next_run_at: "2026-11-21T06:30:00Z",
	last_run: run,
} satisfies Scenario;

const path = "/settings/scenarios";
const list = "/v1/scenarios";
const viewer = { ...session, user: { ...session.user, role: "viewer" } };

describe("Settings, Scenarios", () => {
	it("teaches when there is none, and claims no more than it does", async () => {
		renderPage(path, { [list]: { items: [] } });
		expect(await screen.findByText("No scenario yet")).toBeTruthy();
		expect(screen.getByText(/It does not call the voice agent itself/)).toBeTruthy();
		expect(screen.getByRole("button", { name: "Add a scenario" })).toBeTruthy();
	});

	it("shows what failed with a way to try again, and then the last result", async () => {
		let broken = true;
		renderPage(path, { [list]: () => (broken ? fail(500, "the disk is full") : { items: [scenario] }) });
		expect(await screen.findByText("Could not load the scenarios")).toBeTruthy();
		broken = false;
		await userEvent.click(screen.getByRole("button", { name: "Try again" }));
		const row = within((await screen.findByText("Money back")).closest("tr") as HTMLElement);
		expect(row.getByText("Failed")).toBeTruthy();
		expect(row.getByText("Daily at 07:30, Europe/Berlin")).toBeTruthy();
	});

	it("shows a run's calls with the reason for each result", async () => {
		renderPage(path, { [list]: { items: [scenario] }, "/v1/scenarios/scenario_1/runs": { items: [run] } });
		await userEvent.click(await screen.findByRole("button", { name: /^Runs/ }));
		const dialog = within(await screen.findByRole("dialog"));
		expect(await dialog.findByText("Says “goodbye”")).toBeTruthy();
		expect(dialog.getByText("The agent never said “goodbye”.")).toBeTruthy();
		expect(dialog.getByRole("link", { name: "Call 1" }).getAttribute("href")).toBe(`/calls/${call}`);
		expect(dialog.getByRole("link", { name: "Its 1 call" }).getAttribute("href")).toContain("scenario_run");
	});

	it("runs now, and says why it can't", async () => {
		let full = true;
		const { requests } = renderPage(path, {
			[list]: { items: [scenario] },
			"/v1/scenarios/scenario_1/execute": () =>
				full
					? refuse(
							409,
							"too_many_calls",
							"the workspace's scenarios hold 50 calls now, and at most 50 at once",
						)
					: {
							execution: { id: "run_2", scenario_id: "scenario_1", status: "queued", simulations_created: 1 },
						},
		});
		const button = await screen.findByRole("button", { name: /^Run now/ });
		await userEvent.click(button);
		expect(await screen.findByText(/hold 50 calls now/)).toBeTruthy();
		full = false;
		await userEvent.click(button);
		expect(await screen.findByText("1 simulated call of Refund will begin")).toBeTruthy();
		expect(requests.filter((r) => r.method === "POST")).toHaveLength(2);
	});

	it("adds one, and places what the server refuses", async () => {
		let refused = true;
		const { requests } = renderPage(path, {
			[`GET ${list}`]: { items: [] },
			"/v1/agents": { items: [] },
			[`POST ${list}`]: () =>
				refused ? fail(422, "can't be played: scenario:3: “Z” begins no line", "/script") : scenario,
		});
		await userEvent.click(await screen.findByRole("button", { name: "Add a scenario" }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.click(dialog.getByRole("button", { name: "Add the scenario" }));
		expect(dialog.getByText(/^Enter a name/)).toBeTruthy();
		await userEvent.type(dialog.getByRole("textbox", { name: /^Name/ }), "Refund");
		await userEvent.click(dialog.getByRole("button", { name: "Add the scenario" }));
		expect(await dialog.findByText(/begins no line/)).toBeTruthy();
		refused = false;
		await userEvent.type(dialog.getByRole("textbox", { name: "The agent says" }), "goodbye");
		await userEvent.click(dialog.getByRole("button", { name: "Add the scenario" }));
		expect(await screen.findByText("Refund is added")).toBeTruthy();
		const sent = await requests.findLast((r) => r.method === "POST")?.json();
		expect(sent).toMatchObject({ name: "Refund", behaviour: "normal", expect: { must_say: ["goodbye"] } });
	});

	it("lets who may only look run and change nothing", async () => {
		renderPage(path, { "/v1/session": viewer, [list]: { items: [scenario] } });
		expect(await screen.findByRole("button", { name: /^Runs/ })).toBeTruthy();
		expect(screen.queryByRole("button", { name: /^(Run now|Edit|Delete)/ })).toBeNull();
	});
});
