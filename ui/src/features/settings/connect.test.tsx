import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";
import { keyWords, takesApiKey } from "./apiKey";
import { type Import, importWords, reached } from "./connect";
import type { Provider, Source } from "./queries";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const provider: Provider = {
	id: "retell",
	name: "Retell",
	signs: true,
	follows: true,
	secret_label: "Secret",
	steps: [],
	key_gives: { step_in: true, listen: false, recordings: false, agents: true, calls: true, webhook: true },
};

const source: Source = {
	id: "src_1",
	provider: "retell",
	name: "Retell",
	url: "https://ringside.example/webhooks/retell/token",
	secret_set: true,
	api_key_set: true,
	allow_unsigned: false,
	verify: {},
	created_at: at,
	forward_url: "",
	last_delivery_at: at,
	deliveries: 3,
	quarantined: 0,
};

const progress: Import = {
	state: "running",
	from: "2026-10-21T09:00:00Z",
	to: "2026-11-20T09:00:00Z",
	oldest: "2026-11-11T09:00:00Z",
	found: 1200,
	imported: 1150,
	known: 50,
	skipped: 0,
	started_at: at,
	updated_at: at,
};

const complete = {
	from: at,
	to: at,
	calls: 3010,
	without_end: 2,
	without_transcript: 14,
	without_recording: 20,
};
const hooks = {
	settable: true,
	items: [
		{ agent_id: "a", name: "Desk", url: "", state: "unset" },
		{ agent_id: "b", name: "Sales", url: "https://theirs.example.com/hook", state: "elsewhere" },
	],
	steps: ["Publish the agent."],
};

function show(change: Partial<Source>, more = {}) {
	return renderPage("/settings/sources", {
		"GET /v1/sources": { items: [{ ...source, ...change }] },
		"/v1/providers": { items: [provider] },
		"/v1/sources/src_1/completeness": complete,
		...more,
	});
}

describe("past calls of a source", () => {
	it("are imported by a button", async () => {
		const { requests } = show({}, { "POST /v1/sources/src_1/import": progress });
		await userEvent.click(await screen.findByRole("button", { name: "Import the last 30 days" }));
		await waitFor(() => expect(requests.some((r) => r.method === "POST")).toBe(true));
		expect(await requests.find((r) => r.method === "POST")?.json()).toEqual({ days: 30 });
	});

	it("show how far they are, and can be stopped", async () => {
		const { requests } = show({ import: progress }, { "DELETE /v1/sources/src_1/import": {} });
		const bar = await screen.findByRole("progressbar", { name: "Import of Retell" });
		expect(bar.getAttribute("aria-valuenow")).toBe("30");
		expect(screen.getByText("1,200 calls found, 1,150 imported, 50 here already")).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Stop the import" }));
		await waitFor(() => expect(requests.some((r) => r.method === "DELETE")).toBe(true));
	});

	it.each([
		[
			"waiting",
			{ state: "waiting", reason: "Retell answered 429", next_at: at },
			/Retell answered 429.*goes on by itself/,
			"Stop the import",
		],
		["failed", { state: "failed", reason: "the key was refused" }, /The key was refused/, "Try again"],
		["done", { state: "done" }, /1,200 calls found/, "Import again"],
		["stopped", { state: "stopped" }, /Stopped/, "Go on"],
	])("say what they are: %s", async (_, change, words, button) => {
		show({ import: { ...progress, ...change } as Import });
		expect(await screen.findByText(words)).toBeTruthy();
		expect(screen.getByRole("button", { name: button })).toBeTruthy();
	});

	it("say why they could not be asked for", async () => {
		show({}, { "POST /v1/sources/src_1/import": fail(409, "give the source a key first") });
		await userEvent.click(await screen.findByRole("button", { name: "Import the last 30 days" }));
		expect(await screen.findByText(/Give the source a key first/)).toBeTruthy();
	});

	it("are only looked at by a viewer", async () => {
		show({ import: progress }, { "/v1/session": { ...session, user: { ...session.user, role: "viewer" } } });
		await screen.findByRole("progressbar");
		expect(screen.queryByRole("button", { name: /Stop|Import/ })).toBeNull();
	});
});

describe("a source in step", () => {
	it("says what is missing, with ways to those calls", async () => {
		show({ reconciliation: { looked_at: at, fetched: 3, agents: 2 } });
		const link = await screen.findByRole("link", { name: "20 without a recording" });
		expect(link.getAttribute("href")).toContain("recording=false");
		expect(screen.getByRole("link", { name: "2 without an end" })).toBeTruthy();
		expect(screen.getByText("14 without a transcript")).toBeTruthy();
		expect(
			screen.getByText(/2 agents at the platform; 3 calls fetched whose webhook never came/),
		).toBeTruthy();
	});

	it("says what is wrong", async () => {
		show({ reconciliation: { looked_at: null, fetched: 0, agents: 0, trouble: "the key was refused" } });
		expect(await screen.findByText("The key was refused.")).toBeTruthy();
	});
});

describe("webhooks at the platform", () => {
	it("are set where there is none, and replaced when somebody says so", async () => {
		const { requests } = show(
			{},
			{ "GET /v1/sources/src_1/webhook": hooks, "POST /v1/sources/src_1/webhook": hooks },
		);
		await userEvent.click(await screen.findByText("Webhooks at Retell"));
		expect(await screen.findByText("https://theirs.example.com/hook")).toBeTruthy();
		expect(screen.getByText("Publish the agent.")).toBeTruthy();
		const sent = () => requests.filter((r) => r.method === "POST");
		await userEvent.click(screen.getByRole("button", { name: /Send the webhooks of agents without one/ }));
		await waitFor(() => expect(sent()).toHaveLength(1));
		expect(await sent()[0]?.json()).toEqual({});
		const replace = screen.getByRole("button", { name: "Replace" });
		await waitFor(() => expect(replace).not.toHaveProperty("disabled", true));
		await userEvent.click(replace);
		await userEvent.click(await screen.findByRole("button", { name: "Replace the webhook" }));
		await waitFor(() => expect(sent()).toHaveLength(2));
		expect(await sent()[1]?.json()).toEqual({ agents: ["b"], replace: true });
	});

	it("say why they can't be looked at", async () => {
		show({}, { "GET /v1/sources/src_1/webhook": fail(502, "Retell answered 500") });
		await userEvent.click(await screen.findByText("Webhooks at Retell"));
		expect(await screen.findByText(/Retell answered 500/)).toBeTruthy();
	});
});

describe("words", () => {
	it("tell what a key is for", () => {
		expect(keyWords(provider)).toBe(
			"To import past calls and fetch those whose webhook never came, list agents and note when they change, set the webhook, step into calls in progress and follow them word by word. Not needed to receive calls.",
		);
		const none = {
			step_in: false,
			listen: false,
			recordings: false,
			agents: false,
			calls: false,
			webhook: false,
		};
		expect(takesApiKey({ ...provider, follows: false, key_gives: none })).toBe(false);
		expect(takesApiKey(undefined)).toBe(false);
	});

	it("tell how far an import is", () => {
		expect(reached({ ...progress, oldest: null })).toBe(0);
		expect(reached({ ...progress, oldest: progress.from })).toBe(99);
		expect(reached({ ...progress, state: "done" })).toBe(100);
		expect(importWords({ ...progress, found: 1, imported: 0, known: 0, skipped: 1 })).toBe(
			"1 call found, 0 imported, 1 not over yet or gone",
		);
	});
});
