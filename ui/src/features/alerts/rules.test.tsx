import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ownRule, rule } from "../../test/alerts";
import { fail, renderPage, session } from "../../test/page";

afterEach(() => vi.unstubAllGlobals());

const agents = { "/v1/agents": { items: [{ id: "agent_1", name: "Wren" }] } };

const page = (answers: object) => renderPage("/alerts?view=rules", { ...agents, ...answers });

const bodies = (requests: Request[], method: string) =>
	Promise.all(requests.filter((r) => r.method === method).map((r) => r.json()));

describe("the alert rules", () => {
	it("says what failed", async () => {
		page({ "/v1/alert-rules": fail(500, "Ringside failed to do this") });
		expect(await screen.findByText("Could not load the rules")).toBeTruthy();
	});

	it("lists what each looks for, and marks the built-in ones", async () => {
		page({
			"/v1/alert-rules": { items: [rule({ version: 3 }), ownRule({ agents: ["agent_1"], active: false })] },
		});
		const built = (await screen.findByRole("link", { name: "Dead air" })).closest("tr") as HTMLElement;
		expect(within(built).getByText("Built in, changed")).toBeTruthy();
		expect(within(built).getByText("Every agent")).toBeTruthy();
		expect(within(built).getByRole("button", { name: /Reset ?Dead air/ })).toBeTruthy();
		const own = screen.getByRole("link", { name: "Long talks" }).closest("tr") as HTMLElement;
		expect(await within(own).findByText("Wren")).toBeTruthy();
		expect(within(own).getByText("The call is longer than 10 min")).toBeTruthy();
		expect(within(own).getByRole("button", { name: /Delete ?Long talks/ })).toBeTruthy();
		expect(within(own).queryByRole("button", { name: /Reset/ })).toBeNull();
		expect(screen.getByText(/2 rules, 1 on/)).toBeTruthy();
	});

	it("lets viewers read and nothing else", async () => {
		const viewer = { ...session, user: { ...session.user, role: "viewer" } };
		page({ "/v1/session": viewer, "/v1/alert-rules": { items: [rule(), ownRule()] } });
		expect(await screen.findByText(/As a viewer you may look/)).toBeTruthy();
		expect(screen.queryByRole("button", { name: /Edit|Delete|Create a rule/ })).toBeNull();
		expect(screen.queryByRole("switch")).toBeNull();
	});

	it("switches one off, and on again by undo", async () => {
		const { requests } = page({
			"/v1/alert-rules": { items: [rule()] },
			"PATCH /v1/alert-rules/dead_air": rule({ active: false }),
		});
		await userEvent.click(await screen.findByRole("switch", { name: "Dead air is on" }));
		await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
		await waitFor(async () =>
			expect(
				await bodies(
					requests.map((r) => r.clone()),
					"PATCH",
				),
			).toEqual([{ active: false }, { active: true }]),
		);
	});

	it("changes the threshold of a built-in one", async () => {
		const { requests } = page({
			"/v1/alert-rules": { items: [rule()] },
			"PATCH /v1/alert-rules/dead_air": rule({ version: 1 }),
		});
		await userEvent.click(await screen.findByRole("button", { name: /Edit ?Dead air/ }));
		const field = await screen.findByLabelText("Nobody speaks for");
		expect(screen.queryByLabelText("Name")).toBeNull();
		await userEvent.clear(field);
		await userEvent.click(screen.getByRole("button", { name: "Save" }));
		expect(await screen.findByText("Enter a number from 1 to 3600")).toBeTruthy();
		await userEvent.type(field, "15");
		await userEvent.click(screen.getByRole("button", { name: "Save" }));
		expect(await screen.findByText("Saved")).toBeTruthy();
		const [body] = await bodies(requests, "PATCH");
		expect(body).toMatchObject({
			name: "Dead air",
			condition: { type: "dead_air", threshold: 15 },
			severity: "medium",
			agents: [],
			active: true,
		});
	});

	it("creates one, with what the server refuses at its field", async () => {
		let tries = 0;
		const { requests } = page({
			"/v1/alert-rules": { items: [rule()] },
			"POST /v1/alert-rules": () =>
				tries++ === 0 ? fail(422, "is a name that is taken", "/name") : ownRule({ name: "Slow" }),
		});
		await userEvent.click(await screen.findByRole("button", { name: "Create a rule" }));
		await userEvent.click(await screen.findByRole("button", { name: "Create the rule" }));
		expect(await screen.findByText("A rule needs a name")).toBeTruthy();
		await userEvent.type(screen.getByLabelText("Name"), "Slow");
		await userEvent.click(screen.getByRole("button", { name: "Create the rule" }));
		expect(await screen.findByText("Is a name that is taken")).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Create the rule" }));
		expect(await screen.findByText("Slow is here")).toBeTruthy();
		expect((await bodies(requests, "POST"))[1]).toMatchObject({
			name: "Slow",
			condition: { type: "score_threshold", operator: "less_than", threshold: 60 },
		});
	});

	it("deletes one of your own after it has asked", async () => {
		const { requests } = page({
			"/v1/alert-rules": { items: [ownRule()] },
			"DELETE /v1/alert-rules/rule_1": {},
		});
		await userEvent.click(await screen.findByRole("button", { name: /Delete ?Long talks/ }));
		await userEvent.click(await screen.findByRole("button", { name: "Delete the rule" }));
		expect(await screen.findByText("Long talks is deleted")).toBeTruthy();
		expect(requests.filter((r) => r.method === "DELETE")).toHaveLength(1);
	});

	it("resets a built-in one after it has asked", async () => {
		page({
			"/v1/alert-rules": { items: [rule({ version: 1 })] },
			"POST /v1/alert-rules/dead_air/reset": rule({ version: 2 }),
		});
		await userEvent.click(await screen.findByRole("button", { name: /Reset ?Dead air/ }));
		await userEvent.click(await screen.findByRole("button", { name: "Reset the rule" }));
		expect(await screen.findByText("Dead air is as it came")).toBeTruthy();
	});

	it("tells who changed one, and what about it", async () => {
		const before = rule({ version: 1 });
		const versions = [
			{ version: 2, author: "Ada", createdAt: "2026-11-20T09:00:00Z", rule: { ...before, severity: "high" } },
			{ version: 1, author: "Ben", createdAt: "2026-11-19T09:00:00Z", rule: before },
		];
		const { requests } = page({
			"/v1/alert-rules": { items: [rule({ version: 2, severity: "high" })] },
			"/v1/alert-rules/dead_air/versions": { items: versions },
		});
		await userEvent.click(await screen.findByRole("button", { name: /Edit ?Dead air/ }));
		const tab = await screen.findByRole("tab", { name: "History" });
		expect(requests.some((r) => r.url.endsWith("/versions"))).toBe(false);
		await userEvent.click(tab);
		expect(await screen.findByText("Version 2: Severity")).toBeTruthy();
		expect(screen.getByText("Version 1: First change")).toBeTruthy();
	});
});
