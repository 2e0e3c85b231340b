import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const agent = (i: number, change: object = {}) => ({
	id: `agent_${i}`,
	name: `Agent ${String(i).padStart(3, "0")}`,
	source_id: `asst_${i}`,
	provider: "vapi",
	discovered: false,
	created_at: at,
	updated_at: at,
	stats: { calls: 12, judged: 10, succeeded: 9, last_call_at: at },
	crmApiKey_set: false,
	webhookSecret_set: true,
	secrets_lost: false,
	disabled_webhooks: [],
	settings: { crmApiKey_set: false, webhookSecret_set: true, secrets_lost: false },
	...change,
});

const providers = { items: [] };

describe("what was heard of an agent", () => {
	const ranges = (...n: number[]) =>
		n.map((x, i) => ({ from: i, to: i + 1 < n.length ? i + 1 : null, n: x }));
	const count = { calls: 12, total: 5, share: 0.25, buckets: ranges(9, 1, 2) };
	const none = { n: 0, calls: 0, more_p50_ms: null };
	const claim = {
		n: 14,
		calls: 3,
		heard_p50_ms: 1500,
		claimed_p50_ms: 1100,
		heard_p95_ms: 3000,
		claimed_p95_ms: 2000,
		more_p50_ms: 400,
	};
	const sound = {
		from: at,
		to: at,
		calls: 12,
		apart: 12,
		response: {
			turns: 30,
			calls: 12,
			p50_ms: 1500,
			p95_ms: 3000,
			buckets: [
				{ from: 0, to: 1000, n: 8 },
				{ from: 1000, to: null, n: 22 },
			],
		},
		interruptions_by_agent: count,
		interruptions_by_customer: { ...count, share: null },
		silences: { calls: 12, total: 0, share: 0, buckets: ranges(12, 0, 0) },
		against_claim: claim,
		against_median: none,
	};
	const base = {
		"/v1/agents": { items: [agent(1)] },
		"/v1/agents/agent_1": agent(1),
		"/v1/providers": providers,
	};
	const part = async (name: string) => within(await screen.findByRole("region", { name }));

	it("is shown as distributions with their n", async () => {
		renderPage("/agents/agent_1", { ...base, "/v1/agents/agent_1/sound": sound });
		const response = await part("Response");
		expect(
			response.getByText("Median 1.50 s, 95 of 100 within 3.00 s; n = 30 turns of 12 calls."),
		).toBeTruthy();
		expect(response.getByRole("row", { name: /^Under 1 s/ })).toBeTruthy();
		expect(
			(await part("Interruptions by the agent")).getByText("5, in 25 % of the calls; n = 12 calls."),
		).toBeTruthy();
		expect((await part("Interruptions by the caller")).getByText("5 in all; n = 12 calls.")).toBeTruthy();
		expect((await part("Silences of 2 s and longer")).getByText("None; n = 12 calls.")).toBeTruthy();
	});

	it("sets what was heard against the claims", async () => {
		renderPage("/agents/agent_1", { ...base, "/v1/agents/agent_1/sound": sound });
		const claims = await part("Heard against claimed");
		const row = within(claims.getByRole("row", { name: /^Turns, n = 14 of 3 calls/ }));
		expect(row.getByText("400 ms longer")).toBeTruthy();
		expect(row.getByText("p95 2.00 s")).toBeTruthy();
		expect(claims.getAllByRole("row")).toHaveLength(2);
	});

	it("says that nothing was kept", async () => {
		renderPage("/agents/agent_1", { ...base, "/v1/agents/agent_1/sound": { ...sound, calls: 0, apart: 0 } });
		expect(await screen.findByText(/^No recording kept in this time/)).toBeTruthy();
	});

	it("can be asked for again after a failure", async () => {
		renderPage("/agents/agent_1", {
			...base,
			"/v1/agents/agent_1/sound": fail(500, "The database is away."),
		});
		expect(await screen.findByText(/Could not load what was heard/)).toBeTruthy();
	});
});

