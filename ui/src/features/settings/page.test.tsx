import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const source = {
	id: "src_1",
	provider: "vapi",
	name: "Vapi, Berlin",
	url: "https://ringside.example/webhooks/vapi/token",
	secret_set: false,
	allow_unsigned: true,
	verify: {},
	created_at: at,
	last_delivery_at: at,
	deliveries: 10_000,
	quarantined: 3,
};

const providers = {
	items: [
		{
			id: "vapi",
			name: "Vapi",
			signs: true,
			follows: false,
			secret_label: "Server secret",
			steps: ["Paste the URL."],
			key_gives: { calls: false },
		},
	],
};

describe("Settings, Sources", () => {
	it("teaches when there is none", async () => {
		renderPage("/settings/sources", { "/v1/sources": { items: [] }, "/v1/providers": providers });
		expect(await screen.findByText("No platform is connected")).toBeTruthy();
		expect(screen.getByRole("button", { name: "Connect a platform" })).toBeTruthy();
	});

	it("shows a skeleton while it loads, and what failed with a way to try again", async () => {
		let broken = true;
		renderPage("/settings/sources", {
			"/v1/sources": () => (broken ? fail(403, "this needs the scope read") : { items: [source] }),
			"/v1/providers": providers,
		});
		expect(await screen.findByText("Could not load the sources")).toBeTruthy();
		broken = false;
		await userEvent.click(screen.getByRole("button", { name: "Try again" }));
		expect(await screen.findByText(source.url)).toBeTruthy();
		expect(screen.getByText("Nothing: not verified")).toBeTruthy();
		expect(screen.getByText("10,000 or more")).toBeTruthy();
		expect(screen.getByText("3 could not be read").closest("a")?.getAttribute("href")).toBe(
			"/settings/inbox?state=quarantined",
		);
	});

	it("does not send a source that verifies nothing, and shows the address of one that was made", async () => {
		const { requests } = renderPage("/settings/sources", {
			"GET /v1/sources": { items: [] },
			"POST /v1/sources": source,
			"/v1/providers": providers,
		});
		await userEvent.click(await screen.findByRole("button", { name: "Connect a platform" }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.click(await dialog.findByLabelText("Platform", { selector: "input" }));
		await userEvent.click(await screen.findByRole("option", { name: "Vapi" }));
		await userEvent.click(dialog.getByRole("button", { name: "Get the address" }));
		expect(dialog.getByText("Enter the secret, or take deliveries without a signature")).toBeTruthy();
		expect(requests.some((r) => r.method === "POST")).toBe(false);
		await userEvent.type(dialog.getByLabelText("Server secret"), "s3cret");
		await userEvent.click(dialog.getByRole("button", { name: "Get the address" }));
		expect(await screen.findByText(source.url)).toBeTruthy();
		const sent = await requests.find((r) => r.method === "POST")?.json();
		expect(sent).toEqual({ provider: "vapi", secret: "s3cret", allow_unsigned: false });
	});

	const forwarding = {
		deliveries: 1204,
		failures: 3,
		measured: 1000,
		endpoint_p50_ms: 182.4,
		endpoint_p99_ms: 1240,
		added_p50_ms: 1.6,
		added_p99_ms: 4.9,
		last_error: "the connection was refused",
		last_error_at: at,
		waiting: 12,
	};

	it("says how forwarding goes", async () => {
		renderPage("/settings/sources", {
			"/v1/sources": { items: [{ ...source, forward_url: "https://team.example/hook", forwarding }] },
			"/v1/providers": providers,
		});
		expect(await screen.findByText("https://team.example/hook")).toBeTruthy();
		expect(screen.getByText("1,204 deliveries forwarded")).toBeTruthy();
		expect(screen.getByText("3 without a good answer")).toBeTruthy();
		expect(screen.getByText(/^182 ms median/)).toBeTruthy();
		expect(screen.getByText(/the connection was refused/)).toBeTruthy();
		expect(screen.getByText(/^12 kept on disk/)).toBeTruthy();
	});

	it("sends the forward address when it changes, and places what is wrong with it", async () => {
		const { requests } = renderPage("/settings/sources", {
			"GET /v1/sources": { items: [{ ...source, forward_url: "https://team.example/hook", forwarding }] },
			"PATCH /v1/sources/src_1": fail(422, "the address is private", "/forward_url"),
			"/v1/providers": providers,
		});
		await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
		const dialog = within(await screen.findByRole("dialog"));
		const field = await dialog.findByLabelText("Forward to");
		await userEvent.clear(field);
		await userEvent.type(field, "https://10.0.0.1/");
		await userEvent.click(dialog.getByRole("button", { name: "Save" }));
		expect(await dialog.findByText("The address is private")).toBeTruthy();
		const sent = await requests.find((r) => r.method === "PATCH")?.json();
		expect(sent.forward_url).toBe("https://10.0.0.1/");
	});
});

describe("Settings, API keys", () => {
	const key = {
		id: "key_1",
		name: "Agent",
		scope: "ingest",
		preview: "rs_live_abcd",
		created_at: at,
		expires_at: null,
		last_used_at: null,
	};

	it("shows a new key once, with a command", async () => {
		renderPage("/settings/keys", {
			"GET /v1/keys": { items: [key] },
			"POST /v1/keys": { ...key, key: "rs_live_abcdefgh" },
		});
		expect(await screen.findByText("Not yet")).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Create a key" }));
		await userEvent.type(await screen.findByLabelText(/^Name/), "Agent");
		await userEvent.click(screen.getByRole("button", { name: "Create the key" }));
		expect(await screen.findByText("rs_live_abcdefgh")).toBeTruthy();
		expect(screen.getByText(/X-API-Key: rs_live_abcdefgh/)).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "I have copied it" }));
		await waitFor(() => expect(screen.queryByText("rs_live_abcdefgh")).toBeNull());
	});

	it("is for admins", async () => {
		renderPage("/settings/keys", {
			"/v1/session": { ...session, user: { ...session.user, role: "member" } },
		});
		expect(await screen.findByText("For admins")).toBeTruthy();
	});
});

