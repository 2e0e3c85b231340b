import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { Badge, Raw } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, Table } from "../../components/Table";
import { useNow, When } from "../../components/Values";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { CreateKey } from "./CreateKey";
import { keyState, scopes } from "./keys";
import { OnlyAdmins } from "./OnlyAdmins";
import { type Key, keysQuery } from "./queries";
import { ShowMore, useShown } from "./ShowMore";
import classes from "./settings.module.css";

export function KeysSection() {
	return useMay().manage ? <Keys /> : <OnlyAdmins what="API keys" />;
}

function Keys() {
	const keys = useQuery(keysQuery);
	const [creating, setCreating] = useState(false);
	const create = (
		<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setCreating(true)}>
			Create a key
		</Button>
	);
	const { shown, more } = useShown(keys.data);
	return (
		<>
			{(keys.data?.length ?? 0) > 0 && <div className={classes.end}>{create}</div>}
			<Section flush>
				{keys.isPending && <SkeletonRows rows={4} />}
				{keys.isError && (
					<ErrorState doing="load the keys" error={keys.error} retry={() => void keys.refetch()} />
				)}
				{keys.data?.length === 0 && (
					<EmptyState icon="key" title="No keys yet" action={create}>
						A program proves with a key that it may send calls or read them. Make one for each program: then
						one can be revoked without the others noticing.
					</EmptyState>
				)}
				{shown.length > 0 && (
					<Table
						label="API keys"
						columns={[
							{ label: "Name" },
							{ label: "May" },
							{ label: "Begins with", wide: true },
							{ label: "Last used" },
							{ label: "Ends" },
							{ label: "Created", wide: true },
							{ label: "" },
						]}
					>
						{shown.map((k) => (
							<KeyRow key={k.id} apiKey={k} />
						))}
					</Table>
				)}
				<ShowMore more={more} />
			</Section>
			{creating && <CreateKey onClose={() => setCreating(false)} />}
		</>
	);
}

function KeyRow({ apiKey }: { apiKey: Key }) {
	const scope = scopes.find((s) => s.value === apiKey.scope);
	return (
		<tr>
			<Cell>{apiKey.name}</Cell>
			<Cell>
				<Raw value={apiKey.scope}>{scope?.label ?? capital(apiKey.scope)}</Raw>
			</Cell>
			<Cell wide>
				<code>{apiKey.preview}…</code>
			</Cell>
			<Cell>
				{apiKey.last_used_at ? <When at={apiKey.last_used_at} /> : <span className="rs-dim">Not yet</span>}
			</Cell>
			<Cell>
				<Ends at={apiKey.expires_at} />
			</Cell>
			<Cell wide>
				<When at={apiKey.created_at} />
			</Cell>
			<Cell>
				<div className={classes.actions}>
					<Revoke apiKey={apiKey} />
				</div>
			</Cell>
		</tr>
	);
}

function Ends({ at }: { at: string | null }) {
	const state = keyState(at, useNow());
	if (!at) return <span className="rs-dim">Never</span>;
	if (state === "good") return <When at={at} form="exact" />;
	return (
		<Badge tone={state === "ended" ? "bad" : "watch"} icon={state === "ended" ? "stop" : "clock"} bare>
			{state === "ended" ? "Ended " : ""}
			<When at={at} />
		</Badge>
	);
}

function Revoke({ apiKey }: { apiKey: Key }) {
	const client = useQueryClient();
	const revoke = useMutation({
		mutationFn: () => api.DELETE("/v1/keys/{id}", { params: { path: { id: apiKey.id } } }),
		onSuccess: async () => {
			toast({ title: `${apiKey.name} is revoked` });
			await client.invalidateQueries({ queryKey: ["keys"] });
		},
		onError: (e) => toast({ title: "Could not revoke the key", detail: capital(sentence(e)), tone: "bad" }),
	});
	return (
		<ConfirmButton
			label={
				<>
					Revoke<span className="rs-sr"> {apiKey.name}</span>
				</>
			}
			confirm="Revoke the key"
			question={`Programs that use ${apiKey.name} are refused from now on. A revoked key can't come back.`}
			onConfirm={() => revoke.mutate()}
			busy={revoke.isPending}
		/>
	);
}