describe("an agent's speed to lead", () => {
	const speed = {
		calls: 4,
		looked: 5,
		p50_ms: 3000,
		p90_ms: null,
		max_ms: 40_000,
		buckets: [
			{ from_ms: 0, to_ms: 1000, calls: 0 },
			{ from_ms: 1000, to_ms: 5000, calls: 3 },
			{ from_ms: 5000, to_ms: null, calls: 1 },
		],
	};
	const base = {
		"/v1/agents": { items: [agent(1)] },
		"/v1/agents/agent_1": agent(1),
		"/v1/providers": providers,
	};

	it("is shown as counts by range", async () => {
		renderPage("/agents/agent_1", { ...base, "/v1/agents/agent_1/speed-to-lead": speed });
		const row = await screen.findByRole("row", { name: /^1 to 5 s/ });
		expect(within(row).getByText("3")).toBeTruthy();
		expect(screen.getByRole("row", { name: /^5 s and longer/ })).toBeTruthy();
		expect(screen.getByText(/median 3\.00 s, longest 40\.0 s, of 4 calls/)).toBeTruthy();
	});

	it("is left out while no call tells", async () => {
		renderPage("/agents/agent_1", { ...base, "/v1/agents/agent_1/speed-to-lead": { ...speed, calls: 0 } });
		await screen.findByRole("heading", { name: "Facts" });
		expect(screen.queryByText("How soon it answers")).toBeNull();
	});
});

describe("the agents page", () => {
	it("teaches when there are none", async () => {
		renderPage("/agents", { "/v1/agents": { items: [] } });
		expect(await screen.findByText("No agents yet")).toBeTruthy();
	});

	it("says what failed", async () => {
		renderPage("/agents", { "/v1/agents": fail(403, "this needs the scope read") });
		expect(await screen.findByText("Could not load the agents")).toBeTruthy();
		expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
	});

	it("shows the first hundred of many, and finds among all", async () => {
		const { router } = renderPage("/agents", {
			"/v1/agents": { items: Array.from({ length: 3000 }, (_, i) => agent(i)) },
		});
		expect(await screen.findByText("Agent 000")).toBeTruthy();
		expect(screen.queryByText("Agent 100")).toBeNull();
		expect(screen.getByText("3,000 agents")).toBeTruthy();
		await userEvent.click(screen.getByLabelText("Find an agent"));
		await userEvent.paste("asst_2999");
		expect(await screen.findByText("Agent 2999")).toBeTruthy();
		expect(router.state.location.search).toEqual({ find: "asst_2999" });
	});

	it("links the number of calls to those calls", async () => {
		renderPage("/agents", { "/v1/agents": { items: [agent(1)] } });
		const link = await screen.findByRole("link", { name: "12 calls of Agent 001" });
		expect(link.getAttribute("href")).toBe("/calls?agent=agent_1&range=30d");
		expect(screen.getByText(/90\.0 %/)).toBeTruthy();
	});

	it("offers nothing to change to a viewer", async () => {
		renderPage("/agents", {
			"/v1/agents": { items: [agent(1)] },
			"/v1/session": { ...session, user: { ...session.user, role: "viewer" } },
		});
		await screen.findByText("Agent 001");
		expect(screen.queryByRole("button", { name: "Create an agent" })).toBeNull();
	});
});

