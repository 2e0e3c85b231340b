import type {
	CRMBody,
	CRMKind,
	Integration,
	IntegrationKind,
	ModelBody,
	ModelUsage,
	SpeechBody,
} from "./queries";

type ModelSettings = NonNullable<Integration["llm"]>;
type Feature = keyof NonNullable<ModelSettings["models"]>;

export const integrationNames: Record<IntegrationKind, string> = {
	llm: "Language model",
	stt: "Speech to text",
	hubspot: "HubSpot",
	salesforce: "Salesforce",
};

/** What may be asked of another model than the default. */
export const features: { value: Feature; label: string }[] = [
	{ value: "summary", label: "Summary" },
	{ value: "tags", label: "Tags" },
	{ value: "scores", label: "Scores" },
	{ value: "extraction", label: "Extracted fields" },
	{ value: "gaps", label: "Knowledge gaps" },
];

/** A price as it is typed. */
export interface PriceDraft {
	input: string;
	output: string;
}

/** The form of the language model: every field as it is typed. */
export interface ModelDraft {
	base_url: string;
	default_model: string;
	key: string;
	models: Partial<Record<Feature, string>>;
	timeout: string;
	concurrency: string;
	budget: string;
	/** By model, so that a price does not pass to another when the default changes. */
	prices: Record<string, PriceDraft>;
}

const typed = (n: number | null | undefined) => (n == null ? "" : String(n));

export function modelDraft(s: ModelSettings | undefined): ModelDraft {
	const prices = Object.entries(s?.prices ?? {}).map(([model, p]) => [
		model,
		{ input: typed(p.input_per_million), output: typed(p.output_per_million) },
	]);
	return {
		base_url: s?.base_url ?? "",
		default_model: s?.default_model ?? "",
		key: "",
		models: { ...s?.models },
		timeout: typed(s?.timeout_seconds || undefined),
		concurrency: typed(s?.concurrency || undefined),
		budget: typed(s?.monthly_budget_usd),
		prices: Object.fromEntries(prices),
	};
}

const whole = (text: string) => /^\d+$/.test(text.trim());
const amount = (text: string) => /^\d+(\.\d+)?$/.test(text.trim());
const blank = (text: string) => text.trim() === "";

/** The models that are asked, each once. */
export function modelsOf(d: Pick<ModelDraft, "default_model" | "models">): string[] {
	const asked = features.map((f) => d.models[f.value]?.trim() || d.default_model.trim());
	return [...new Set(asked)].filter((model) => model !== "");
}

/** Where the server points at a model's price (RFC 6901). */
export const pricePointer = (model: string) => `/prices/${model.replaceAll("~", "~0").replaceAll("/", "~1")}`;

export function priceOf({ prices }: Pick<ModelDraft, "prices">, model: string): PriceDraft {
	return prices[model] ?? { input: "", output: "" };
}

/** What of the form is no number, half a price, or none where the budget needs one; by the field's pointer. */
export function checkModel(d: ModelDraft): Record<string, string> {
	const wrong: Record<string, string> = {};
	if (!blank(d.timeout) && !whole(d.timeout)) wrong["/timeout_seconds"] = "Enter whole seconds";
	if (!blank(d.concurrency) && !whole(d.concurrency)) wrong["/concurrency"] = "Enter a whole number";
	if (!blank(d.budget) && !amount(d.budget))
		wrong["/monthly_budget_usd"] = "Enter an amount like 25 or 12.50";
	for (const model of modelsOf(d)) {
		const at = pricePointer(model);
		const { input, output } = priceOf(d, model);
		if (blank(input) && blank(output)) {
			if (!blank(d.budget))
				wrong[at] = "Enter a price: without one the budget can't be held. 0 for a model of your own";
			continue;
		}
		if (!amount(input)) wrong[`${at}/input_per_million`] = "Enter an amount like 0.15, or leave both empty";
		if (!amount(output)) wrong[`${at}/output_per_million`] = "Enter an amount like 0.60, or leave both empty";
	}
	return wrong;
}

