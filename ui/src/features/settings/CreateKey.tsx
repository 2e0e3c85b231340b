import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { useSession } from "../../api/session";
import { CodeBlock } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { problemsOf } from "../../lib/forms";
import { Choices } from "./Choices";
import { expiry, lifetimes, scopes, tryCommand } from "./keys";
import type { NewKey, Scope } from "./queries";
import classes from "./settings.module.css";

interface KeyDraft {
	name: string;
	scope: Scope;
	days: string;
}

export function CreateKey({ onClose }: { onClose: () => void }) {
	const client = useQueryClient();
	const create = useMutation({
		mutationFn: ({ name, scope, days }: KeyDraft) => {
			const ends = expiry(days, new Date());
			return data(
				api.POST("/v1/keys", { body: { name: name.trim(), scope, ...(ends ? { expires_at: ends } : {}) } }),
			);
		},
		onSuccess: () => client.invalidateQueries({ queryKey: ["keys"] }),
	});
	const made = create.data;
	return (
		<Modal
			opened
			onClose={onClose}
			title={made ? "Copy the key now" : "Create a key"}
			size={600}
			closeOnClickOutside={!made}
			closeOnEscape={!made}
		>
			{made ? (
				<Made made={made} onClose={onClose} />
			) : (
				<KeyForm onSubmit={create.mutate} busy={create.isPending} error={create.error} onClose={onClose} />
			)}
		</Modal>
	);
}

interface FormProps {
	onSubmit: (draft: KeyDraft) => void;
	busy: boolean;
	error: unknown;
	onClose: () => void;
}

function KeyForm({ onSubmit, busy, error, onClose }: FormProps) {
	const [draft, setDraft] = useState<KeyDraft>({ name: "", scope: "ingest", days: "" });
	const set = (change: Partial<KeyDraft>) => setDraft({ ...draft, ...change });
	const problems = problemsOf(error, ["/name", "/scope", "/expires_at"]);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		onSubmit(draft);
	};
	return (
		<form className={classes.form} onSubmit={submit}>
			<TextInput
				label="Name"
				description="What it is for: the program that will hold it."
				required
				data-autofocus
				maxLength={200}
				value={draft.name}
				error={problems.fields["/name"]}
				onChange={(e) => set({ name: e.currentTarget.value })}
			/>
			<Choices label="May" options={scopes} value={draft.scope} onChange={(scope) => set({ scope })} />
			{problems.fields["/scope"] && <FormNote tone="bad">{problems.fields["/scope"]}</FormNote>}
			<fieldset className={classes.choices}>
				<legend>Ends</legend>
				<SegmentedControl
					aria-label="Ends"
					data={[...lifetimes]}
					value={draft.days}
					onChange={(days) => set({ days })}
				/>
			</fieldset>
			{problems.fields["/expires_at"] && <FormNote tone="bad">{problems.fields["/expires_at"]}</FormNote>}
			{problems.rest && <FormNote tone="bad">{problems.rest}</FormNote>}
			<div className={classes.end}>
				<Button variant="subtle" color="gray" onClick={onClose}>
					Cancel
				</Button>
				<Button type="submit" variant="filled" loading={busy}>
					Create the key
				</Button>
			</div>
		</form>
	);
}

function Made({ made, onClose }: { made: NewKey; onClose: () => void }) {
	const { public_url: publicURL } = useSession();
	const [now] = useState(() => new Date());
	return (
		<div className={classes.form}>
			<FormNote tone="watch">
				This is the only time it is shown: Ringside keeps a fingerprint, not the key.
			</FormNote>
			<CodeBlock code={made.key} label="API key" />
			<CodeBlock
				code={tryCommand(made.scope, publicURL, made.key, now)}
				label="Command for a terminal"
				note={made.scope === "ingest" ? "Sends a first call." : "Lists the newest calls."}
			/>
			<div className={classes.end}>
				<Button variant="filled" onClick={onClose}>
					I have copied it
				</Button>
			</div>
		</div>
	);
}
