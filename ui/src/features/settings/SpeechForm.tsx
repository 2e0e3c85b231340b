import { TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FormNote } from "../../components/Gate";
import { problemsOf } from "../../lib/forms";
import { Choices } from "./Choices";
import { Foot, SecretField } from "./IntegrationParts";
import { type SpeechDraft, speechBody, speechDraft, speechKinds } from "./integrations";
import type { Integration } from "./queries";
import classes from "./settings.module.css";
import { useSaveSpeech } from "./useIntegration";

interface SpeechFormProps {
	integration?: Integration;
	mayChange: boolean;
	onDone: () => void;
}

/** Speech to text: who writes down what calls without a transcript say. */
export function SpeechForm({ integration, mayChange, onDone }: SpeechFormProps) {
	const before = integration?.stt;
	const [draft, setDraft] = useState(() => speechDraft(before));
	const save = useSaveSpeech(onDone);
	const set = (change: Partial<SpeechDraft>) => setDraft({ ...draft, ...change });
	const { fields, rest } = problemsOf(save.error, ["/kind", "/base_url", "/model", "/language", "/key"]);
	const usual = speechKinds.find((k) => k.value === draft.kind);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		save.mutate(speechBody(draft));
	};
	return (
		<form className={classes.form} onSubmit={submit}>
			<fieldset className={classes.plain} disabled={!mayChange}>
				<Choices label="Kind" options={speechKinds} value={draft.kind} onChange={(kind) => set({ kind })} />
				<div className={classes.pair}>
					<TextInput
						label="Base URL"
						placeholder={usual?.url}
						required
						spellCheck={false}
						value={draft.base_url}
						error={fields["/base_url"]}
						onChange={(e) => set({ base_url: e.currentTarget.value })}
					/>
					<TextInput
						label="Model"
						placeholder={usual?.model}
						required
						spellCheck={false}
						maxLength={200}
						value={draft.model}
						error={fields["/model"]}
						onChange={(e) => set({ model: e.currentTarget.value })}
					/>
					<TextInput
						label="Language"
						description="A tag like en or pt-BR."
						placeholder="The server's default"
						spellCheck={false}
						maxLength={35}
						value={draft.language}
						error={fields["/language"]}
						onChange={(e) => set({ language: e.currentTarget.value })}
					/>
				</div>
				<SecretField
					label="Key"
					help="Sealed and never shown again. A server of your own may need none."
					held={integration?.secret_set ?? false}
					before={before?.base_url ?? ""}
					after={draft.base_url}
					value={draft.key}
					error={fields["/key"]}
					onChange={(key) => set({ key })}
				/>
			</fieldset>
			{rest && <FormNote tone="bad">{rest}</FormNote>}
			{mayChange && (
				<Foot
					kind="stt"
					connected={integration !== undefined}
					changed={JSON.stringify(draft) !== JSON.stringify(speechDraft(before))}
					saving={save.isPending}
					loss="Its key and settings go. Calls without a transcript stay without one from then on; those that were transcribed keep theirs."
					onCancel={onDone}
				/>
			)}
		</form>
	);
}
