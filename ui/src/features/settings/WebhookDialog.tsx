import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { ConfirmButton } from "../../components/Confirm";
import { CodeBlock } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { agentsQuery } from "../agents/queries";
import type { Endpoint, SavedEndpoint } from "./queries";
import classes from "./settings.module.css";
import { draftOf, type EndpointDraft, endpointBody, eventNames, eventWords, hostOf } from "./webhooks";

interface WebhookDialogProps {
	/** The endpoint to edit; a new one without. */
	endpoint?: Endpoint;
	onClose: () => void;
}

/** Makes an endpoint, or edits one; a secret that was drawn is shown once. */
export function WebhookDialog({ endpoint, onClose }: WebhookDialogProps) {
	const [secret, setSecret] = useState("");
	const title = secret ? "Copy the secret now" : endpoint ? `Edit ${hostOf(endpoint.url)}` : "Add a webhook";
	return (
		<Modal
			opened
			onClose={onClose}
			title={title}
			size={600}
			closeOnClickOutside={!secret}
			closeOnEscape={!secret}
		>
			{secret ? (
				<Drawn secret={secret} onClose={onClose} />
			) : (
				<EndpointForm endpoint={endpoint} onSecret={setSecret} onClose={onClose} />
			)}
		</Modal>
	);
}

function Drawn({ secret, onClose }: { secret: string; onClose: () => void }) {
	return (
		<div className={classes.form}>
			<FormNote tone="watch">This is the only time it is shown. It is sealed from now on.</FormNote>
			<CodeBlock
				code={secret}
				label="Signing secret"
				note="Each delivery is signed with it: X-Webhook-Signature is sha256= and the HMAC-SHA256 of the body. Libraries for Standard Webhooks check webhook-signature with it."
			/>
			<div className={classes.end}>
				<Button variant="filled" onClick={onClose}>
					I have copied it
				</Button>
			</div>
		</div>
	);
}

function useSaveEndpoint(endpoint: Endpoint | undefined, onSecret: (s: string) => void, onClose: () => void) {
	const client = useQueryClient();
	const onSuccess = async ({ secret }: SavedEndpoint) => {
		if (secret) onSecret(secret);
		else {
			toast({ title: "Saved", tone: "good" });
			onClose();
		}
		await client.invalidateQueries({ queryKey: ["webhooks"] });
	};
	const path = { params: { path: { id: endpoint?.id ?? "" } } };
	const save = useMutation({
		mutationFn: (draft: EndpointDraft) => {
			const body = endpointBody(draft);
			return endpoint
				? data(api.PATCH("/v1/webhook-endpoints/{id}", { ...path, body }))
				: data(api.POST("/v1/webhook-endpoints", { body }));
		},
		onSuccess,
	});
	const draw = useMutation({
		mutationFn: () => data(api.PATCH("/v1/webhook-endpoints/{id}", { ...path, body: { new_secret: true } })),
		onSuccess,
	});
	return { save, draw };
}

interface FormProps extends WebhookDialogProps {
	onSecret: (secret: string) => void;
}

function EndpointForm({ endpoint, onSecret, onClose }: FormProps) {
	const [draft, setDraft] = useState(() => draftOf(endpoint));
	const set = (change: Partial<EndpointDraft>) => setDraft({ ...draft, ...change });
	const { save, draw } = useSaveEndpoint(endpoint, onSecret, onClose);
	const problems = problemsOf(save.error ?? draw.error, ["/url", "/description", "/agent_id", "/events"]);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		save.mutate(draft);
	};
	const moved = endpoint?.secret_set && hostOf(draft.url) !== hostOf(endpoint.url);
	return (
		<form className={classes.form} onSubmit={submit}>
			<TextInput
				label="Address"
				description="Where events are posted to, by https."
				placeholder="https://example.com/ringside"
				required
				data-autofocus
				spellCheck={false}
				maxLength={2048}
				value={draft.url}
				error={problems.fields["/url"]}
				onChange={(e) => set({ url: e.currentTarget.value })}
			/>
			{moved && (
				<FormNote tone="watch">
					The secret was given for {hostOf(endpoint.url)} and is removed with this change. Make a new one
					afterwards, or deliveries are not signed.
				</FormNote>
			)}
			<TextInput
				label="Description"
				description="For you: whose server it is."
				maxLength={200}
				value={draft.description}
				error={problems.fields["/description"]}
				onChange={(e) => set({ description: e.currentTarget.value })}
			/>
			<AgentSelect
				value={draft.agent}
				error={problems.fields["/agent_id"]}
				onChange={(agent) => set({ agent })}
			/>
			<Checkbox.Group
				label="Events"
				description="None ticked: each call's start, end and analysis."
				value={draft.events}
				error={problems.fields["/events"]}
				onChange={(events) => set({ events })}
			>
				<div className={classes.checks}>
					{eventNames.map((name) => (
						<Checkbox key={name} value={name} label={eventWords(name)} title={name} />
					))}
				</div>
			</Checkbox.Group>
			{problems.rest && <FormNote tone="bad">{problems.rest}</FormNote>}
			<div className={`${classes.row} ${classes.between}`}>
				{endpoint ? (
					<ConfirmButton
						label="New secret"
						confirm="Make a new secret"
						question="The old secret stops at once: your server refuses deliveries until it knows the new one. Other changes in this form are not saved."
						onConfirm={() => draw.mutate()}
						busy={draw.isPending}
					/>
				) : (
					<span className="rs-dim">A signing secret is made and shown once.</span>
				)}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" variant="filled" loading={save.isPending}>
						{endpoint ? "Save" : "Add the webhook"}
					</Button>
				</div>
			</div>
		</form>
	);
}

interface AgentSelectProps {
	value: string;
	error?: string;
	onChange: (id: string) => void;
}

function AgentSelect({ value, error, onChange }: AgentSelectProps) {
	const agents = useQuery(agentsQuery);
	const known = (agents.data ?? []).map((a) => ({ value: a.id, label: a.name || a.id }));
	const gone = value && !known.some((a) => a.value === value) ? [{ value, label: value }] : [];
	return (
		<Select
			label="Agent"
			description="Whose calls it hears of."
			searchable
			allowDeselect={false}
			data={[{ value: "", label: "All agents" }, ...gone, ...known]}
			value={value}
			error={error ?? (agents.isError ? "The agents could not be loaded" : undefined)}
			onChange={(v) => onChange(v ?? "")}
		/>
	);
}
