import { TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FormNote } from "../../components/Gate";
import { problemsOf } from "../../lib/forms";
import { Foot, SecretField } from "./IntegrationParts";
import {
	checkModel,
	features,
	type ModelDraft,
	modelBody,
	modelDraft,
	modelsOf,
	type PriceDraft,
	priceOf,
	pricePointer,
} from "./integrations";
import type { Integration } from "./queries";
import classes from "./settings.module.css";
import { useSaveModel } from "./useIntegration";

const fields = [
	"/base_url",
	"/default_model",
	"/key",
	"/timeout_seconds",
	"/concurrency",
	"/monthly_budget_usd",
	...features.map((f) => `/models/${f.value}`),
];

const pricePointers = (model: string) => {
	const at = pricePointer(model);
	return [at, `${at}/input_per_million`, `${at}/output_per_million`];
};

interface ModelFormProps {
	integration?: Integration;
	mayChange: boolean;
	onDone: () => void;
}

export function ModelForm({ integration, mayChange, onDone }: ModelFormProps) {
	const before = integration?.llm;
	const [draft, setDraft] = useState(() => modelDraft(before));
	const [tried, setTried] = useState(false);
	const save = useSaveModel(onDone);
	const set = (change: Partial<ModelDraft>) => setDraft({ ...draft, ...change });
	const local = checkModel(draft);
	const answer = problemsOf(save.error, [...fields, ...modelsOf(draft).flatMap(pricePointers)]);
	const problems = { ...answer.fields, ...(tried ? local : {}) };
	const submit = (e: FormEvent) => {
		e.preventDefault();
		setTried(true);
		if (Object.keys(local).length === 0) save.mutate(modelBody(draft, before));
	};
	const part = { draft, set, problems };
	return (
		<form className={classes.form} onSubmit={submit}>
			<fieldset className={classes.plain} disabled={!mayChange}>
				<div className={classes.pair}>
					<TextInput
						label="Base URL"
						description="Of any server that speaks OpenAI's chat protocol; one of your own too."
						placeholder="https://api.openai.com/v1"
						required
						spellCheck={false}
						value={draft.base_url}
						error={problems["/base_url"]}
						onChange={(e) => set({ base_url: e.currentTarget.value })}
					/>
					<TextInput
						label="Default model"
						description="Its name at that server."
						required
						spellCheck={false}
						maxLength={200}
						value={draft.default_model}
						error={problems["/default_model"]}
						onChange={(e) => set({ default_model: e.currentTarget.value })}
					/>
				</div>
				<SecretField
					label="Key"
					help="Sealed and never shown again. A server of your own may need none."
					held={integration?.secret_set ?? false}
					before={before?.base_url ?? ""}
					after={draft.base_url}
					value={draft.key}
					error={problems["/key"]}
					onChange={(key) => set({ key })}
				/>
				<Models {...part} />
				<Limits {...part} />
				<Prices {...part} />
			</fieldset>
			{answer.rest && <FormNote tone="bad">{answer.rest}</FormNote>}
			{mayChange && (
				<Foot
					kind="llm"
					connected={integration !== undefined}
					changed={JSON.stringify(draft) !== JSON.stringify(modelDraft(before))}
					saving={save.isPending}
					loss="Its key and settings go. Calls are analysed by Ringside's own rules from then on; what the model found stays."
					onCancel={onDone}
				/>
			)}
		</form>
	);
}

interface PartProps {
	draft: ModelDraft;
	set: (change: Partial<ModelDraft>) => void;
	problems: Record<string, string>;
}

function Models({ draft, set, problems }: PartProps) {
	const wrong = features.some((f) => problems[`/models/${f.value}`]);
	return (
		<details className={classes.disclosure} open={wrong || Object.keys(draft.models).length > 0 || undefined}>
			<summary>Another model for some tasks</summary>
			<div className={classes.pair}>
				{features.map(({ value, label }) => (
					<TextInput
						key={value}
						label={label}
						placeholder={draft.default_model || "The default model"}
						spellCheck={false}
						maxLength={200}
						value={draft.models[value] ?? ""}
						error={problems[`/models/${value}`]}
						onChange={(e) => set({ models: { ...draft.models, [value]: e.currentTarget.value } })}
					/>
				))}
			</div>
		</details>
	);
}

function Limits({ draft, set, problems }: PartProps) {
	return (
		<div className={classes.pair}>
			<TextInput
				label="Timeout, seconds"
				description="Of one request."
				placeholder="120"
				inputMode="numeric"
				value={draft.timeout}
				error={problems["/timeout_seconds"]}
				onChange={(e) => set({ timeout: e.currentTarget.value })}
			/>
			<TextInput
				label="Requests at a time"
				description="More is faster and strains the server."
				placeholder="2"
				inputMode="numeric"
				value={draft.concurrency}
				error={problems["/concurrency"]}
				onChange={(e) => set({ concurrency: e.currentTarget.value })}
			/>
			<TextInput
				label="Monthly budget, US$"
				description="No call is judged any more once it is spent, until the next month (UTC)."
				placeholder="No limit"
				inputMode="decimal"
				value={draft.budget}
				error={problems["/monthly_budget_usd"]}
				onChange={(e) => set({ budget: e.currentTarget.value })}
			/>
		</div>
	);
}

function Prices(part: PartProps) {
	const models = modelsOf(part.draft);
	return (models.length > 0 ? models : [""]).map((model) => <Price key={model} model={model} {...part} />);
}

function Price({ draft, set, problems, model }: PartProps & { model: string }) {
	const price = priceOf(draft, model);
	const at = pricePointer(model);
	const change = (to: Partial<PriceDraft>) =>
		set({ prices: { ...draft.prices, [model]: { ...price, ...to } } });
	return (
		<div className={classes.pair}>
			<TextInput
				label="Price of the prompt, US$"
				description={`For a million tokens of ${model || "the default model"}.`}
				placeholder="Not known"
				inputMode="decimal"
				disabled={!model}
				value={price.input}
				error={problems[`${at}/input_per_million`] ?? problems[at]}
				onChange={(e) => change({ input: e.currentTarget.value })}
			/>
			<TextInput
				label="Price of the answer, US$"
				description={`For a million tokens of ${model || "the default model"}.`}
				placeholder="Not known"
				inputMode="decimal"
				disabled={!model}
				value={price.output}
				error={problems[`${at}/output_per_million`]}
				onChange={(e) => change({ output: e.currentTarget.value })}
			/>
		</div>
	);
}