describe("an agent's page", () => {
	it("says that there is none", async () => {
		renderPage("/agents/agent_9", { "/v1/agents/agent_9": fail(404, "there is no agent") });
		expect(await screen.findByText("There is no such agent")).toBeTruthy();
	});

	it("saves what changed and nothing else", async () => {
		const { requests } = renderPage("/agents/agent_1", {
			"GET /v1/agents/agent_1": agent(1),
			"PATCH /v1/agents/agent_1": agent(1, {
				settings: { callSummaryEnabled: true, webhookSecret_set: true },
			}),
			"/v1/agents": { items: [] },
			"/v1/providers": providers,
		});
		await userEvent.click(await screen.findByRole("switch", { name: /^Summarise each call/ }));
		expect(screen.getByText("1 change not saved")).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Save" }));
		await waitFor(() => expect(screen.queryByText("1 change not saved")).toBeNull());
		const sent = await requests.find((r) => r.method === "PATCH")?.json();
		expect(sent).toEqual({ callSummaryEnabled: true });
	});

	it("keeps what is typed while it saves, and saves once", async () => {
		let answer = (_: object) => {};
		const { requests } = renderPage("/agents/agent_1", {
			"GET /v1/agents/agent_1": agent(1),
			"PATCH /v1/agents/agent_1": () =>
				new Promise((done) => {
					answer = done;
				}),
			"/v1/agents": { items: [] },
			"/v1/providers": providers,
		});
		await userEvent.click(await screen.findByRole("switch", { name: /^Summarise each call/ }));
		await userEvent.click(screen.getByRole("button", { name: "Save" }));
		await userEvent.type(screen.getByLabelText("Name", { selector: "#identity input" }), "!");
		await userEvent.keyboard("{Control>}s{/Control}");
		answer(agent(1, { settings: { callSummaryEnabled: true, webhookSecret_set: true } }));
		expect(await screen.findByText("Saved")).toBeTruthy();
		expect(screen.getByText("1 change not saved")).toBeTruthy();
		expect(screen.getByLabelText("Name", { selector: "#identity input" })).toHaveProperty(
			"value",
			"Agent 001!",
		);
		expect(requests.filter((r) => r.method === "PATCH")).toHaveLength(1);
	});

	it("says of secrets that can't be opened what to do", async () => {
		renderPage("/agents/agent_1", {
			"/v1/agents/agent_1": agent(1, { secrets_lost: true }),
			"/v1/providers": providers,
		});
		expect(await screen.findByText(/sealed with another key/)).toBeTruthy();
	});

	it("says of settings that nothing acts on that they are only kept", async () => {
		renderPage("/agents/agent_1", { "/v1/agents/agent_1": agent(1), "/v1/providers": providers });
		const outbound = within(await screen.findByRole("region", { name: "Outbound and dialer" }));
		expect(outbound.getByText(/Kept; nothing acts on it yet/)).toBeTruthy();
		expect(within(screen.getByRole("region", { name: "Scoring" })).queryByText(/nothing acts/)).toBeNull();
	});

	it("tests a webhook that is saved, and shows what came back", async () => {
		const one = agent(1);
		one.settings = Object.assign(one.settings, { webhookUrl: "https://hooks.example.com/x" });
		const { requests } = renderPage("/agents/agent_1", {
			"/v1/agents/agent_1": one,
			"/v1/providers": providers,
			"POST /v1/agents/agent_1/webhook-test": {
				delivered: false,
				host: "hooks.example.com",
				status: 500,
				latency_ms: 12,
				response: "broken",
				error: "your server answered 500",
			},
		});
		const hooks = within(await screen.findByRole("region", { name: "Webhooks" }));
		const button = hooks.getByRole("button", { name: "Send a test to hooks.example.com" });
		await userEvent.click(button);
		expect(await screen.findByText("Your server answered 500")).toBeTruthy();
		expect(new URL(requests.find((r) => r.method === "POST")?.url ?? "").search).toBe("?which=webhook");
		await userEvent.keyboard("{Escape}");
		await userEvent.type(hooks.getByLabelText(/^Address/), "y");
		expect(button).toHaveProperty("disabled", true);
	});

	it("holds back what the server would refuse, and says so at the field", async () => {
		const { requests } = renderPage("/agents/agent_1", {
			"GET /v1/agents/agent_1": agent(1),
			"/v1/providers": providers,
		});
		const longest = await screen.findByLabelText(/^Longest call/);
		await userEvent.type(longest, "2000");
		await userEvent.click(screen.getByRole("button", { name: "Save" }));
		expect(await screen.findByText("Enter a number from 1 to 1440")).toBeTruthy();
		expect(requests.some((r) => r.method === "PATCH")).toBe(false);
	});

	it("merges into another after saying what happens", async () => {
		const { requests, router } = renderPage("/agents/agent_1", {
			"/v1/agents": { items: [agent(1, { discovered: true }), agent(2)] },
			"GET /v1/agents/agent_1": agent(1, { discovered: true }),
			"GET /v1/agents/agent_2": agent(2),
			"POST /v1/agents/agent_1/merge": agent(2),
			"/v1/providers": providers,
		});
		await userEvent.click(await screen.findByRole("button", { name: "Merge" }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.click(await dialog.findByLabelText("Into", { selector: "input" }));
		await userEvent.click(await screen.findByRole("option", { name: /Agent 002/ }));
		expect(dialog.getByText(/Calls that name/).textContent).toContain("asst_1");
		await userEvent.click(dialog.getByRole("button", { name: "Merge into Agent 002" }));
		await waitFor(() => expect(router.state.location.pathname).toBe("/agents/agent_2"));
		expect(await requests.find((r) => r.method === "POST")?.json()).toEqual({ into: "agent_2" });
	});
});
