import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";
import { soundLimits } from "../../test/recording";
import { bodyOf, changed, check, type Draft, draftOf } from "./draft";
import type { Agent } from "./queries";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const agent = (settings: Partial<Agent["settings"]> = {}): Agent => ({
	id: "agent_1",
	name: "Reception",
	source_id: "asst_1",
	provider: "vapi",
	discovered: false,
	created_at: at,
	updated_at: at,
	stats: { calls: 0, judged: 0, succeeded: 0, last_call_at: null },
	crmApiKey_set: false,
	webhookSecret_set: false,
	secrets_lost: false,
	disabled_webhooks: [],
	settings: { crmApiKey_set: false, webhookSecret_set: false, secrets_lost: false, ...settings },
});

const disclosure = { name: "Disclosure", kind: "required" as const, phrases: ["this call is recorded"] };
const plan = { name: "plan", type: "enum" as const, options: ["monthly", "annual"] };
const renewal = { name: "renews", type: "datetime" as const, when: { field: "plan", values: ["annual"] } };

function page(settings: Partial<Agent["settings"]>, more: object = {}) {
	return renderPage("/agents/agent_1", {
		"GET /v1/agents/agent_1": agent(settings),
		"PATCH /v1/agents/agent_1": agent(settings),
		"/v1/agents": { items: [] },
		"/v1/providers": { items: [] },
		"/v1/scorecards": { items: [] },
		...more,
	});
}

const patched = async (requests: Request[]) => {
	await waitFor(() => expect(requests.some((r) => r.method === "PATCH")).toBe(true));
	return await requests.find((r) => r.method === "PATCH")?.json();
};
const region = async (name: string) => within(await screen.findByRole("region", { name }));
const save = () => userEvent.click(screen.getByRole("button", { name: "Save" }));

describe("limits of the sound", () => {
	const limits = { "/v1/sound-limits": { items: soundLimits } };

	it("are the usual ones until others are set, in the units that people say", async () => {
		const { requests } = page({}, limits);
		const part = within(await screen.findByRole("region", { name: "Median response" }));
		expect(
			part.getByText(/^Good from −200 ms to 1\.50 s, watch from −500 ms to 2\.50 s: we say so\.$/),
		).toBeTruthy();
		await userEvent.click(part.getByRole("button", { name: "Set other limits" }));
		expect(part.getByLabelText<HTMLInputElement>("Good to").value).toBe("1.5");
		await userEvent.clear(part.getByLabelText("Good to"));
		await userEvent.type(part.getByLabelText("Good to"), "1.05");
		await userEvent.clear(part.getByLabelText("Watch from"));
		await save();
		expect(await patched(requests)).toEqual({
			soundLimits: {
				response_p50_ms: { good_from: -200, good_to: 1050, watch_from: null, watch_to: 2500 },
			},
		});
	});

	it("are removed again, and what is no number is not sent", async () => {
		const own = { good_from: null, good_to: 0.1, watch_from: null, watch_to: null };
		const { requests } = page({ soundLimits: { overlap_ratio: own } }, limits);
		const part = within(await screen.findByRole("region", { name: "Both speak at once" }));
		expect(part.getByLabelText<HTMLInputElement>("Good to").value).toBe("10");
		await userEvent.type(part.getByLabelText("Watch to"), "a lot");
		await save();
		expect(await part.findByText("Enter a number, or nothing")).toBeTruthy();
		expect(requests.some((r) => r.method === "PATCH")).toBe(false);
		await userEvent.click(part.getByRole("button", { name: "Use the usual limits" }));
		await save();
		expect(await patched(requests)).toEqual({ soundLimits: {} });
	});

	it("show the server's word at the bound", async () => {
		const refused = fail(422, "must not be below where good ends", "/soundLimits/response_p50_ms/watch_to");
		page({}, { ...limits, "PATCH /v1/agents/agent_1": refused });
		const part = within(await screen.findByRole("region", { name: "Median response" }));
		await userEvent.click(part.getByRole("button", { name: "Set other limits" }));
		await userEvent.type(part.getByLabelText("Watch to"), "5");
		await save();
		expect(await part.findByText(/must not be below where good ends/i)).toBeTruthy();
	});
});