describe("Settings, Users", () => {
	const ada = { ...session.user, created_at: at, last_seen_at: at };
	const bo = {
		id: "user_2",
		email: "bo@example.com",
		name: "Bo",
		role: "viewer",
		created_at: at,
		last_seen_at: null,
	};

	it("leaves the last admin alone", async () => {
		renderPage("/settings/users", { "/v1/users": { items: [ada, bo] } });
		const mine = within(
			(await screen.findByText("You", { selector: "span *" })).closest("tr") as HTMLElement,
		);
		expect(mine.getByText("Admin")).toBeTruthy();
		expect(mine.queryByRole("button")).toBeNull();
		expect(screen.getByRole("button", { name: /^Remove\s*Bo$/ })).toBeTruthy();
	});

	it("shows the first password of somebody who was added", async () => {
		renderPage("/settings/users", {
			"GET /v1/users": { items: [ada] },
			"POST /v1/users": { ...bo, password: "drawn-password" },
		});
		await userEvent.click(await screen.findByRole("button", { name: "Add somebody" }));
		await userEvent.type(await screen.findByLabelText(/^Name/), "Bo");
		await userEvent.type(screen.getByLabelText(/^Email/), "bo@example.com");
		await userEvent.click(screen.getByRole("button", { name: "Add" }));
		expect(await screen.findByText(/Password: drawn-password/)).toBeTruthy();
	});
});

