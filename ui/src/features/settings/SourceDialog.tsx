import { Button, PasswordInput, Select, Switch, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { CodeBlock } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { ErrorState, SkeletonText } from "../../components/States";
import { capital, problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { ApiKeyField } from "./ApiKeyField";
import { takesApiKey } from "./apiKey";
import { type Provider, providersQuery, type Signing, type Source } from "./queries";
import { SigningFields } from "./SigningFields";
import { Steps } from "./Steps";
import classes from "./settings.module.css";
import { canConfigureSigning, checkSource, type SourceDraft, sameSigning, tidySigning } from "./signing";

interface SourceDialogProps {
	/** The source to edit; a new one without. */
	source?: Source;
	onClose: () => void;
}

/** Makes a source and then shows what to paste where, or edits one. */
export function SourceDialog({ source, onClose }: SourceDialogProps) {
	const providers = useQuery(providersQuery);
	const [made, setMade] = useState<Source | null>(null);
	const provider = providers.data?.find((p) => p.id === made?.provider);
	const title = made
		? `Now connect ${provider?.name ?? "the platform"}`
		: source
			? `Edit ${source.name}`
			: "Connect a platform";
	return (
		<Modal opened onClose={onClose} title={title} size={600} closeOnClickOutside={false}>
			{providers.isPending && <SkeletonText lines={6} />}
			{providers.isError && (
				<ErrorState
					doing="load the platforms"
					error={providers.error}
					retry={() => void providers.refetch()}
				/>
			)}
			{made && <Made source={made} provider={provider} onClose={onClose} />}
			{!made && providers.data && (
				<SourceForm source={source} providers={providers.data} onMade={setMade} onClose={onClose} />
			)}
		</Modal>
	);
}

function Made({ source, provider, onClose }: { source: Source; provider?: Provider; onClose: () => void }) {
	return (
		<div className={classes.form}>
			<CodeBlock code={source.url} label="Webhook address" />
			<Steps steps={provider?.steps ?? []} />
			<p className="rs-dim">The address and these steps stay under Settings, Sources.</p>
			<div className={classes.end}>
				<Button variant="filled" onClick={onClose}>
					Done
				</Button>
			</div>
		</div>
	);
}

interface State extends SourceDraft {
	provider: string;
	name: string;
	forward: string;
	signing: Signing;
	apiKey: string;
	/** Takes the key away that the server holds. */
	dropKey: boolean;
}

/** The key that was typed, "" to remove the one that is held, or nothing to leave it. */
function keyOf({ apiKey, dropKey }: State): { api_key?: string } {
	if (dropKey) return { api_key: "" };
	return apiKey.trim() ? { api_key: apiKey.trim() } : {};
}

function bodyOf(state: State, source: Source | undefined) {
	return {
		...(state.name.trim() ? { name: state.name.trim() } : {}),
		...(state.secret.trim() ? { secret: state.secret.trim() } : {}),
		...keyOf(state),
		allow_unsigned: state.unsigned,
		...(state.forward.trim() === (source?.forward_url ?? "") ? {} : { forward_url: state.forward.trim() }),
		...(sameSigning(state.signing, source?.verify ?? {}) ? {} : { hmac: tidySigning(state.signing) }),
	};
}

function useSaveSource(source: Source | undefined, onMade: (s: Source) => void, onClose: () => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (state: State) => {
			const body = bodyOf(state, source);
			return source
				? data(api.PATCH("/v1/sources/{id}", { params: { path: { id: source.id } }, body }))
				: data(api.POST("/v1/sources", { body: { ...body, provider: state.provider } }));
		},
		onSuccess: async (saved) => {
			if (source) {
				toast({ title: "Saved", tone: "good" });
				onClose();
			} else onMade(saved);
			await client.invalidateQueries({ queryKey: ["sources"] });
		},
	});
}

const fields = [
	"/provider",
	"/name",
	"/secret",
	"/api_key",
	"/allow_unsigned",
	"/forward_url",
	"/hmac/algorithm",
	"/hmac/encoding",
	"/hmac/signature_header",
	"/hmac/timestamp_header",
	"/hmac/format",
	"/hmac/prefix",
];

interface FormProps {
	source?: Source;
	providers: Provider[];
	onMade: (s: Source) => void;
	onClose: () => void;
}

