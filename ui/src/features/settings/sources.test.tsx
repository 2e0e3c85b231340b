import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const twilio = {
	id: "src_1",
	provider: "twilio",
	name: "Twilio",
	url: "https://ringside.example/webhooks/twilio/token",
	secret_set: true,
	api_key_set: true,
	allow_unsigned: false,
	verify: {},
	created_at: at,
	last_delivery_at: at,
	deliveries: 3,
	quarantined: 0,
};

const nothing = {
	step_in: false,
	listen: false,
	recordings: false,
	agents: false,
	calls: false,
	webhook: false,
};
const provider = (id: string, name: string, gives = {}) => ({
	id,
	name,
	signs: true,
	follows: false,
	secret_label: "Secret",
	steps: [],
	key_gives: { ...nothing, ...gives },
});
const providers = {
	items: [provider("twilio", "Twilio", { step_in: true, recordings: true }), provider("custom", "Custom")],
};

async function edit(source: object, answer: unknown = source) {
	const { requests } = renderPage("/settings/sources", {
		"GET /v1/sources": { items: [source] },
		"PATCH /v1/sources/src_1": answer,
		"/v1/providers": providers,
	});
	await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
	const dialog = within(await screen.findByRole("dialog"));
	await dialog.findByLabelText(/^Forward to/);
	const sent = async () => {
		await userEvent.click(dialog.getByRole("button", { name: "Save" }));
		await waitFor(() => expect(requests.some((r) => r.method === "PATCH")).toBe(true));
		return await requests.find((r) => r.method === "PATCH")?.json();
	};
	return { dialog, sent };
}

describe("a source's API key", () => {
	it("says what for, that one is set, and leaves it as it is", async () => {
		const { dialog, sent } = await edit(twilio);
		expect(
			dialog.getByText(/To step into calls in progress and fetch recordings.*SID, a colon.*Set; never shown/),
		).toBeTruthy();
		expect(dialog.getByLabelText("API key")).toHaveProperty("value", "");
		expect(await sent()).toEqual({ name: "Twilio", allow_unsigned: false });
	});

	it("is replaced by what is typed, and what is wrong with it stands there", async () => {
		const { dialog, sent } = await edit(twilio, fail(422, "has no colon", "/api_key"));
		await userEvent.type(dialog.getByLabelText("API key"), " AC1:token ");
		expect((await sent()).api_key).toBe("AC1:token");
		expect(await dialog.findByText("Has no colon")).toBeTruthy();
	});

	it("is removed by a tick", async () => {
		const { dialog, sent } = await edit(twilio);
		await userEvent.click(dialog.getByLabelText("Remove the API key"));
		expect((await sent()).api_key).toBe("");
	});

	it("is not asked for where it is good for nothing", async () => {
		const { dialog } = await edit({ ...twilio, provider: "custom", api_key_set: false });
		expect(dialog.queryByLabelText("API key")).toBeNull();
		expect(screen.queryByText("None: nobody can step into its calls")).toBeNull();
	});

	it("is told of on the card, also to a viewer, who may change nothing", async () => {
		renderPage("/settings/sources", {
			"/v1/session": { ...session, user: { ...session.user, role: "viewer" } },
			"/v1/sources": { items: [{ ...twilio, url: "", api_key_set: false }] },
			"/v1/providers": providers,
		});
		expect(await screen.findByText("None: nobody can step into its calls")).toBeTruthy();
		expect(screen.queryByRole("button", { name: /Edit|Delete|Connect/ })).toBeNull();
	});
});

describe("a new source", () => {
	it("takes nothing along that was typed for another platform", async () => {
		const { requests } = renderPage("/settings/sources", {
			"GET /v1/sources": { items: [] },
			"POST /v1/sources": twilio,
			"/v1/providers": { items: [provider("vapi", "Vapi"), provider("retell", "Retell")] },
		});
		await userEvent.click(await screen.findByRole("button", { name: "Connect a platform" }));
		const dialog = within(await screen.findByRole("dialog"));
		const choose = async (name: string) => {
			await userEvent.click(await dialog.findByLabelText("Platform", { selector: "input" }));
			await userEvent.click(await screen.findByRole("option", { name }));
		};
		await choose("Vapi");
		await userEvent.click(await dialog.findByRole("switch", { name: /signs with HMAC/, hidden: true }));
		await userEvent.type(dialog.getByLabelText("Secret"), "vapi's own");
		await choose("Retell");
		expect(dialog.getByLabelText("Secret")).toHaveProperty("value", "");
		await userEvent.type(dialog.getByLabelText("Secret"), "retell's");
		await userEvent.click(dialog.getByRole("button", { name: "Get the address" }));
		await waitFor(() => expect(requests.some((r) => r.method === "POST")).toBe(true));
		expect(await requests.find((r) => r.method === "POST")?.json()).toEqual({
			provider: "retell",
			secret: "retell's",
			allow_unsigned: false,
		});
	});
});

describe("calls of a source that are followed", () => {
	const retell = { ...twilio, provider: "retell", name: "Retell" };
	it.each([
		["none now", { ...retell, following: { calls: 0 } }, "Followed word by word"],
		["two now", { ...retell, following: { calls: 2 } }, "2 calls followed word by word"],
		[
			"a refusal",
			{ ...retell, following: { calls: 0, trouble: "Retell answered 4008: Too many watchers" } },
			"Retell answered 4008: Too many watchers.",
		],
	])("says so: %s", async (_, source, words) => {
		renderPage("/settings/sources", { "GET /v1/sources": { items: [source] }, "/v1/providers": providers });
		expect(await screen.findByText(words)).toBeTruthy();
	});

	it("says nothing where none are", async () => {
		renderPage("/settings/sources", { "GET /v1/sources": { items: [twilio] }, "/v1/providers": providers });
		await screen.findByText("Last delivery");
		expect(screen.queryByText("Live calls")).toBeNull();
	});
});
