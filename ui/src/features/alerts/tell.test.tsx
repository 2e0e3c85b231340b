import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ownRule } from "../../test/alerts";
import { fail, renderPage } from "../../test/page";
import type { Rule } from "./queries";
import { checkTell, tellBody, tellOf, tellPointers, tells } from "./tell";

afterEach(() => vi.unstubAllGlobals());

const told = {
	notifications: {
		email: { recipients: ["ada@example.com"], subject: "{{message}}" },
		slack: { webhook_set: true, channel: "#alerts", mentionOnCritical: true },
		webhook: { url_set: true, headers_set: true, method: "PUT" },
	},
	throttling: { enabled: true, cooldownMinutes: 20, maxAlertsPerHour: 4 },
	grouping: { enabled: true, timeWindow: "1m30s", maxGroupSize: 6 },
	silenceSchedule: {
		enabled: true,
		timezone: "Europe/Berlin",
		windows: [{ days: ["Fri", "saturday"], startTime: "22:00", endTime: "24:00" }],
	},
};

const of = (change: object) => tellOf(ownRule(change) as Rule);

describe("whom a rule tells, in its form", () => {
	it("sends what it came with, and no secret that was not typed", () => {
		const draft = of(told);
		expect(checkTell(draft)).toEqual({});
		expect(JSON.parse(JSON.stringify(tellBody(draft)))).toEqual({
			notifications: {
				email: told.notifications.email,
				slack: { channel: "#alerts", mentionOnCritical: true },
				webhook: { method: "PUT" },
			},
			throttling: told.throttling,
			grouping: { enabled: true, timeWindow: "90s", maxGroupSize: 6 },
			silenceSchedule: {
				enabled: true,
				timezone: "Europe/Berlin",
				windows: [{ days: ["friday", "saturday"], startTime: "22:00", endTime: "24:00" }],
			},
		});
		expect(tells(ownRule(told) as Rule)).toBe("Email, Slack, Webhook");
		expect(tells(ownRule() as Rule)).toBe("Nobody");
	});

	it("says what is missing at its field", () => {
		const on = { email: true, slack: true, pagerduty: true, webhook: true };
		const quiet = [{ key: "q", days: [], start: "25:00", end: "6" }];
		expect(
			Object.keys(
				checkTell({ ...of({}), on, throttled: true, cooldown: "-1", hourly: "x", silent: true, quiet }),
			),
		).toEqual([
			"/notifications/email/recipients",
			"/notifications/slack/webhook",
			"/notifications/pagerduty/routingKey",
			"/notifications/webhook/url",
			"/throttling/cooldownMinutes",
			"/throttling/maxAlertsPerHour",
			"/silenceSchedule/windows/0/startTime",
			"/silenceSchedule/windows/0/endTime",
		]);
		expect(checkTell({ ...of({}), silent: true })).toEqual({
			"/silenceSchedule/windows": "Add at least one time",
		});
	});
});

describe("alerts that are gathered", () => {
	it("begin with five minutes, and say what is no time", () => {
		const draft = { ...of({}), grouped: true };
		expect(tellBody(draft).grouping).toEqual({ enabled: true, timeWindow: "300s", maxGroupSize: 0 });
		expect(Object.keys(checkTell({ ...draft, gather: "0", gathered: "101" }))).toEqual([
			"/grouping/timeWindow",
			"/grouping/maxGroupSize",
		]);
		expect(tellPointers(draft)).toContain("/grouping/timeWindow");
	});
});

describe("what is switched off", () => {
	const odd = { cooldown: "-5", hourly: "1.5", quiet: [{ key: "q", days: [], start: "9", end: "17:00" }] };
	const off = { ...of(told), throttled: false, grouped: false, silent: false, ...odd };

	it("holds up no save with what nobody sees", () => {
		expect(checkTell(off)).toEqual({});
		expect(tellBody(off)).toMatchObject({
			throttling: { enabled: false, cooldownMinutes: 0, maxAlertsPerHour: 0 },
			silenceSchedule: { enabled: false, windows: [] },
		});
	});

	it("has no place in the form for what the server says of it", () => {
		const hidden = (d: typeof off) => tellPointers(d).filter((p) => !p.startsWith("/notifications"));
		expect(hidden(off)).toEqual([]);
		expect(hidden({ ...off, silent: true, throttled: true })).toHaveLength(7);
	});

	it("keeps what is well while it is off", () => {
		const body = tellBody({ ...of(told), silent: false, throttled: false });
		expect(body.silenceSchedule?.windows).toHaveLength(1);
		expect(body.throttling).toMatchObject({ cooldownMinutes: 20, maxAlertsPerHour: 4 });
	});
});

