import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, type Body, data } from "../../api/client";
import { sentence } from "../../api/error";
import { CodeBlock } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import { ErrorState, SkeletonText } from "../../components/States";
import { providerName } from "../../lib/words";
import type { Provider, Source } from "../settings/queries";
import { providersQuery, sourcesQuery } from "../settings/queries";
import classes from "./FirstCall.module.css";

/** How a vendor is told to send its calls here: a webhook address, what proves a delivery, and where both go. */
export function VendorSteps({ provider }: { provider: string }) {
	const providers = useQuery(providersQuery);
	const sources = useQuery(sourcesQuery);
	const failed = [providers, sources].find((q) => q.error);
	if (failed)
		return <ErrorState doing="load the steps" error={failed.error} retry={() => void failed.refetch()} />;
	if (!providers.data || !sources.data) return <SkeletonText lines={5} />;
	const source = sources.data.find((s) => s.provider === provider);
	const vendor = providers.data.find((p) => p.id === provider);
	return (
		<>
			{source ? <Address source={source} vendor={vendor} /> : <MakeAddress provider={provider} />}
			<ol className={classes.steps}>
				{vendor?.steps?.map((s) => (
					<li key={s}>{s}</li>
				))}
			</ol>
		</>
	);
}

function MakeAddress({ provider }: { provider: string }) {
	const client = useQueryClient();
	const name = providerName(provider);
	const make = useMutation({
		mutationFn: () => data(api.POST("/v1/sources", { body: { provider, name } })),
		onSuccess: () => client.invalidateQueries({ queryKey: ["sources"] }),
	});
	return (
		<>
			<div className={classes.key}>
				<Button loading={make.isPending} leftSection={<Icon name="link" />} onClick={() => make.mutate()}>
					Make the webhook address
				</Button>
				<span className="rs-dim">An address of your own to paste at {name}.</span>
			</div>
			{make.isError && <FormNote tone="bad">{sentence(make.error)}</FormNote>}
		</>
	);
}

/** The address, and until it has one, a field for the secret: without it every delivery is refused. */
function Address({ source, vendor }: { source: Source; vendor: Provider | undefined }) {
	const client = useQueryClient();
	const [secret, setSecret] = useState("");
	const save = useMutation({
		mutationFn: (body: Body<"/v1/sources/{id}", "patch">) =>
			data(api.PATCH("/v1/sources/{id}", { params: { path: { id: source.id } }, body })),
		onSuccess: () => client.invalidateQueries({ queryKey: ["sources"] }),
	});
	const submit = (e: FormEvent) => {
		e.preventDefault();
		save.mutate({ secret });
	};
	const open = !source.secret_set && source.allow_unsigned;
	return (
		<>
			<CodeBlock label={`Webhook address for ${providerName(source.provider)}`} code={source.url} />
			{source.secret_set && <FormNote tone="good">Its secret is set: deliveries are verified.</FormNote>}
			{open && <FormNote tone="watch">It takes deliveries from anybody who knows the address.</FormNote>}
			{!source.secret_set && !open && (
				<form className={classes.secret} onSubmit={submit}>
					<PasswordInput
						label={vendor?.secret_label || "Secret"}
						description="Until it is set, deliveries are refused."
						autoComplete="off"
						value={secret}
						onChange={(e) => setSecret(e.currentTarget.value)}
					/>
					<Button type="submit" variant="filled" disabled={!secret} loading={save.isPending}>
						Save
					</Button>
					<Button loading={save.isPending} onClick={() => save.mutate({ allow_unsigned: true })}>
						Take unsigned deliveries
					</Button>
				</form>
			)}
			{save.isError && <FormNote tone="bad">{sentence(save.error)}</FormNote>}
		</>
	);
}
