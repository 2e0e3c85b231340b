import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const viewer = { ...session, user: { ...session.user, role: "viewer" } };
const agents = { items: [{ id: "agent_1", name: "Reception", settings: {} }] };
const endpoint = { id: "whe_1", url: "https://hooks.example/calls", description: "Data team" };

const attempt = {
	number: 1,
	at,
	host: "hooks.example:443",
	status: 503,
	latency_ms: 120,
	response: "busy, come back",
	error: "it answered 503",
};

const delivery = {
	id: "msg_1",
	event: "call_ended",
	status: "failed",
	target: "endpoint:whe_1",
	endpoint_id: "whe_1",
	agent_id: "agent_1",
	call_id: "call_1",
	created_at: at,
	attempt_count: 1,
	next_attempt_at: "2026-11-20T09:05:00Z" as string | null,
	last_attempt: attempt as typeof attempt | null,
};

const full = { ...delivery, attempts: [attempt], body: { type: "call_ended", data: { duration_ms: 1200 } } };
const page = { items: [delivery], next_cursor: "" };
const endpoints = { items: [endpoint] };

describe("Settings, Deliveries", () => {
	it("teaches when nothing was sent, and says so of a filter", async () => {
		renderPage("/settings/deliveries", {
			"/v1/webhook-deliveries": { items: [], next_cursor: "" },
			"/v1/webhook-endpoints": endpoints,
		});
		expect(await screen.findByText("Nothing was sent yet")).toBeTruthy();
		await userEvent.click(screen.getByLabelText("Given up"));
		expect(await screen.findByText("Nothing was given up.")).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Show all deliveries" }));
		expect(await screen.findByText("Nothing was sent yet")).toBeTruthy();
	});

	it("shows what failed with a way to try again", async () => {
		let broken = true;
		renderPage("/settings/deliveries", {
			"/v1/webhook-deliveries": () => (broken ? fail(500, "the disk is full") : page),
			"/v1/webhook-endpoints": endpoints,
		});
		expect(await screen.findByText("Could not load the deliveries")).toBeTruthy();
		broken = false;
		await userEvent.click(screen.getByRole("button", { name: "Try again" }));
		expect(await screen.findByText("Failed, tried again")).toBeTruthy();
		expect(screen.getByText("Status 503, 120 ms")).toBeTruthy();
	});

	it("asks for what the address says, and for one call's", async () => {
		const { requests, router } = renderPage("/settings/deliveries?call=call_1&status=dead&event=call_ended", {
			"/v1/webhook-deliveries": page,
			"/v1/webhook-endpoints": endpoints,
		});
		expect((await screen.findByRole("link", { name: "one call" })).getAttribute("href")).toBe(
			"/calls/call_1",
		);
		const first = requests.find((r) => new URL(r.url).pathname === "/v1/webhook-deliveries");
		expect(Object.fromEntries(new URL(first?.url ?? "").searchParams)).toEqual({
			limit: "100",
			status: "dead",
			event: "call_ended",
			call: "call_1",
		});
		await userEvent.click(screen.getByRole("button", { name: "Of all calls" }));
		await waitFor(() =>
			expect(router.state.location.search).toEqual({ status: "dead", event: "call_ended" }),
		);
		await userEvent.click(screen.getByLabelText("Webhook", { selector: "input" }));
		await userEvent.click(await screen.findByRole("option", { name: "Data team" }));
		await waitFor(() =>
			expect(router.state.location.search).toEqual({
				status: "dead",
				event: "call_ended",
				endpoint: "whe_1",
			}),
		);
	});

	it("opens one with its attempts and body, and sends it again", async () => {
		const { requests, router } = renderPage("/settings/deliveries", {
			"/v1/webhook-deliveries": page,
			"/v1/webhook-deliveries/msg_1": full,
			"POST /v1/webhook-deliveries/msg_1/resend": { ...full, status: "waiting" },
			"/v1/webhook-endpoints": endpoints,
		});
		await userEvent.click(await screen.findByText("Failed, tried again"));
		const drawer = within(await screen.findByRole("complementary", { name: "Delivery" }));
		expect(await drawer.findByText("Attempt 1: Status 503")).toBeTruthy();
		expect(drawer.getByText("busy, come back")).toBeTruthy();
		expect(drawer.getByText("120 ms")).toBeTruthy();
		expect(drawer.getByText(/duration_ms/)).toBeTruthy();
		expect(drawer.getByRole("link", { name: "Its call" }).getAttribute("href")).toBe("/calls/call_1");
		expect(await drawer.findByRole("link", { name: endpoint.url })).toBeTruthy();
		expect(router.state.location.search).toEqual({ delivery: "msg_1" });
		await userEvent.click(drawer.getByRole("button", { name: "Send again" }));
		expect(await screen.findByText("It is sent again, under the same id")).toBeTruthy();
		expect(requests.filter((r) => r.method === "POST")).toHaveLength(1);
	});

	it("copes with one that was never tried, to an agent's own address", async () => {
		const own = {
			...delivery,
			status: "dead",
			reason: "it waited for three days",
			target: "agent:agent_1:speed_to_lead",
			endpoint_id: "",
			attempt_count: 0,
			next_attempt_at: null,
			last_attempt: null,
		};
		renderPage("/settings/deliveries?delivery=msg_1", {
			"/v1/session": viewer,
			"/v1/webhook-deliveries": { items: [own], next_cursor: "" },
			"/v1/webhook-deliveries/msg_1": { ...own, attempts: [], body: {} },
			"/v1/webhook-endpoints": endpoints,
			"/v1/agents": agents,
		});
		expect(await screen.findByText("It was not tried yet.")).toBeTruthy();
		expect(screen.getByText("It waited for three days")).toBeTruthy();
		expect(screen.getByText(/Speed-to-lead webhook of the agent/)).toBeTruthy();
		expect(await screen.findByRole("link", { name: "Reception" })).toBeTruthy();
		expect(screen.queryByRole("button", { name: "Send again" })).toBeNull();
	});

	it("steps with J and K, and closes with Escape", async () => {
		const second = { ...delivery, id: "msg_2" };
		const { router } = renderPage("/settings/deliveries", {
			"/v1/webhook-deliveries": { items: [delivery, second], next_cursor: "" },
			"/v1/webhook-deliveries/msg_1": full,
			"/v1/webhook-deliveries/msg_2": { ...full, id: "msg_2" },
			"/v1/webhook-endpoints": endpoints,
		});
		await screen.findAllByText("Failed, tried again");
		const at = (id: string | undefined) =>
			waitFor(() => expect(router.state.location.search.delivery).toBe(id));
		await userEvent.keyboard("j");
		await at("msg_1");
		await userEvent.keyboard("j");
		await at("msg_2");
		await userEvent.keyboard("k");
		await at("msg_1");
		await userEvent.keyboard("{Escape}");
		await at(undefined);
	});

	it("loads further pages by the cursor", async () => {
		const many = Array.from({ length: 100 }, (_, i) => ({
			...delivery,
			id: `msg_${i}`,
			status: "delivered",
		}));
		renderPage("/settings/deliveries", {
			"/v1/webhook-deliveries": (r: Request) =>
				new URL(r.url).searchParams.get("cursor") === "msg_99"
					? {
							items: [{ ...delivery, id: "msg_last", event: "webhook.test", status: "dead" }],
							next_cursor: "",
						}
					: { items: many, next_cursor: "msg_99" },
			"/v1/webhook-endpoints": endpoints,
		});
		await userEvent.click(await screen.findByRole("button", { name: "Load more" }));
		expect(await screen.findByText("Test")).toBeTruthy();
		expect(screen.getAllByRole("row")).toHaveLength(102);
		expect(screen.queryByRole("button", { name: "Load more" })).toBeNull();
	});
});