async function open(rule: object, answers: object) {
	const page = renderPage("/alerts?view=rules", {
		"/v1/agents": { items: [] },
		"/v1/alert-rules": { items: [rule] },
		...answers,
	});
	await userEvent.click(await screen.findByRole("button", { name: /Edit ?Long talks/ }));
	await userEvent.click(await screen.findByRole("tab", { name: "Whom it tells" }));
	return page;
}

describe("the channels of a rule", () => {
	it("names addresses and shows what the server refuses beside them", async () => {
		const { requests } = await open(ownRule(), {
			"PATCH /v1/alert-rules/rule_1": fail(422, "is not an address", "/notifications/email/recipients/0"),
		});
		await userEvent.click(screen.getByRole("switch", { name: /^Email/ }));
		const email = screen.getByRole("region", { name: "Email" });
		expect(within(email).getByText(/Save first/)).toBeTruthy();
		await userEvent.type(within(email).getByRole("combobox", { name: "To" }), "team{Enter}");
		await userEvent.click(screen.getByRole("tab", { name: "Rule" }));
		await userEvent.click(screen.getByRole("button", { name: "Save" }));
		expect(await within(email).findByText("Is not an address")).toBeTruthy();
		expect(screen.getByRole("tab", { name: "Whom it tells" }).getAttribute("aria-selected")).toBe("true");
		const body = await requests.find((r) => r.method === "PATCH")?.json();
		expect(body.notifications).toEqual({ email: { recipients: ["team"] } });
	});

	it("says that a secret is set, and sends a new one only when it is typed", async () => {
		const { requests } = await open(ownRule(told), { "PATCH /v1/alert-rules/rule_1": ownRule(told) });
		const slack = screen.getByRole("region", { name: "Slack" });
		expect(within(slack).getByPlaceholderText("Set. Leave empty to keep it")).toBeTruthy();
		await userEvent.type(
			within(slack).getByLabelText("Incoming webhook"),
			"https://hooks.slack.com/services/x",
		);
		expect(within(slack).getByText(/Save first/)).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Save" }));
		await waitFor(() => expect(requests.some((r) => r.method === "PATCH")).toBe(true));
		const body = await requests.find((r) => r.method === "PATCH")?.json();
		expect(body.notifications.slack.webhook).toBe("https://hooks.slack.com/services/x");
		expect(body.notifications.webhook).toEqual({ method: "PUT" });
	});

	it("sends a test by one channel and says what came of it", async () => {
		const { requests } = await open(ownRule(told), {
			"POST /v1/alert-rules/rule_1/test-notification": (r: Request) => {
				const channel = new URL(r.url).searchParams.get("channel");
				return {
					items: [{ channel, ok: channel === "email", detail: channel === "email" ? "" : "no such hook" }],
				};
			},
		});
		await userEvent.click(screen.getByRole("button", { name: /Send a test ?by Email/ }));
		expect(await screen.findByText("The test message is sent.")).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: /Send a test ?by Slack/ }));
		expect(await screen.findByText(/did not arrive. No such hook/)).toBeTruthy();
		expect(requests.filter((r) => r.method === "POST")).toHaveLength(2);
	});

	it("adds and removes times of silence", async () => {
		const { requests } = await open(ownRule(), { "PATCH /v1/alert-rules/rule_1": ownRule() });
		await userEvent.click(screen.getByRole("switch", { name: /^Silences/ }));
		const part = screen.getByRole("region", { name: "Silences" });
		await userEvent.click(within(part).getByRole("checkbox", { name: "Sunday" }));
		expect(within(part).getByText("Ends on the next day.")).toBeTruthy();
		const from = within(part).getByLabelText("From");
		await userEvent.clear(from);
		await userEvent.type(from, "4:30");
		expect(within(part).queryByText("Ends on the next day.")).toBeNull();
		await userEvent.clear(from);
		await userEvent.type(from, "22:00");
		await userEvent.click(within(part).getByRole("button", { name: "Add a time" }));
		await userEvent.click(within(part).getByRole("button", { name: "Remove silence 2" }));
		await userEvent.click(screen.getByRole("button", { name: "Save" }));
		await waitFor(() => expect(requests.some((r) => r.method === "PATCH")).toBe(true));
		const body = await requests.find((r) => r.method === "PATCH")?.json();
		expect(body.silenceSchedule).toMatchObject({
			enabled: true,
			windows: [{ days: ["sunday"], startTime: "22:00", endTime: "06:00" }],
		});
	});
});
