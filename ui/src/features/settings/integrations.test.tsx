import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";
import { checkCRM, checkModel, crmBody, modelBody, modelDraft, monthCost, monthWords } from "./integrations";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const model = {
	kind: "llm",
	secret_set: true,
	updated_at: at,
	llm: {
		base_url: "https://api.example/v1",
		default_model: "small",
		structured: "json_object" as const,
		models: { gaps: "large" },
		monthly_budget_usd: 25,
		prices: { small: { input_per_million: 0.15, output_per_million: 0.6 } },
	},
};

const hubspot = { kind: "hubspot", secret_set: true, updated_at: at, crm: {} };

const used = (month: string, name: string, cost: number) => ({
	month,
	model: name,
	requests: 1200,
	prompt_tokens: 3_400_000,
	completion_tokens: 56_000,
	cost_usd: cost,
});

const none = { items: [], usage: [] };
const card = async (name: string) => within(await screen.findByRole("region", { name }));
const sent = (requests: Request[], method: string) => requests.find((r) => r.method === method)?.json();

describe("Settings, Integrations", () => {
	it("says what each is for, and that all works without", async () => {
		renderPage("/settings/integrations", { "/v1/integrations": none });
		for (const name of ["Language model", "Speech to text", "HubSpot", "Salesforce"]) {
			const c = await card(name);
			expect(c.getByText(`${name} is not connected`)).toBeTruthy();
			expect(c.getByText(/All works without/)).toBeTruthy();
		}
		expect(screen.queryByText("Usage of language models")).toBeNull();
	});

	it("shows what failed with a way to try again", async () => {
		let broken = true;
		renderPage("/settings/integrations", {
			"/v1/integrations": () => (broken ? fail(500, "the disk is full") : none),
		});
		expect(await screen.findByText("Could not load the integrations")).toBeTruthy();
		broken = false;
		await userEvent.click(screen.getByRole("button", { name: "Try again" }));
		expect(await screen.findByText("HubSpot is not connected")).toBeTruthy();
	});

	it("connects speech to text, and sends no key that was not typed", async () => {
		const speech = {
			kind: "stt",
			stt: { kind: "deepgram", base_url: "https://api.deepgram.com", model: "nova-3" },
			secret_set: true,
			updated_at: "2026-11-20T10:00:00Z",
		};
		const { requests } = renderPage("/settings/integrations", {
			"GET /v1/integrations": none,
			"PUT /v1/integrations/stt": speech,
		});
		const c = await card("Speech to text");
		await userEvent.click(c.getByRole("button", { name: /^Connect\s*Speech to text$/ }));
		await userEvent.click(c.getByRole("radio", { name: /Deepgram/ }));
		await userEvent.type(c.getByLabelText(/^Base URL/), "https://api.deepgram.com");
		await userEvent.type(c.getByLabelText(/^Model/), "nova-3");
		await userEvent.click(c.getByRole("button", { name: "Save" }));
		expect(await screen.findByText("Saved")).toBeTruthy();
		expect(await sent(requests, "PUT")).toEqual({
			kind: "deepgram",
			base_url: "https://api.deepgram.com",
			model: "nova-3",
		});
	});

	it("connects a language model with what was filled in", async () => {
		const { requests } = renderPage("/settings/integrations", {
			"GET /v1/integrations": none,
			"PUT /v1/integrations/llm": model,
		});
		const c = await card("Language model");
		await userEvent.click(c.getByRole("button", { name: /^Connect\s*Language model$/ }));
		await userEvent.type(c.getByLabelText(/^Base URL/), "https://api.example/v1");
		await userEvent.type(c.getByLabelText(/^Default model/), "small");
		await userEvent.type(c.getByLabelText("Key"), "sk-1");
		await userEvent.type(c.getByLabelText(/^Price of the prompt/), "0.15");
		await userEvent.click(c.getByRole("button", { name: "Save" }));
		expect(c.getByText(/or leave both empty/)).toBeTruthy();
		expect(requests.some((r) => r.method === "PUT")).toBe(false);
		await userEvent.type(c.getByLabelText(/^Price of the answer/), "0.6");
		await userEvent.click(c.getByRole("button", { name: "Save" }));
		expect(await screen.findByText("Saved")).toBeTruthy();
		expect(await sent(requests, "PUT")).toEqual({
			base_url: "https://api.example/v1",
			default_model: "small",
			key: "sk-1",
			prices: { small: { input_per_million: 0.15, output_per_million: 0.6 } },
		});
	});

	it("keeps the key and what the form does not show, and warns when the host changes", async () => {
		const { requests } = renderPage("/settings/integrations", {
			"GET /v1/integrations": { items: [model], usage: [] },
			"PUT /v1/integrations/llm": model,
		});
		const c = await card("Language model");
		expect(c.getByText(/one is set/)).toBeTruthy();
		expect((c.getByLabelText("Knowledge gaps") as HTMLInputElement).value).toBe("large");
		await userEvent.clear(c.getByLabelText(/^Monthly budget/));
		expect(c.getByRole("button", { name: "Test" }).hasAttribute("disabled")).toBe(true);
		await userEvent.clear(c.getByLabelText(/^Base URL/));
		await userEvent.type(c.getByLabelText(/^Base URL/), "https://other.example/v1");
		expect(c.getByText(/was given for api.example/)).toBeTruthy();
		await userEvent.click(c.getByRole("button", { name: "Save" }));
		await waitFor(() => expect(requests.some((r) => r.method === "PUT")).toBe(true));
		const { monthly_budget_usd: _, ...rest } = model.llm;
		expect(await sent(requests, "PUT")).toEqual({ ...rest, base_url: "https://other.example/v1" });
	});

	it("shows what the server really answered, good or bad", async () => {
		let ok = true;
		renderPage("/settings/integrations", {
			"/v1/integrations": { items: [model], usage: [] },
			"POST /v1/integrations/llm/test": () =>
				ok
					? { ok: true, detail: 'small answered "ready" with 3 tokens.', latency_ms: 412 }
					: { ok: false, detail: "the key is refused (401)", latency_ms: 80 },
		});
		const c = await card("Language model");
		await userEvent.click(c.getByRole("button", { name: "Test" }));
		expect(await c.findByText('Answered in 412 ms: small answered "ready" with 3 tokens.')).toBeTruthy();
		ok = false;
		await userEvent.click(c.getByRole("button", { name: "Test" }));
		expect((await c.findByRole("alert")).textContent).toBe("Failed after 80 ms: the key is refused (401)");
	});

	it("puts what is refused beside its field", async () => {
		renderPage("/settings/integrations", {
			"GET /v1/integrations": none,
			"PUT /v1/integrations/crm/salesforce": fail(422, "requests may not go there"),
		});
		const c = await card("Salesforce");
		await userEvent.click(c.getByRole("button", { name: /^Connect\s*Salesforce$/ }));
		await userEvent.type(c.getByLabelText(/^My Domain URL/), "https://acme.my.salesforce.com");
		await userEvent.type(c.getByLabelText(/^Client id/), "3MVG9");
		await userEvent.click(c.getByRole("button", { name: "Save" }));
		expect(c.getByText("Enter the client secret")).toBeTruthy();
		await userEvent.type(c.getByLabelText("Client secret"), "s3cret");
		await userEvent.click(c.getByRole("button", { name: "Save" }));
		expect(await c.findByText("Requests may not go there")).toBeTruthy();
	});

	it("disconnects after a question", async () => {
		const { requests } = renderPage("/settings/integrations", {
			"GET /v1/integrations": { items: [hubspot], usage: [] },
			"DELETE /v1/integrations/hubspot": {},
		});
		const c = await card("HubSpot");
		await userEvent.click(c.getByRole("button", { name: "Disconnect" }));
		expect(requests.some((r) => r.method === "DELETE")).toBe(false);
		await userEvent.click(await screen.findByRole("button", { name: "Disconnect it" }));
		expect(await screen.findByText("HubSpot is disconnected")).toBeTruthy();
		expect(requests.filter((r) => r.method === "DELETE")).toHaveLength(1);
	});

	it("shows the usage of many months, a page at a time", async () => {
		const usage = Array.from({ length: 130 }, (_, i) => used("2026-11", `model-${i}`, i === 0 ? 5 : 0));
		renderPage("/settings/integrations", { "/v1/integrations": { items: [model], usage } });
		const c = await card("Usage of language models");
		expect(c.getByText("November 2026: $5.00 of $25.00 spent, 20 %.")).toBeTruthy();
		expect(c.getAllByRole("row")).toHaveLength(101);
		expect(c.getAllByText("3,400,000")).toHaveLength(100);
		await userEvent.click(c.getByRole("button", { name: "Show more (30 rows left)" }));
		expect(c.getByText("model-129")).toBeTruthy();
	});

	it("lets a viewer look and change nothing", async () => {
		renderPage("/settings/integrations", {
			"/v1/session": { ...session, user: { ...session.user, role: "viewer" } },
			"/v1/integrations": { items: [model], usage: [] },
		});
		const c = await card("Language model");
		expect(c.getByLabelText(/^Base URL/).closest("fieldset")?.disabled).toBe(true);
		expect(screen.queryByRole("button", { name: /Save|Connect|Test|Disconnect/ })).toBeNull();
	});
});

