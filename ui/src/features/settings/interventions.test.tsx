import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";
import { checkStep, draftOf, placeWords, stepBody, whenWords } from "./interventions";
import type { Step } from "./queries";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const rule = {
	id: "step_1",
	name: "Angry customers",
	when: { types: ["customer_frustration"], minSeverity: "high" },
	agents: ["agent_1"],
	do: { action: "transfer", transferTo: "queue_1", message: "They wait.", reason: "anger" },
	mode: "act",
	countdown: 20,
	active: true,
	createdAt: at,
	updatedAt: at,
} satisfies Step;

const queues = {
	queues: [
		{
			id: "queue_1",
			name: "Front desk",
			number: "+14155550123",
			sip: "",
			hours: {},
			agents: [],
			created_at: at,
			updated_at: at,
		},
	],
};
const agents = { items: [{ id: "agent_1", name: "Reception", settings: {} }] };
const viewer = { ...session, user: { ...session.user, role: "viewer" } };
const sent = (requests: Request[], method: string) => requests.findLast((r) => r.method === method)?.json();
const path = "/settings/interventions";
const known = { "/v1/queues": queues, "/v1/agents": agents };

describe("Settings, Interventions", () => {
	it("teaches when there is none", async () => {
		renderPage(path, { "/v1/intervention-rules": { items: [] } });
		expect(await screen.findByText("Nothing steps into calls yet")).toBeTruthy();
		expect(screen.getByText(/after a countdown that anybody who watches can cancel/)).toBeTruthy();
		expect(screen.getByRole("button", { name: "Add a rule" })).toBeTruthy();
	});

	it("shows what failed with a way to try again, and then each rule in words", async () => {
		let broken = true;
		const hush = {
			...rule,
			id: "step_2",
			name: "Hush",
			agents: [],
			mode: "suggest",
			do: { action: "say", message: "One moment." },
		};
		renderPage(path, {
			...known,
			"/v1/intervention-rules": () => (broken ? fail(500, "the disk is full") : { items: [rule, hush] }),
		});
		expect(await screen.findByText("Could not load the rules")).toBeTruthy();
		broken = false;
		await userEvent.click(screen.getByRole("button", { name: "Try again" }));
		const row = within(
			(await screen.findByRole("cell", { name: /^Angry customers\s*Customer/ })).closest("tr") as HTMLElement,
		);
		expect(row.getByText("Customer frustration, high or worse")).toBeTruthy();
		expect(await row.findByText("Transfer to Front desk")).toBeTruthy();
		expect(row.getByText("by itself, after 20 s")).toBeTruthy();
		expect(await row.findByText("Reception")).toBeTruthy();
		const other = within(screen.getByRole("cell", { name: /^Hush\s*Customer/ }).closest("tr") as HTMLElement);
		expect(other.getByText("Say “One moment.”")).toBeTruthy();
		expect(other.getByText("as a suggestion")).toBeTruthy();
		expect(other.getByText("Every agent")).toBeTruthy();
	});

	it("says at the field what can't be, before the server does", async () => {
		const { requests } = renderPage(path, { ...known, "GET /v1/intervention-rules": { items: [] } });
		await userEvent.click(await screen.findByRole("button", { name: "Add a rule" }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.click(dialog.getByLabelText("Do it after a countdown"));
		await userEvent.clear(dialog.getByLabelText("Countdown"));
		await userEvent.type(dialog.getByLabelText("Countdown"), "4");
		await userEvent.click(dialog.getByRole("button", { name: "Add the rule" }));
		for (const text of [/^Enter a name/, /^Choose a queue, or/, /^Enter whole seconds/, /^Choose the agents/])
			expect(dialog.getByText(text)).toBeTruthy();
		expect(requests.some((r) => r.method === "POST")).toBe(false);
	});

	it("adds a rule, and places what the server refuses", async () => {
		let refused = true;
		const { requests } = renderPage(path, {
			...known,
			"GET /v1/intervention-rules": { items: [] },
			"POST /v1/intervention-rules": () =>
				refused ? fail(422, "the agent may not transfer to it", "/do/transferTo") : rule,
		});
		await userEvent.click(await screen.findByRole("button", { name: "Add a rule" }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.type(dialog.getByLabelText(/^Name/), "Angry customers");
		await userEvent.type(await dialog.findByLabelText("Or to a number"), "+1 (415) 555-0199");
		await userEvent.click(dialog.getByRole("button", { name: "Add the rule" }));
		expect(await dialog.findByText("The agent may not transfer to it")).toBeTruthy();
		refused = false;
		await userEvent.type(dialog.getByLabelText("Reason"), "anger");
		expect(dialog.queryByText("The agent may not transfer to it")).toBeNull();
		await userEvent.click(dialog.getByRole("button", { name: "Add the rule" }));
		expect(await screen.findByText("Angry customers is added")).toBeTruthy();
		expect(await sent(requests, "POST")).toEqual({
			name: "Angry customers",
			when: { types: [], minSeverity: "high" },
			agents: [],
			do: { action: "transfer", transferTo: "+14155550199", reason: "anger" },
			mode: "suggest",
		});
	});

	it("edits, switches with a way back, and deletes after a question", async () => {
		let items: object[] = [rule];
		const { requests } = renderPage(path, {
			...known,
			"GET /v1/intervention-rules": () => ({ items }),
			"PATCH /v1/intervention-rules/step_1": rule,
			"DELETE /v1/intervention-rules/step_1": () => {
				items = [];
				return {};
			},
		});
		await userEvent.click(await screen.findByRole("button", { name: /^Edit\s*Angry/ }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.click(dialog.getByLabelText("End the call"));
		await userEvent.click(dialog.getByRole("button", { name: "Save" }));
		expect(await screen.findByText("Saved")).toBeTruthy();
		expect(await sent(requests, "PATCH")).toMatchObject({
			do: { action: "end", reason: "anger" },
			mode: "act",
			countdown: 20,
		});
		await userEvent.click(screen.getByRole("switch", { name: "Angry customers is on" }));
		expect(await screen.findByText("Angry customers is off")).toBeTruthy();
		expect(await sent(requests, "PATCH")).toEqual({ active: false });
		await userEvent.click(screen.getByRole("button", { name: "Undo" }));
		await waitFor(async () => expect(await sent(requests, "PATCH")).toEqual({ active: true }));
		await userEvent.click(screen.getByRole("button", { name: /^Delete\s*Angry/ }));
		await userEvent.click(await screen.findByRole("button", { name: "Delete the rule" }));
		expect(await screen.findByText("Angry customers is deleted")).toBeTruthy();
		expect(await screen.findByText("Nothing steps into calls yet")).toBeTruthy();
	});

	it("lets a viewer look and change nothing", async () => {
		renderPage(path, { ...known, "/v1/session": viewer, "/v1/intervention-rules": { items: [rule] } });
		expect(await screen.findByText("Angry customers")).toBeTruthy();
		expect(screen.getByText("On")).toBeTruthy();
		expect(screen.queryByRole("switch")).toBeNull();
		expect(screen.queryByRole("button", { name: /Add|Edit|Delete/ })).toBeNull();
	});
});

describe("a rule's draft", () => {
	it("keeps what is set, and sends only what its action has a use for", () => {
		const draft = draftOf(rule);
		expect(stepBody(draft)).toEqual({
			name: rule.name,
			when: rule.when,
			agents: rule.agents,
			do: rule.do,
			mode: "act",
			countdown: 20,
		});
		expect(stepBody({ ...draft, action: "say" }).do).toEqual({ action: "say", message: "They wait." });
		expect(stepBody({ ...draft, number: " sip:desk@example.com " }).do?.transferTo).toBe(
			"sip:desk@example.com",
		);
		expect(draftOf({ ...rule, do: { action: "transfer", transferTo: "+14155550123" } })).toMatchObject({
			queue: "",
			number: "+14155550123",
		});
	});
	it("is checked as the server would", () => {
		const draft = draftOf(rule);
		expect(checkStep(draft)).toEqual({});
		expect(checkStep({ ...draft, mode: "suggest", agents: [], countdown: "" })).toEqual({});
		for (const countdown of ["4", "301", "x", "", "7.5"])
			expect(checkStep({ ...draft, countdown })).toHaveProperty("/countdown");
		expect(checkStep({ ...draft, action: "say", message: " " })).toHaveProperty("/do/message");
	});
	it("reads as people say it", () => {
		expect(whenWords({ when: { types: [], minSeverity: "low" } })).toBe("Any alert");
		expect(whenWords({ when: { types: ["dead_air", "call_error"], minSeverity: "critical" } })).toBe(
			"Dead air or Call error, critical",
		);
		expect(placeWords("queue_gone", [])).toBe("queue_gone");
	});
});