describe("compliance phrases", () => {
	it("teach when there are none, and are told of at their fields", async () => {
		const { requests } = page({});
		const part = await region("Compliance");
		expect(await part.findByText(/a recording disclosure is a good first one/)).toBeTruthy();
		await userEvent.click(part.getByRole("button", { name: "Add a rule" }));
		await userEvent.type(part.getByLabelText(/^Within/), "0.5");
		await save();
		expect(await part.findByText("Enter a name")).toBeTruthy();
		expect(part.getByText("Enter at least one phrase")).toBeTruthy();
		expect(part.getByText("Enter a whole number from 1 to 7200")).toBeTruthy();
		expect(requests.some((r) => r.method === "PATCH")).toBe(false);
	});

	it("are sent whole, with what is not there said", async () => {
		const { requests } = page({ compliancePhrases: [disclosure] });
		const part = await region("Compliance");
		await userEvent.click(await part.findByRole("button", { name: "Add a rule" }));
		const second = within(part.getByRole("region", { name: "Rule 2" }));
		await userEvent.type(second.getByLabelText("Name"), "No promises");
		await userEvent.click(screen.getAllByLabelText("Kind", { selector: "input" })[1] as HTMLElement);
		await userEvent.click(await screen.findByRole("option", { name: "Must not be said" }));
		const named = within(part.getByRole("region", { name: "Rule 2: No promises" }));
		await userEvent.type(named.getByLabelText(/^Phrases/), "guaranteed{Enter}for sure{Enter}");
		await save();
		expect(await patched(requests)).toEqual({
			compliancePhrases: [
				{ ...disclosure, withinSeconds: null },
				{ name: "No promises", kind: "forbidden", phrases: ["guaranteed", "for sure"], withinSeconds: null },
			],
		});
	});

	it("show what the server refuses where it is, and a viewer changes nothing", async () => {
		const { requests } = page(
			{ compliancePhrases: [disclosure] },
			{
				"PATCH /v1/agents/agent_1": fail(422, "is too long", "/compliancePhrases/0/name"),
			},
		);
		const name = within(await screen.findByRole("region", { name: "Rule 1: Disclosure" })).getByLabelText(
			"Name",
		);
		await userEvent.type(name, "s");
		await save();
		expect(await screen.findByText("Is too long")).toBeTruthy();
		expect(name.getAttribute("aria-invalid")).toBe("true");
		expect(requests.filter((r) => r.method === "PATCH")).toHaveLength(1);
	});

	it("can be read and not changed by a viewer", async () => {
		page(
			{ compliancePhrases: [disclosure], extractionFields: [plan], crmProvider: "hubspot" },
			{ "/v1/session": { ...session, user: { ...session.user, role: "viewer" } } },
		);
		expect(await screen.findByRole("region", { name: "Rule 1: Disclosure" })).toBeTruthy();
		expect(screen.getByRole("region", { name: "Field 1: plan" })).toBeTruthy();
		expect(screen.queryByRole("button", { name: /Add a|Remove|Preview/ })).toBeNull();
	});
});

describe("extraction fields", () => {
	it("keep what the form was not asked about", async () => {
		const { requests } = page({ extractionFields: [plan, renewal] });
		const first = within(await screen.findByRole("region", { name: "Field 1: plan" }));
		await userEvent.type(first.getByLabelText("What to look for"), "What they pay");
		await save();
		const rest = {
			description: "",
			required: false,
			pattern: "",
			min: null,
			max: null,
			options: [],
			when: null,
		};
		expect(await patched(requests)).toEqual({
			extractionFields: [
				{ ...rest, ...plan, description: "What they pay" },
				{ ...rest, ...renewal },
			],
		});
	});

	it("teach when there are none, and name what can't be", async () => {
		page({});
		const part = await region("Extraction");
		expect(await part.findByText(/what a caller wants/)).toBeTruthy();
		await userEvent.click(part.getByRole("button", { name: "Add a field" }));
		await userEvent.type(part.getByLabelText(/^Name/), "2nd");
		await userEvent.type(part.getByLabelText(/^Shortest/), "-");
		await save();
		expect(await part.findByText("Begin with a letter, then letters, digits and _")).toBeTruthy();
		expect(part.getByText("Enter a number")).toBeTruthy();
	});
});

describe("the scorecard", () => {
	it("is chosen by name, or none is", async () => {
		const { requests } = page(
			{ scorecardId: "sc_gone" },
			{ "/v1/scorecards": { items: [{ id: "sc_1", name: "Good calls" }] } },
		);
		const input = await screen.findByLabelText(/^Scorecard/, { selector: "input" });
		await waitFor(() => expect(input).toHaveProperty("value", "sc_gone"));
		await userEvent.click(input);
		expect(await screen.findByRole("option", { name: "None" })).toBeTruthy();
		await userEvent.click(await screen.findByRole("option", { name: "Good calls" }));
		await save();
		expect(await patched(requests)).toEqual({ scorecardId: "sc_1" });
	});
});