function SourceForm({ source, providers, onMade, onClose }: FormProps) {
	const [state, setState] = useState<State>({
		provider: source?.provider ?? "",
		name: source?.name ?? "",
		forward: source?.forward_url ?? "",
		secret: "",
		unsigned: source?.allow_unsigned ?? false,
		signing: source?.verify ?? {},
		apiKey: "",
		dropKey: false,
	});
	const set = (change: Partial<State>) => setState({ ...state, ...change });
	const save = useSaveSource(source, onMade, onClose);
	const [tried, setTried] = useState(false);
	const provider = providers.find((p) => p.id === state.provider);
	const local = checkSource(state, provider, source?.secret_set ?? false);
	const answer = problemsOf(save.error, fields);
	const problems = { rest: answer.rest, fields: { ...answer.fields, ...(tried ? local : {}) } };
	const submit = (e: FormEvent) => {
		e.preventDefault();
		setTried(true);
		if (Object.keys(local).length === 0) save.mutate(state);
	};
	return (
		<form className={classes.form} onSubmit={submit}>
			{!source && (
				<Select
					label="Platform"
					placeholder="Choose one"
					data-autofocus
					searchable
					data={providers.map((p) => ({ value: p.id, label: p.name }))}
					value={state.provider || null}
					error={problems.fields["/provider"]}
					onChange={(v) =>
						set({
							provider: v ?? "",
							// What was meant for another platform is none of this one's.
							secret: "",
							signing: {},
							apiKey: "",
							unsigned: providers.find((p) => p.id === v)?.signs === false,
						})
					}
				/>
			)}
			<TextInput
				label="Name"
				placeholder={provider?.name}
				description="For you, to tell two accounts of one platform apart."
				maxLength={200}
				value={state.name}
				error={problems.fields["/name"]}
				onChange={(e) => set({ name: e.currentTarget.value })}
			/>
			{provider && (
				<Verification
					provider={provider}
					source={source}
					state={state}
					set={set}
					problems={problems.fields}
				/>
			)}
			{provider && takesApiKey(provider) && (
				<ApiKeyField
					provider={provider}
					held={source?.api_key_set ?? false}
					value={state.apiKey}
					removed={state.dropKey}
					error={problems.fields["/api_key"]}
					onChange={set}
				/>
			)}
			<TextInput
				label="Forward to"
				description="Your own endpoint, where your agent has tools or asks who answers: it gets each delivery as it came, and its answer goes back to the platform. Leave it empty when nothing waits for an answer."
				placeholder="https://example.com/voice-webhook"
				spellCheck={false}
				maxLength={2048}
				value={state.forward}
				error={problems.fields["/forward_url"]}
				onChange={(e) => set({ forward: e.currentTarget.value })}
			/>
			{problems.rest && <FormNote tone="bad">{problems.rest}</FormNote>}
			<div className={classes.end}>
				<Button variant="subtle" color="gray" onClick={onClose}>
					Cancel
				</Button>
				<Button type="submit" variant="filled" loading={save.isPending} disabled={!provider}>
					{source ? "Save" : "Get the address"}
				</Button>
			</div>
		</form>
	);
}

interface VerificationProps {
	provider: Provider;
	source?: Source;
	state: State;
	set: (change: Partial<State>) => void;
	problems: Record<string, string>;
}

function Verification({ provider, source, state, set, problems }: VerificationProps) {
	const held = source?.secret_set ?? false;
	const bare = state.unsigned && !held && state.secret.trim() === "";
	return (
		<>
			{provider.signs && (
				<PasswordInput
					label={capital(provider.secret_label || "Secret")}
					description={
						held
							? "Set. It is never shown; type a new one to replace it."
							: `Tells that a delivery comes from ${provider.name}. It is sealed and never shown again.`
					}
					placeholder={held ? "Kept as it is" : undefined}
					autoComplete="new-password"
					maxLength={4096}
					value={state.secret}
					error={problems["/secret"]}
					onChange={(e) => set({ secret: e.currentTarget.value })}
				/>
			)}
			{!provider.signs && (
				<FormNote tone="watch">
					{provider.name} signs nothing, so nothing can tell its deliveries from others'. The address is all
					that protects this source.
				</FormNote>
			)}
			<Switch
				label="Take deliveries without a signature"
				description="Only as long as no secret is set."
				checked={state.unsigned}
				error={problems["/allow_unsigned"]}
				onChange={(e) => set({ unsigned: e.currentTarget.checked })}
			/>
			{bare && provider.signs && (
				<FormNote tone="watch">
					Whoever learns the address can send made-up calls. Add the secret as soon as you have it; the source
					is marked until then.
				</FormNote>
			)}
			{canConfigureSigning(provider.id) && (
				<SigningFields value={state.signing} onChange={(signing) => set({ signing })} problems={problems} />
			)}
		</>
	);
}
