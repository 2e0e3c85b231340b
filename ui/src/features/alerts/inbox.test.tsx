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

/** A server whose acknowledged ones are as said, for the tabs' counts. */
const counted =
	(items: object[], acknowledged = 0) =>
	(r: Request) => {
		const q = new URL(r.url).searchParams;
		const taken = q.get("limit") === "200";
		const some = Array.from({ length: acknowledged }, (_, i) => alert(900 + i));
		return alertPage(taken ? some : items, { open: items.length + acknowledged });
	};

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
		const { router } = renderPage("/alerts", { ...agents, "/v1/alerts": counted([alert(1), alert(2)]) });
		await screen.findByRole("link", { name: "short1" });
		await userEvent.keyboard("jj");
		expect(router.state.location.search).toEqual({ alert: "alert_2" });
		await userEvent.keyboard("k");
		expect(router.state.location.search).toEqual({ alert: "alert_1" });
		await userEvent.keyboard("{Enter}");
		await waitFor(() => expect(router.state.location.pathname).toBe("/calls/short1"));
		expect(router.state.location.search).toEqual({ turn: 4 });
	});

	it("acknowledges and resolves", async () => {
		const { requests } = renderPage("/alerts", {
			...agents,
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
			]),
		});
		expect(await screen.findByText(/Resolved by Ada/)).toBeTruthy();
		expect(screen.getByText(/It recovered/)).toBeTruthy();
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
