import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { api } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { ConfirmButton } from "../../components/Confirm";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { type Credential, credentialsQuery } from "./queries";
import { ShowMore, useShown } from "./ShowMore";
import classes from "./settings.module.css";

const CredentialDialog = lazy(() => import("./CredentialDialog"));

/** The headers by which recordings are fetched from hosts that ask for one. */
export function CredentialsCard() {
	const credentials = useQuery(credentialsQuery);
	const may = useMay();
	/** What the dialog is about: a credential, or "" for a new one. */
	const [open, setOpen] = useState<Credential | "" | null>(null);
	const { shown, more } = useShown(credentials.data);
	const add = (filled: boolean) =>
		may.change && (
			<Button
				variant={filled ? "filled" : undefined}
				leftSection={<Icon name="plus" />}
				onClick={() => setOpen("")}
			>
				Add a credential
			</Button>
		);
	return (
		<Section title="Recording credentials" actions={shown.length > 0 && add(false)} flush>
			{credentials.isPending && <SkeletonRows rows={2} />}
			{credentials.isError && !credentials.data && (
				<ErrorState
					doing="load the recording credentials"
					error={credentials.error}
					retry={() => void credentials.refetch()}
				/>
			)}
			{credentials.data?.length === 0 && (
				<EmptyState icon="key" title="No host needs one yet" action={add(true)}>
					A platform's link to a recording works by itself, or with the key of its source. A credential is for
					recordings that a platform puts into a storage of yours which asks for a header: the step Recording
					on a call says then that the server answered 401 or 403.
				</EmptyState>
			)}
			{shown.length > 0 && (
				<Table
					label="Hosts and their headers"
					columns={[{ label: "Host and header" }, { label: "Saved", wide: true }, { label: "" }]}
				>
					{shown.map((c) => (
						<CredentialRow key={c.host} credential={c} mayChange={may.change} onReplace={() => setOpen(c)} />
					))}
				</Table>
			)}
			<ShowMore more={more} />
			{open !== null && (
				<Suspense>
					<CredentialDialog
						credential={open || undefined}
						taken={(credentials.data ?? []).map((c) => c.host)}
						onClose={() => setOpen(null)}
					/>
				</Suspense>
			)}
		</Section>
	);
}

interface RowProps {
	credential: Credential;
	mayChange: boolean;
	onReplace: () => void;
}

function CredentialRow({ credential: c, mayChange, onReplace }: RowProps) {
	const client = useQueryClient();
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/recording-credentials/{host}", { params: { path: { host: c.host } } }),
		onSuccess: async () => {
			toast({ title: `The credential of ${c.host} is deleted` });
			await client.invalidateQueries({ queryKey: ["recording-credentials"] });
		},
		onError: (error) =>
			toast({ title: "Could not delete the credential", detail: capital(sentence(error)), tone: "bad" }),
	});
	const whose = <span className="rs-sr"> the credential of {c.host}</span>;
	return (
		<tr>
			<Cell>
				<span className={classes.two}>
					<span>{c.host}</span>
					<span className="rs-dim">{c.header}: set, never shown</span>
				</span>
			</Cell>
			<Cell wide>
				<When at={c.created_at} />
			</Cell>
			<Cell>
				{mayChange && (
					<div className={classes.actions}>
						<Button onClick={onReplace}>Replace{whose}</Button>
						<ConfirmButton
							label={<>Delete{whose}</>}
							confirm="Delete the credential"
							question={`Recordings at ${c.host} are asked for without the header from then on. Those that are kept stay.`}
							onConfirm={() => remove.mutate()}
							busy={remove.isPending}
						/>
					</div>
				)}
			</Cell>
		</tr>
	);
}