describe("the language model's form", () => {
	it("gives back what it was given", () => {
		expect(modelBody(modelDraft(model.llm), model.llm)).toEqual(model.llm);
	});
	it("does not pass a price on to another model", () => {
		const draft = { ...modelDraft(model.llm), default_model: "other", budget: "" };
		expect(checkModel(draft)).toEqual({});
		expect(modelBody(draft, model.llm).prices).toEqual(model.llm.prices);
	});
	it("wants a price of each model that is asked where there is a budget", () => {
		const draft = { ...modelDraft(model.llm), models: { gaps: "meta/large", tags: "small" } };
		expect(Object.keys(checkModel(draft))).toEqual(["/prices/meta~1large"]);
		const priced = { ...draft.prices, "meta/large": { input: "0", output: "0" } };
		expect(checkModel({ ...draft, prices: priced })).toEqual({});
		expect(checkModel({ ...draft, budget: "" })).toEqual({});
	});
	it("tells of what is no number", () => {
		const draft = { ...modelDraft(undefined), timeout: "2m", concurrency: "1.5", budget: "12,50" };
		expect(Object.keys(checkModel(draft))).toEqual([
			"/timeout_seconds",
			"/concurrency",
			"/monthly_budget_usd",
		]);
		expect(checkModel({ ...draft, timeout: " 30 ", concurrency: "4", budget: "12.50" })).toEqual({});
	});
});

describe("the CRM's form", () => {
	it("leaves out what is empty", () => {
		expect(crmBody({ base_url: " ", path: "", client_id: "", secret: " pat-1 " })).toEqual({
			secret: "pat-1",
		});
	});
	it("asks for the secret unless one is held", () => {
		const empty = { base_url: "", path: "", client_id: "", secret: " " };
		expect(checkCRM("hubspot", empty, false)).toEqual({ "/secret": "Enter the token" });
		expect(checkCRM("hubspot", empty, true)).toEqual({});
	});
});

describe("usage", () => {
	it("sums a month and names it", () => {
		const usage = [used("2026-11", "a", 1.5), used("2026-11", "b", 2), used("2026-10", "a", 9)];
		expect(monthCost(usage, "2026-11")).toBe(3.5);
		expect(monthWords("2026-11")).toBe("November 2026");
		expect(monthWords("lately")).toBe("lately");
	});
});
