import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";
import { validateSettingsSearch } from "./search";
import {
	answerWords,
	draftOf,
	endpointBody,
	eventsWords,
	hostOf,
	targetOf,
	trafficWords,
	trouble,
} from "./webhooks";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const endpoint = {
	id: "whe_1",
	url: "https://hooks.example/calls",
	description: "Data team",
	agent_id: "",
	events: ["call_ended", "call_analyzed"],
	max_retries: 5,
	timeout_ms: 15_000,
	secret_set: true,
	disabled_reason: "",
	disabled_at: null as string | null,
	created_at: at,
	updated_at: at,
	delivered: 12,
	open: 0,
	dead: 1,
	last_delivery_at: at as string | null,
};

const agents = { items: [{ id: "agent_1", name: "Reception", settings: {} }] };
const viewer = { ...session, user: { ...session.user, role: "viewer" } };
const sent = (requests: Request[], method: string) => requests.find((r) => r.method === method)?.json();

describe("Settings, Webhooks", () => {
	it("teaches when there is none", async () => {
		renderPage("/settings/webhooks", { "/v1/webhook-endpoints": { items: [] } });
		expect(await screen.findByText("No server of yours hears of calls")).toBeTruthy();
		expect(screen.getByRole("button", { name: "Add a webhook" })).toBeTruthy();
	});

	it("shows what failed with a way to try again, and then the state in words", async () => {
		let broken = true;
		const off = {
			...endpoint,
			id: "whe_2",
			url: "https://gone.example/x",
			agent_id: "agent_1",
			events: [],
			disabled_reason: "it answered 410: it wants no more",
			disabled_at: at,
			last_delivery_at: null,
			delivered: 0,
			dead: 0,
		};
		renderPage("/settings/webhooks", {
			"/v1/webhook-endpoints": () => (broken ? fail(500, "the disk is full") : { items: [endpoint, off] }),
			"/v1/agents": agents,
		});
		expect(await screen.findByText("Could not load the webhooks")).toBeTruthy();
		broken = false;
		await userEvent.click(screen.getByRole("button", { name: "Try again" }));
		const on = within((await screen.findByText(endpoint.url)).closest("tr") as HTMLElement);
		expect(on.getByText("Call ended, Call analysed")).toBeTruthy();
		expect(on.getByText("All agents")).toBeTruthy();
		expect(on.getByText("On")).toBeTruthy();
		expect(on.getByRole("link", { name: "12 delivered, 1 given up" }).getAttribute("href")).toBe(
			"/settings/deliveries?endpoint=whe_1",
		);
		const row = within(screen.getByText(off.url).closest("tr") as HTMLElement);
		expect(row.getByText(/It answered 410: it wants no more/)).toBeTruthy();
		expect(row.getByText("Start, end and analysis")).toBeTruthy();
		expect(row.getByText("None yet")).toBeTruthy();
		expect(await row.findByRole("link", { name: "Reception" })).toBeTruthy();
	});

	it("sends what was chosen, and shows the secret once", async () => {
		const { requests } = renderPage("/settings/webhooks", {
			"GET /v1/webhook-endpoints": { items: [] },
			"POST /v1/webhook-endpoints": { ...endpoint, secret: "whsec_c2VjcmV0" },
			"/v1/agents": agents,
		});
		await userEvent.click(await screen.findByRole("button", { name: "Add a webhook" }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.type(dialog.getByLabelText(/^Address/), "https://hooks.example/calls");
		await userEvent.click(dialog.getByLabelText("Call ended"));
		await userEvent.click(dialog.getByLabelText("Agent", { selector: "input" }));
		await userEvent.click(await screen.findByRole("option", { name: "Reception" }));
		await userEvent.click(dialog.getByRole("button", { name: "Add the webhook" }));
		expect(await screen.findByText("whsec_c2VjcmV0")).toBeTruthy();
		expect(await sent(requests, "POST")).toEqual({
			url: "https://hooks.example/calls",
			description: "",
			agent_id: "agent_1",
			events: ["call_ended"],
		});
		await userEvent.click(screen.getByRole("button", { name: "I have copied it" }));
		await waitFor(() => expect(screen.queryByText("whsec_c2VjcmV0")).toBeNull());
	});

	it("edits, and warns before a new host loses the secret", async () => {
		const { requests } = renderPage("/settings/webhooks", {
			"GET /v1/webhook-endpoints": { items: [endpoint] },
			"PATCH /v1/webhook-endpoints/whe_1": endpoint,
			"/v1/agents": agents,
		});
		await userEvent.click(await screen.findByRole("button", { name: /^Edit\s*hooks\.example$/ }));
		const dialog = within(await screen.findByRole("dialog"));
		expect((dialog.getByLabelText("Call ended") as HTMLInputElement).checked).toBe(true);
		await userEvent.clear(dialog.getByLabelText(/^Address/));
		await userEvent.type(dialog.getByLabelText(/^Address/), "https://new.example/calls");
		expect(dialog.getByText(/was given for hooks.example and is removed/)).toBeTruthy();
		await userEvent.click(dialog.getByLabelText("Call analysed"));
		await userEvent.click(dialog.getByRole("button", { name: "Save" }));
		expect(await screen.findByText("Saved")).toBeTruthy();
		expect(await sent(requests, "PATCH")).toEqual({
			url: "https://new.example/calls",
			description: "Data team",
			agent_id: "",
			events: ["call_ended"],
		});
	});

	it("makes a new secret after a question", async () => {
		const { requests } = renderPage("/settings/webhooks", {
			"GET /v1/webhook-endpoints": { items: [endpoint] },
			"PATCH /v1/webhook-endpoints/whe_1": { ...endpoint, secret: "whsec_bmV3" },
			"/v1/agents": agents,
		});
		await userEvent.click(await screen.findByRole("button", { name: /^Edit\s*hooks\.example$/ }));
		await userEvent.click(await screen.findByRole("button", { name: "New secret" }));
		expect(requests.some((r) => r.method === "PATCH")).toBe(false);
		await userEvent.click(await screen.findByRole("button", { name: "Make a new secret" }));
		expect(await screen.findByText("whsec_bmV3")).toBeTruthy();
		expect(await sent(requests, "PATCH")).toEqual({ new_secret: true });
	});

	it("switches off after a question, and on without one", async () => {
		let now = endpoint;
		const { requests } = renderPage("/settings/webhooks", {
			"GET /v1/webhook-endpoints": () => ({ items: [now] }),
			"PATCH /v1/webhook-endpoints/whe_1": async (r: Request) => {
				const { disabled } = await r.json();
				now = { ...endpoint, disabled_reason: disabled ? "switched off by Ada" : "" };
				return now;
			},
		});
		await userEvent.click(await screen.findByRole("button", { name: /^Switch off\s*hooks\.example$/ }));
		await userEvent.click(await screen.findByRole("button", { name: "Switch the webhook off" }));
		await userEvent.click(await screen.findByRole("button", { name: /^Switch on\s*hooks\.example$/ }));
		expect(await screen.findByRole("button", { name: /^Switch off\s*hooks\.example$/ })).toBeTruthy();
		const bodies = await Promise.all(requests.filter((r) => r.method === "PATCH").map((r) => r.json()));
		expect(bodies).toEqual([{ disabled: true }, { disabled: false }]);
	});

	it("shows what the server really answered to a test", async () => {
		let taken = false;
		renderPage("/settings/webhooks", {
			"/v1/webhook-endpoints": { items: [endpoint] },
			"POST /v1/webhook-endpoints/whe_1/test": () => ({
				delivered: taken,
				error: taken ? "" : "it answered 500",
				host: "hooks.example:443",
				latency_ms: 87,
				response: taken ? "" : "<h1>Oops</h1>",
				status: taken ? 204 : 500,
			}),
		});
		await userEvent.click(await screen.findByRole("button", { name: /^Test\s*hooks\.example$/ }));
		expect(await screen.findByText("It answered 500")).toBeTruthy();
		expect(screen.getByText("<h1>Oops</h1>")).toBeTruthy();
		expect(screen.getByText("87 ms")).toBeTruthy();
		taken = true;
		await userEvent.click(screen.getByRole("button", { name: "Test again" }));
		expect(await screen.findByText("Your server took the test event.")).toBeTruthy();
		expect(screen.getByText("204")).toBeTruthy();
	});

	it("deletes after a question", async () => {
		const { requests } = renderPage("/settings/webhooks", {
			"GET /v1/webhook-endpoints": { items: [endpoint] },
			"DELETE /v1/webhook-endpoints/whe_1": {},
		});
		await userEvent.click(await screen.findByRole("button", { name: /^Delete\s*hooks\.example$/ }));
		await userEvent.click(await screen.findByRole("button", { name: "Delete the webhook" }));
		expect(await screen.findByText("The webhook is deleted")).toBeTruthy();
		expect(requests.filter((r) => r.method === "DELETE")).toHaveLength(1);
	});

	it("lets a viewer look and change nothing", async () => {
		renderPage("/settings/webhooks", {
			"/v1/session": viewer,
			"/v1/webhook-endpoints": { items: [endpoint] },
		});
		expect(await screen.findByText(endpoint.url)).toBeTruthy();
		expect(screen.queryByRole("button", { name: /Add|Test|Edit|Switch|Delete/ })).toBeNull();
	});
});

describe("webhooks in words", () => {
	it("names events, and those of whole calls", () => {
		expect(eventsWords([])).toBe("Start, end and analysis");
		expect(eventsWords(["call_analyzed", "something.new"])).toBe("Call analysed, Something: new");
	});
	it("sends the events that are ticked", () => {
		expect(
			endpointBody({ ...draftOf(undefined), url: " https://a.example ", events: ["call_ended"] }),
		).toEqual({
			url: "https://a.example",
			description: "",
			agent_id: "",
			events: ["call_ended"],
		});
	});
	it("knows where a delivery goes", () => {
		expect(targetOf("endpoint:whe_1")).toEqual({ endpoint: "whe_1" });
		expect(targetOf("agent:agent_1:knowledge_gap")).toEqual({ agent: "agent_1", which: "knowledge_gap" });
		expect(hostOf("https://a.example:8443/x?token=1")).toBe("a.example:8443");
		expect(hostOf("nonsense")).toBe("");
	});
	it("counts what was sent", () => {
		expect(trafficWords({ delivered: 1000, open: 2, dead: 0 })).toBe("1,000 delivered, 2 under way");
		expect(trafficWords({ delivered: 0, open: 0, dead: 0 })).toBe("");
	});
	it("says what came of an attempt, and why a delivery stands where it does", () => {
		const last_attempt = {
			number: 1,
			at,
			host: "hooks.example:443",
			status: 503,
			latency_ms: 120,
			response: "",
			error: "it answered 503",
		};
		expect(answerWords({ status: 204, error: "" })).toBe("Status 204");
		expect(answerWords({ status: 0, error: "no such host" })).toBe("No answer");
		expect(trouble({ status: "dead", reason: "switched off", last_attempt })).toBe("switched off");
		expect(trouble({ status: "failed", last_attempt })).toBe("it answered 503");
		expect(trouble({ status: "delivered", last_attempt })).toBe("");
	});
	it("reads the filters of deliveries from the address", () => {
		const search = { status: "dead", event: "call_ended", endpoint: "whe_1", call: "call_1" };
		expect(validateSettingsSearch(search)).toEqual(search);
		expect(validateSettingsSearch({ status: "lost", event: 7, call: "" })).toEqual({});
	});
});