/** What is sent. The whole is replaced, so what the form does not show goes along as it was. */
export function modelBody(d: ModelDraft, before: ModelSettings | undefined): ModelBody {
	const models = Object.entries(d.models)
		.map(([feature, model]) => [feature, model.trim()])
		.filter(([, model]) => model);
	const prices = Object.entries(d.prices)
		.filter(([model, p]) => model && amount(p.input) && amount(p.output))
		.map(([model, p]) => [
			model,
			{ input_per_million: Number(p.input), output_per_million: Number(p.output) },
		]);
	return {
		base_url: d.base_url.trim(),
		default_model: d.default_model.trim(),
		...(blank(d.key) ? {} : { key: d.key.trim() }),
		...(models.length > 0 ? { models: Object.fromEntries(models) } : {}),
		...(before?.structured ? { structured: before.structured } : {}),
		...(blank(d.timeout) ? {} : { timeout_seconds: Number(d.timeout) }),
		...(blank(d.concurrency) ? {} : { concurrency: Number(d.concurrency) }),
		...(blank(d.budget) ? {} : { monthly_budget_usd: Number(d.budget) }),
		...(prices.length > 0 ? { prices: Object.fromEntries(prices) } : {}),
	};
}

type SpeechKind = SpeechBody["kind"];

export const speechKinds: { value: SpeechKind; label: string; help: string; url: string; model: string }[] = [
	{
		value: "openai",
		label: "OpenAI's protocol",
		help: "OpenAI, or a server of your own: whisper.cpp, speaches, vLLM.",
		url: "https://api.openai.com/v1",
		model: "whisper-1",
	},
	{
		value: "deepgram",
		label: "Deepgram",
		help: "Its API for recordings.",
		url: "https://api.deepgram.com",
		model: "nova-3",
	},
];

export interface SpeechDraft {
	kind: SpeechKind;
	base_url: string;
	model: string;
	language: string;
	key: string;
}

export function speechDraft(s: Integration["stt"]): SpeechDraft {
	return {
		kind: s?.kind ?? "openai",
		base_url: s?.base_url ?? "",
		model: s?.model ?? "",
		language: s?.language ?? "",
		key: "",
	};
}

/** What is sent: no key leaves the one that is kept. */
export function speechBody(d: SpeechDraft): SpeechBody {
	return {
		kind: d.kind,
		base_url: d.base_url.trim(),
		model: d.model.trim(),
		...(blank(d.language) ? {} : { language: d.language.trim() }),
		...(blank(d.key) ? {} : { key: d.key.trim() }),
	};
}

export interface CRMDraft {
	base_url: string;
	path: string;
	client_id: string;
	secret: string;
}

export function crmDraft(s: Integration["crm"]): CRMDraft {
	return { base_url: s?.base_url ?? "", path: s?.path ?? "", client_id: s?.client_id ?? "", secret: "" };
}

/** What is sent: empty fields are left out, and with them a secret that stays. */
export function crmBody(d: CRMDraft): CRMBody {
	const filled = Object.entries(d)
		.map(([name, text]) => [name, text.trim()])
		.filter(([, text]) => text);
	return Object.fromEntries(filled);
}

/** What the server would take and then never reach: a CRM without its secret. */
export function checkCRM(kind: CRMKind, d: CRMDraft, held: boolean): Record<string, string> {
	if (held || !blank(d.secret)) return {};
	return { "/secret": kind === "hubspot" ? "Enter the token" : "Enter the client secret" };
}

/** "2026-11" → "November 2026". */
export function monthWords(month: string): string {
	const at = new Date(`${month}-01T00:00:00Z`);
	if (Number.isNaN(at.getTime())) return month;
	return at.toLocaleDateString("en-US", { month: "long", year: "numeric", timeZone: "UTC" });
}

/** What the models of a month cost together. */
export function monthCost(usage: readonly ModelUsage[], month: string): number {
	return usage.filter((u) => u.month === month).reduce((sum, u) => sum + u.cost_usd, 0);
}
