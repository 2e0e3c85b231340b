import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { alert, alertPage, ownRule, rule } from "../../test/alerts";
import { fail, renderPage, session } from "../../test/page";

afterEach(() => vi.unstubAllGlobals());

const viewer = { ...session, user: { ...session.user, role: "viewer" } };

const agents = { "/v1/agents": { items: [{ id: "agent_1", name: "Wren" }] } };

/** The queries by which a page of alerts was asked for, not those that count. */
const lists = (requests: Request[]) =>
	requests
		.filter((r) => r.method === "GET" && new URL(r.url).pathname === "/v1/alerts")
		.map((r) => new URL(r.url).searchParams)
		.filter((q) => q.get("limit") === "50");

/** Open ones, beside so many that somebody has taken on. */
const counted = (items: object[], acknowledged = 0) =>
	alertPage(items, { open: items.length + acknowledged, acknowledged });

const member = { ...session, user: { ...session.user, role: "member" } };

const one = (change: object = {}) => ({ "/v1/alerts/alert_1": { ...alert(1), messages: [], ...change } });

describe("the alerts inbox", () => {
	it("teaches what is watched for when nothing is open", async () => {
		renderPage("/alerts", {
			...agents,
			"/v1/alerts": alertPage([]),
			"/v1/alert-rules": { items: [rule(), ownRule({ active: false })] },
		});
		expect(await screen.findByText("No open alert")).toBeTruthy();
		expect(await screen.findByText("Nobody speaks for 10 s")).toBeTruthy();
		expect(screen.queryByText("Long talks")).toBeNull();
	});

	it("says what failed", async () => {
		renderPage("/alerts", { ...agents, "/v1/alerts": fail(500, "Ringside failed to do this") });
		expect(await screen.findByText("Could not load the alerts")).toBeTruthy();
	});

	it("shows what is wrong, where and since when, and counts what is open", async () => {
		renderPage("/alerts", { ...agents, "/v1/alerts": counted([alert(1), alert(2, { turn: null })], 3) });
		const row = (await screen.findByRole("link", { name: "short1" })).closest("tr") as HTMLElement;
		expect(within(row).getAllByText("Medium")[0]).toBeTruthy();
		expect(within(row).getByText("Hold on.")).toBeTruthy();
		expect(within(row).getByText("Wren")).toBeTruthy();
		expect(within(row).getByText("1:05")).toBeTruthy();
		expect(within(row).getByText("Watch live")).toBeTruthy();
		expect(within(row).getByRole("link", { name: "short1" }).getAttribute("href")).toBe(
			"/calls/short1?turn=4",
		);
		expect(screen.getByRole("link", { name: "short2" }).getAttribute("href")).toBe("/calls/short2?t=65");
		expect(await screen.findByRole("radio", { name: "Open2" })).toBeTruthy();
		expect(screen.getByRole("radio", { name: "Acknowledged3" })).toBeTruthy();
		expect(screen.getByTitle("Not resolved").textContent).toBe("5");
	});

	it("holds the tab and the filters in the address", async () => {
		const { router, requests } = renderPage("/alerts?severity=high,odd&rule=dead_air", {
			...agents,
			"/v1/alerts": alertPage([]),
			"/v1/alert-rules": { items: [rule()] },
		});
		expect(await screen.findByText("No alert matches the filters")).toBeTruthy();
		expect(lists(requests)[0]?.toString()).toBe("limit=50&status=triggered&severity=high&rule=dead_air");
		await userEvent.click(screen.getByRole("radio", { name: "Resolved" }));
		await waitFor(() =>
			expect(router.state.location.search).toEqual({
				severity: "high",
				rule: "dead_air",
				status: "resolved",
			}),
		);
		await userEvent.click(await screen.findByRole("button", { name: "Remove filter: Rule is Dead air" }));
		await userEvent.click(screen.getByRole("button", { name: "Show all of them" }));
		expect(await screen.findByText("No alert is resolved yet")).toBeTruthy();
		expect(router.state.location.search).toEqual({ status: "resolved" });
	});

	it("steps by J and K, opens the call by Enter", async () => {
		const { router } = renderPage("/alerts", {
			...agents,
			...one(),
			"/v1/alerts/alert_2": { ...alert(2), messages: [] },
			"/v1/alerts": counted([alert(1), alert(2)]),
		});
		await screen.findByRole("link", { name: "short1" });
		await userEvent.keyboard("jj");
		expect(router.state.location.search).toEqual({ alert: "alert_2" });
		await userEvent.keyboard("k");
		expect(router.state.location.search).toEqual({ alert: "alert_1" });
		await userEvent.keyboard("{Enter}");
		await waitFor(() => expect(router.state.location.pathname).toBe("/calls/short1"));
		expect(router.state.location.search).toEqual({ turn: 4 });
	});

	it("shows those of one rule by its name", async () => {
		const { router } = renderPage("/alerts?severity=medium", {
			...agents,
			"/v1/alerts": counted([alert(1)]),
		});
		await userEvent.click(await screen.findByRole("link", { name: "Dead air" }));
		expect(router.state.location.search).toEqual({ rule: "dead_air" });
	});

	it("shows one beside the list, with what reached whom", async () => {
		const message = { id: "m1", at: "2026-11-20T09:00:05Z", attempts: 1, event: "triggered" };
		renderPage("/alerts", {
			...agents,
			...one({
				told: "told",
				messages: [
					{ ...message, channel: "email", status: "sent" },
					{ ...message, id: "m2", channel: "slack", status: "failed", attempts: 5, reason: "no such hook" },
				],
			}),
			"/v1/alerts": counted([alert(1)]),
		});
		await userEvent.click(
			await screen.findByText("Nobody has spoken for 1 s", { selector: "span:not(.rs-sr)" }),
		);
		const drawer = await screen.findByRole("complementary", { name: "Alert" });
		const sent = within(await within(drawer).findByRole("list", { name: "Messages" }));
		expect(sent.getByText("Email: triggered")).toBeTruthy();
		expect(sent.getByText("Sent")).toBeTruthy();
		expect(sent.getByText("Not sent")).toBeTruthy();
		expect(sent.getByText("No such hook")).toBeTruthy();
		expect(sent.getByText(/5 attempts/)).toBeTruthy();
		expect(within(drawer).getByRole("link", { name: "Its call, at that moment" }).getAttribute("href")).toBe(
			"/calls/short1?turn=4",
		);
		await userEvent.keyboard("{Escape}");
		await waitFor(() => expect(screen.queryByRole("complementary", { name: "Alert" })).toBeNull());
	});

	it("says why nobody was told", async () => {
		renderPage("/alerts?alert=alert_1", {
			...agents,
			...one({ told: "silenced" }),
			"/v1/alerts": counted([alert(1)]),
		});
		expect(await screen.findByText("Nobody: it came in a time of silence.")).toBeTruthy();
	});

	it("acknowledges and resolves, by members too", async () => {
		const { requests } = renderPage("/alerts", {
			...agents,
			"/v1/session": member,
			"/v1/alerts": counted([alert(1)]),
			"/v1/alerts/alert_1/acknowledge": alert(1),
			"/v1/alerts/alert_1/resolve": fail(500, "the call is gone"),
		});
		await userEvent.click(await screen.findByRole("button", { name: /Acknowledge/ }));
		expect(await screen.findByText("Acknowledged: it is yours")).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: /Resolve/ }));
		expect(await screen.findByText("Could not resolve the alert")).toBeTruthy();
		expect(screen.getByText("The call is gone")).toBeTruthy();
		expect(lists(requests).length).toBeGreaterThan(1);
	});

	it("says who settled one, or that it settled itself", async () => {
		const resolved = { status: "resolved", resolved_at: "2026-11-20T09:05:00Z" };
		renderPage("/alerts?status=resolved", {
			...agents,
			"/v1/alerts": alertPage([
				alert(1, { ...resolved, resolved_by: "Ada" }),
				alert(2, { ...resolved, resolved_by: "recovery" }),
				alert(3, { ...resolved, resolved_by: "rule_change" }),
			]),
		});
		expect(await screen.findByText(/Resolved by Ada/)).toBeTruthy();
		expect(screen.getByText(/It recovered/)).toBeTruthy();
		expect(screen.getByText(/Its rule was changed/)).toBeTruthy();
		expect(screen.queryByRole("button", { name: /Resolve/ })).toBeNull();
	});

	it("loads more by the cursor", async () => {
		const { requests } = renderPage("/alerts", {
			...agents,
			"/v1/alerts": (r: Request) =>
				new URL(r.url).searchParams.get("cursor") === "c1"
					? alertPage([alert(2)])
					: alertPage([alert(1)], { next_cursor: "c1" }),
		});
		await userEvent.click(await screen.findByRole("button", { name: "Load more" }));
		expect(await screen.findByRole("link", { name: "short2" })).toBeTruthy();
		expect(lists(requests).some((q) => q.get("cursor") === "c1")).toBe(true);
	});

	it("lets a viewer read and nothing else", async () => {
		renderPage("/alerts", { ...agents, "/v1/session": viewer, "/v1/alerts": counted([alert(1)]) });
		await screen.findByRole("link", { name: "short1" });
		expect(screen.queryByRole("button", { name: /Acknowledge|Resolve/ })).toBeNull();
	});
});