describe("where the CRM's fields go", () => {
	it("is not asked without a CRM", async () => {
		page({});
		await region("CRM");
		expect(await screen.findByText(/a recording disclosure/)).toBeTruthy();
		expect(screen.queryByText("Where each field goes")).toBeNull();
	});

	it("is changed pair by pair; one that goes is sent as empty", async () => {
		const { requests } = page({
			crmProvider: "hubspot",
			crmFieldMapping: { summary: "note", tags: "labels" },
		});
		const part = await region("CRM");
		await userEvent.click(await part.findByRole("button", { name: "Remove field 2" }));
		await userEvent.type(part.getByLabelText("Property for field 1"), "_text");
		await userEvent.click(part.getByRole("button", { name: "Add a field" }));
		await userEvent.type(part.getByLabelText("Property for field 2"), "call_seconds");
		await save();
		expect(await patched(requests)).toEqual({
			crmFieldMapping: { summary: "note_text", duration: "call_seconds", tags: "" },
		});
	});

	it("is previewed as it stands in the form, and what is refused is told", async () => {
		let none = true;
		const { requests } = page(
			{ crmProvider: "hubspot", crmFieldMapping: { summary: "note" } },
			{
				"POST /v1/agents/agent_1/crm-preview": () =>
					none
						? fail(409, "no call of the agent has ended; name a call with call_id")
						: {
								crm: "hubspot",
								call_id: "call_1",
								method: "POST",
								path: "/crm/v3/objects/calls",
								body: { properties: { notes: "They asked for a refund" } },
							},
			},
		);
		const part = await region("CRM");
		await userEvent.type(await part.findByLabelText("Property for field 1"), "s");
		await userEvent.click(part.getByRole("button", { name: "Preview" }));
		expect(await screen.findByText(/no call of the agent has ended/)).toBeTruthy();
		await userEvent.keyboard("{Escape}");
		none = false;
		await userEvent.click(part.getByRole("button", { name: "Preview" }));
		expect(await screen.findByText(/They asked for a refund/)).toBeTruthy();
		expect(screen.getByText("POST /crm/v3/objects/calls")).toBeTruthy();
		const posts = requests.filter((r) => r.method === "POST");
		expect(await posts[0]?.json()).toEqual({ crm_field_mapping: { summary: "notes" } });
	});
});

describe("lists in the draft", () => {
	const before = draftOf(
		agent({ compliancePhrases: [disclosure], crmFieldMapping: { summary: "note", tags: "" } }),
	);
	const edited = (change: Draft) => ({ ...before, ...change });

	it("are unchanged by a blank line, an emptied figure or an order of names", () => {
		const same = {
			phrases: ["this call is recorded", ""],
			withinSeconds: "",
			kind: "required",
			name: "Disclosure ",
		};
		expect(changed(before, edited({ "/compliancePhrases": [same as typeof disclosure] }))).toEqual([]);
		expect(changed(before, edited({ "/crmFieldMapping": { summary: "note", link: " " } }))).toEqual([]);
	});
	it("send numbers as numbers", () => {
		const rule = { ...disclosure, withinSeconds: "30" };
		expect(bodyOf(before, edited({ "/compliancePhrases": [rule] }))).toEqual({
			compliancePhrases: [{ ...disclosure, withinSeconds: 30 }],
		});
	});
	it("take the whole mapping away by null", () => {
		expect(bodyOf(before, edited({ "/crmFieldMapping": {} }))).toEqual({ crmFieldMapping: null });
	});
	it("are checked as the server would", () => {
		const fields = [
			{ name: "a", type: "number" as const, min: "5", max: 2 },
			{ name: "a", type: "enum" as const, options: [] },
			{ name: "b", type: "text" as const, when: { field: "c", values: ["x"] } },
			{ name: "c", type: "text" as const, when: { field: "a", values: [] } },
		];
		expect(check(edited({ "/extractionFields": fields }))).toEqual({
			"/extractionFields/0/min": "Is above the most",
			"/extractionFields/1/name": "Another field has this name",
			"/extractionFields/1/options": "Enter at least one",
			"/extractionFields/2/when/field": "No field of this name stands above",
			"/extractionFields/3/when/values": "Enter at least one value",
		});
	});
});
