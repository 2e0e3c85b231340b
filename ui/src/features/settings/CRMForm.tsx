import { TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FormNote } from "../../components/Gate";
import { problemsOf } from "../../lib/forms";
import { Foot, SecretField } from "./IntegrationParts";
import { type CRMDraft, checkCRM, crmBody, crmDraft, integrationNames } from "./integrations";
import type { CRMKind, Integration } from "./queries";
import classes from "./settings.module.css";
import { useSaveCRM } from "./useIntegration";

const fields = ["/base_url", "/path", "/client_id", "/secret"];

interface CRMFormProps {
	kind: CRMKind;
	integration?: Integration;
	mayChange: boolean;
	onDone: () => void;
}

export function CRMForm({ kind, integration, mayChange, onDone }: CRMFormProps) {
	const [draft, setDraft] = useState(() => crmDraft(integration?.crm));
	const [tried, setTried] = useState(false);
	const save = useSaveCRM(kind, onDone);
	const set = (change: Partial<CRMDraft>) => setDraft({ ...draft, ...change });
	const local = checkCRM(kind, draft, integration?.secret_set ?? false);
	const answer = problemsOf(save.error, fields);
	const problems = { ...answer.fields, ...(tried ? local : {}) };
	const submit = (e: FormEvent) => {
		e.preventDefault();
		setTried(true);
		if (Object.keys(local).length === 0) save.mutate(crmBody(draft));
	};
	const secret = (label: string, help: string) => (
		<SecretField
			label={label}
			help={help}
			held={integration?.secret_set ?? false}
			before={integration?.crm?.base_url ?? ""}
			after={draft.base_url}
			value={draft.secret}
			error={problems["/secret"]}
			onChange={(secret) => set({ secret })}
		/>
	);
	return (
		<form className={classes.form} onSubmit={submit}>
			<fieldset className={classes.plain} disabled={!mayChange}>
				{kind === "salesforce" && <Salesforce {...{ draft, set, problems }} />}
				{kind === "hubspot"
					? secret("Token", "A service key or a private app's token. Sealed and never shown again.")
					: secret("Client secret", "Of the same app. Sealed and never shown again.")}
				<Elsewhere kind={kind} {...{ draft, set, problems }} />
			</fieldset>
			{answer.rest && <FormNote tone="bad">{answer.rest}</FormNote>}
			{mayChange && (
				<Foot
					kind={kind}
					connected={integration !== undefined}
					changed={JSON.stringify(draft) !== JSON.stringify(crmDraft(integration?.crm))}
					saving={save.isPending}
					loss={`Nothing more is written to ${integrationNames[kind]}${kind === "hubspot" ? ", save by agents with a key of their own" : ""}. What was written stays there.`}
					onCancel={onDone}
				/>
			)}
		</form>
	);
}

interface PartProps {
	draft: CRMDraft;
	set: (change: Partial<CRMDraft>) => void;
	problems: Record<string, string>;
}

function Salesforce({ draft, set, problems }: PartProps) {
	return (
		<div className={classes.pair}>
			<TextInput
				label="My Domain URL"
				placeholder="https://acme.my.salesforce.com"
				required
				spellCheck={false}
				maxLength={2000}
				value={draft.base_url}
				error={problems["/base_url"]}
				onChange={(e) => set({ base_url: e.currentTarget.value })}
			/>
			<TextInput
				label="Client id"
				description="The consumer key of your External Client App."
				required
				spellCheck={false}
				maxLength={500}
				value={draft.client_id}
				error={problems["/client_id"]}
				onChange={(e) => set({ client_id: e.currentTarget.value })}
			/>
		</div>
	);
}

/** For an address or a version that is not the usual one. */
function Elsewhere({ kind, draft, set, problems }: PartProps & { kind: CRMKind }) {
	const used = draft.path !== "" || (kind === "hubspot" && draft.base_url !== "");
	const wrong = problems["/path"] || (kind === "hubspot" && problems["/base_url"]);
	return (
		<details className={classes.disclosure} open={used || Boolean(wrong) || undefined}>
			<summary>{kind === "hubspot" ? "Another address or version" : "Another version"}</summary>
			<div className={classes.pair}>
				{kind === "hubspot" && (
					<TextInput
						label="Base URL"
						placeholder="The usual one"
						spellCheck={false}
						maxLength={2000}
						value={draft.base_url}
						error={problems["/base_url"]}
						onChange={(e) => set({ base_url: e.currentTarget.value })}
					/>
				)}
				<TextInput
					label="Path"
					description="Where its API stands below the address, to choose a version."
					placeholder="The usual one"
					spellCheck={false}
					maxLength={200}
					value={draft.path}
					error={problems["/path"]}
					onChange={(e) => set({ path: e.currentTarget.value })}
				/>
			</div>
		</details>
	);
}
