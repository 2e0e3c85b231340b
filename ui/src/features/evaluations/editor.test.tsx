import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const scorecard = (change: object = {}) => ({
	id: "scorecard_1",
	name: "Support",
	description: "",
	version: 3,
	pass_mark: 70,
	categories: [{ name: "Opening", weight: 100, criteria: [{ key: "greets", name: "Greets", weight: 1 }] }],
	created_at: at,
	updated_at: at,
	used_by: [],
	...change,
});

const versions = { items: [{ version: 3, name: "Support", author: "Ada", created_at: at }] };

const kept = (change: object = {}) => ({
	"GET /v1/scorecards/scorecard_1": scorecard(),
	"/v1/scorecards/scorecard_1/versions": versions,
	"/v1/scorecards": { items: [] },
	...change,
});

const path = "/evaluations/scorecards/scorecard_1";
const sent = (requests: Request[], method: string) => requests.find((r) => r.method === method)?.json();

/** All at once: a long form is slow to type into, letter by letter. */
const type = (field: Element, value: string) => fireEvent.change(field, { target: { value } });

describe("the editor of a scorecard", () => {
	it("says that there is none", async () => {
		renderPage(path, kept({ "GET /v1/scorecards/scorecard_1": fail(404, "there is no scorecard") }));
		expect(await screen.findByText("There is no such scorecard")).toBeTruthy();
	});

	it("says what failed", async () => {
		renderPage(path, kept({ "GET /v1/scorecards/scorecard_1": fail(500, "Ringside failed") }));
		expect(await screen.findByText("Could not load the scorecard")).toBeTruthy();
	});

	it("writes a new one, held back until the weights come to 100", async () => {
		const { requests, router } = renderPage("/evaluations/scorecards/new", {
			...kept(),
			"POST /v1/scorecards": scorecard({ version: 1 }),
		});
		type(await screen.findByLabelText("Name", { selector: "input[maxlength='200']" }), "Support");
		type(screen.getByLabelText("Category"), "Opening");
		const criterion = within(screen.getByRole("region", { name: "Criterion 1" }));
		type(criterion.getByLabelText("Name"), "Greets");
		const [weight] = screen.getAllByLabelText("Weight");
		if (!weight) throw new Error("there is no weight");
		type(weight, "90");
		expect(screen.getByText(/weigh 90 % together. 10 % are missing/)).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Save the scorecard" }));
		expect(requests.some((r) => r.method === "POST")).toBe(false);
		type(weight, "100");
		expect(screen.getByText(/weigh 100 % together/)).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Save the scorecard" }));
		await waitFor(() => expect(router.state.location.pathname).toBe(path));
		expect(await sent(requests, "POST")).toMatchObject({
			name: "Support",
			pass_mark: 60,
			categories: [
				{ name: "Opening", weight: 100, criteria: [{ name: "Greets", type: "pass_fail", weight: 1 }] },
			],
		});
	});

	it("saves a change as the next version, against the one it began with", async () => {
		const { requests } = renderPage(
			path,
			kept({ "PATCH /v1/scorecards/scorecard_1": scorecard({ version: 4, pass_mark: 75 }) }),
		);
		const mark = await screen.findByLabelText("Pass mark");
		expect(screen.queryByRole("button", { name: /Save as version/ })).toBeNull();
		await userEvent.clear(mark);
		await userEvent.type(mark, "75");
		await userEvent.click(screen.getByRole("button", { name: "Save as version 4" }));
		expect(await screen.findByText("Saved as version 4")).toBeTruthy();
		expect(await sent(requests, "PATCH")).toMatchObject({
			version: 3,
			pass_mark: 75,
			categories: [{ criteria: [{ key: "greets", name: "Greets" }] }],
		});
		await waitFor(() => expect(screen.queryByRole("button", { name: /Save as version/ })).toBeNull());
	});

	it("places what the server refuses at the fields", async () => {
		renderPage(
			path,
			kept({
				"PATCH /v1/scorecards/scorecard_1": fail(422, "stands twice", "/categories/0/criteria/0/key"),
			}),
		);
		const criterion = within(await screen.findByRole("region", { name: "Greets" }));
		await userEvent.type(criterion.getByLabelText("Name"), "!");
		await userEvent.click(screen.getByRole("button", { name: "Save as version 4" }));
		expect(await screen.findByText("Stands twice")).toBeTruthy();
		expect(screen.getByText(/1 place needs another value/)).toBeTruthy();
	});

	it("keeps the edits when somebody else has saved, and offers the newer version", async () => {
		let version = 3;
		renderPage(
			path,
			kept({
				"GET /v1/scorecards/scorecard_1": () =>
					scorecard({ version, name: version > 3 ? "Theirs" : "Support" }),
				"PATCH /v1/scorecards/scorecard_1": () => {
					version = 4;
					return fail(409, "somebody has changed the scorecard");
				},
			}),
		);
		const mark = await screen.findByLabelText("Pass mark");
		await userEvent.clear(mark);
		await userEvent.type(mark, "75");
		await userEvent.click(screen.getByRole("button", { name: "Save as version 4" }));
		const load = await screen.findByRole("button", { name: "Discard my changes and load it" });
		expect((screen.getByLabelText("Pass mark") as HTMLInputElement).value).toBe("75");
		await userEvent.click(load);
		expect(await screen.findByRole("heading", { level: 1, name: "Theirs" })).toBeTruthy();
		expect((screen.getByLabelText("Pass mark") as HTMLInputElement).value).toBe("70");
	});

	it("tries what stands in the editor on a call, and keeps nothing", async () => {
		const { requests } = renderPage(
			path,
			kept({
				"POST /v1/scorecards/dry-run": {
					note: "The transcript was cut.",
					usage: null,
					scores: [
						{
							criterion: "greets",
							value: 100,
							verdict: "pass",
							reason: "It says hello.",
							evidence: [{ turn: 2, quote: "Hello" }],
							method: "rule",
						},
					],
					result: {
						score: 100,
						pass_mark: 70,
						verdict: "pass",
						reason: "100 reaches the pass mark of 70.",
						coverage: 1,
						critical_failures: [],
						categories: [
							{
								name: "Opening",
								weight: 100,
								score: 100,
								contribution: 100,
								coverage: 1,
								criteria: [
									{
										key: "greets",
										name: "Greets",
										type: "pass_fail",
										weight: 100,
										score: 100,
										verdict: "pass",
										contribution: 100,
										critical: false,
										method: "rule",
									},
								],
							},
						],
					},
				},
			}),
		);
		const tried = within(await screen.findByRole("region", { name: "Try it on a call" }));
		const name = screen.getByLabelText("Name", { selector: "input[maxlength='200']" });
		await userEvent.type(name, " team");
		await userEvent.type(tried.getByLabelText("Call"), "short1");
		await userEvent.click(tried.getByRole("button", { name: "Try" }));
		expect(await tried.findByText("It says hello.")).toBeTruthy();
		expect(tried.getByText("The transcript was cut.")).toBeTruthy();
		expect(tried.getByText("No language model was asked.")).toBeTruthy();
		expect(tried.getByRole("link", { name: /Hello/ }).getAttribute("href")).toBe("/calls/short1?turn=2");
		expect(await sent(requests, "POST")).toMatchObject({
			call_id: "short1",
			scorecard: { name: "Support team", pass_mark: 70 },
		});
		expect(requests.some((r) => r.method === "PATCH")).toBe(false);
	});

	it("shows a viewer the scorecard and nothing to change", async () => {
		renderPage(path, kept({ "/v1/session": { ...session, user: { ...session.user, role: "viewer" } } }));
		expect(await screen.findByText(/As a viewer/)).toBeTruthy();
		expect(screen.queryByRole("button", { name: "Add a category" })).toBeNull();
		expect(screen.queryByRole("region", { name: "Try it on a call" })).toBeNull();
		expect((screen.getByLabelText("Pass mark") as HTMLInputElement).disabled).toBe(true);
	});
});
