import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ownRule } from "../../test/alerts";
import { fail, renderPage } from "../../test/page";

afterEach(() => vi.unstubAllGlobals());

const tested = (i: number, change: object = {}) => ({
	call: {
		id: `call_${i}`,
		short_id: `short${i}`,
		started_at: "2026-11-20T09:00:00Z",
		agent: { id: "a", name: "Wren" },
	},
	bad: [],
	times_guessed: false,
	alerts: [
		{
			at_ms: 605_000,
			message: "The call lasts longer than 10 min",
			severity: "low",
			turn: null,
			resolved_at_ms: 700_000,
			resolved_by: "call_end",
		},
	],
	...change,
});

const result = (change: object = {}) => ({
	from: "2026-11-13T09:00:00Z",
	to: "2026-11-20T09:00:00Z",
	calls: 340,
	alerts: 12,
	fired: 11,
	left_out: 20,
	left_out_reason: "only the newest 2,000 are looked at",
	items: Array.from({ length: 11 }, (_, i) => tested(i)),
	missed: [tested(50, { alerts: [], bad: ["human_fail"] })],
	marked: { bad: 4, bad_fired: 3, fine: 10, fine_fired: 1, unknown: 326, precision: 0.75, recall: 0.75 },
	...change,
});

async function tryIt(answer: unknown) {
	const page = renderPage("/alerts?view=rules", {
		"/v1/agents": { items: [] },
		"/v1/alert-rules": { items: [ownRule()] },
		"POST /v1/alert-rules/backtest": answer,
	});
	await userEvent.click(await screen.findByRole("button", { name: /Edit ?Long talks/ }));
	await userEvent.click(await screen.findByRole("tab", { name: "Try it" }));
	return page;
}

const run = () => userEvent.click(screen.getByRole("button", { name: "Try it on past calls" }));

describe("trying a rule on past calls", () => {
	it("says how often it would have fired, where, and what it missed", async () => {
		const { requests } = await tryIt(result());
		await userEvent.click(screen.getByText("Last 30 days"));
		await run();
		expect(await screen.findByText("It would have fired on 11 of 340 calls, 12 alerts in all.")).toBeTruthy();
		expect(screen.getByText(/It met 3 of the 4 calls marked bad.*75 % are bad \(n = 4\)/)).toBeTruthy();
		expect(screen.getByText(/20 older calls were left out: only the newest 2,000/)).toBeTruthy();
		const list = screen.getByRole("region", { name: "Calls with an alert" });
		expect(within(list).getAllByRole("listitem")).toHaveLength(8);
		await userEvent.click(within(list).getByRole("button", { name: "Show 3 more" }));
		expect(within(list).getAllByRole("listitem")).toHaveLength(11);
		const second = within(list).getAllByRole("link", { name: "10:05" })[0];
		expect(second?.getAttribute("href")).toBe("/calls/short0?t=605");
		expect(screen.getByText("Marked bad: failed by a person")).toBeTruthy();
		const sent = await requests.find((r) => r.method === "POST")?.json();
		expect(sent.rule.condition).toEqual({ type: "duration", threshold: 600, operator: "greater_than" });
		expect(Date.now() - Date.parse(sent.from)).toBeGreaterThan(29 * 86_400_000);
	});

	it("says that it would not have fired, and that nothing is marked", async () => {
		const none = { bad: 0, bad_fired: 0, fine: 0, fine_fired: 0, unknown: 5, precision: null, recall: null };
		await tryIt(result({ calls: 5, fired: 0, alerts: 0, items: [], missed: [], left_out: 0, marked: none }));
		await run();
		expect(await screen.findByText("It would not have fired: none of 5 calls.")).toBeTruthy();
		expect(screen.getByText(/None of these calls is marked bad/)).toBeTruthy();
	});

	it("says of what it can't be tried", async () => {
		await tryIt(result());
		await userEvent.click(screen.getByRole("tab", { name: "Rule" }));
		await userEvent.click(screen.getByRole("combobox", { name: "Looks at" }));
		await userEvent.click(await screen.findByRole("option", { name: "Share of failed calls" }));
		await userEvent.click(screen.getByRole("tab", { name: "Try it" }));
		expect(screen.getByText(/is about many calls together/)).toBeTruthy();
	});

	it("says what failed, and holds back while a field is wrong", async () => {
		await tryIt(fail(422, "can't be tried on past calls"));
		await run();
		expect(await screen.findByText(/an't be tried on past calls/)).toBeTruthy();
		await userEvent.click(screen.getByRole("tab", { name: "Rule" }));
		await userEvent.clear(screen.getByLabelText("Longer than"));
		await userEvent.click(screen.getByRole("tab", { name: "Try it" }));
		expect(screen.getByText("Correct the fields of the rule first.")).toBeTruthy();
		expect(screen.getByRole<HTMLButtonElement>("button", { name: "Try it on past calls" }).disabled).toBe(
			true,
		);
	});
});