describe("Settings, Inbox", () => {
	const delivery = {
		id: "dlv_1",
		received_at: at,
		provider: "vapi",
		source: "Vapi",
		event: "unreadable",
		state: "quarantined",
		reason: "is required",
		pointer: "/message/call/id",
		size: 51,
		call_id: null,
	};
	const page = { items: [delivery], next_cursor: "", quarantined: 1 };
	const body = { message: { type: "end-of-call-report", call: {} } };

	it("says that all is well when it is empty", async () => {
		renderPage("/settings/inbox", { "/v1/inbox": { items: [], next_cursor: "", quarantined: 0 } });
		expect(await screen.findByText("Everything could be read")).toBeTruthy();
		expect(screen.queryByRole("button", { name: /replay/i })).toBeNull();
	});

	it("opens a delivery at the place that could not be read, and replays it", async () => {
		const { router, requests } = renderPage("/settings/inbox", {
			"/v1/inbox": page,
			"/v1/inbox/dlv_1": { ...delivery, body },
			"POST /v1/inbox/dlv_1/replay": { action: "created", call_id: "call_1" },
		});
		await userEvent.click(await screen.findByText("/message/call/id is required"));
		expect(await screen.findByText("It is missing from what is marked below.")).toBeTruthy();
		expect(router.state.location.search).toEqual({ delivery: "dlv_1" });
		expect(document.querySelector("[data-marked]")?.textContent).toMatch(/^call/);
		await userEvent.click(screen.getByRole("button", { name: "Replay" }));
		expect(await screen.findByText("It made a call")).toBeTruthy();
		expect(requests.filter((r) => r.method === "POST")).toHaveLength(1);
	});

	it("loads further pages by the cursor", async () => {
		const { requests } = renderPage("/settings/inbox?state=ignored", {
			"/v1/inbox": (r: Request) =>
				new URL(r.url).searchParams.get("cursor")
					? { items: [{ ...delivery, id: "dlv_2", reason: "the second page", pointer: "" }], next_cursor: "" }
					: { ...page, next_cursor: "dlv_1" },
		});
		await userEvent.click(await screen.findByRole("button", { name: "Load more" }));
		expect(await screen.findByText("The second page")).toBeTruthy();
		expect(new URL(requests.at(-1)?.url ?? "").searchParams.get("state")).toBe("ignored");
		expect(screen.queryByRole("button", { name: "Load more" })).toBeNull();
	});
});

describe("Settings, Demo", () => {
	const demo = { id: "ws_d", name: "Demo", is_demo: true };

	it("is not offered without sample calls", async () => {
		renderPage("/settings/appearance", {});
		expect(await screen.findByRole("link", { name: "Appearance" })).toBeTruthy();
		expect(screen.queryByRole("link", { name: "Demo" })).toBeNull();
	});

	it("goes with one click, and leaves the person in a workspace", async () => {
		const only = { ...session, workspace: demo, workspaces: [demo] };
		const { requests } = renderPage("/settings/demo", {
			"/v1/session": only,
			"POST /v1/workspaces": { id: "ws_new", name: "Default", is_demo: false },
			"PATCH /v1/session": only,
			"DELETE /v1/workspaces/ws_d": {},
			"/v1/calls": fail(404, "not this test's matter"),
			"/v1/calls/histogram": fail(404, "not this test's matter"),
			"/v1/health": fail(404, "not this test's matter"),
			"/v1/views": fail(404, "not this test's matter"),
			"/v1/agents": { items: [] },
		});
		await userEvent.click(await screen.findByRole("button", { name: "Remove the sample calls" }));
		expect(await screen.findByText("The sample calls are gone")).toBeTruthy();
		const done = requests
			.filter((r) => r.method !== "GET")
			.map((r) => `${r.method} ${new URL(r.url).pathname}`);
		expect(done).toEqual(["POST /v1/workspaces", "PATCH /v1/session", "DELETE /v1/workspaces/ws_d"]);
	});
});

describe("Settings, elsewhere", () => {
	it("says that a section is not there", async () => {
		renderPage("/settings/nowhere", {});
		expect(await screen.findByText("There is no such section")).toBeTruthy();
	});

	it("shows who did what", async () => {
		renderPage("/settings/audit", {
			"/v1/audit": {
				items: [
					{ id: "a", at, actor: "Ada", actor_id: "user_1", action: "key.revoke", subject: "Old (key_1)" },
				],
				next_cursor: "",
			},
		});
		expect(await screen.findByText("Revoked a key")).toBeTruthy();
		expect(screen.getByText("Old")).toBeTruthy();
	});
});
