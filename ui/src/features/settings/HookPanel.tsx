import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { Badge } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { FormNote } from "../../components/Gate";
import { SkeletonText } from "../../components/States";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { type Hook, hooksQuery } from "./connect";
import classes from "./connect.module.css";
import type { Provider, Source } from "./queries";
import { Steps } from "./Steps";

/** Where the platform sends its webhooks, agent by agent, and how to have them come here. */
export function HookPanel({ source, provider }: { source: Source; provider: Provider }) {
	const [open, setOpen] = useState(false);
	return (
		<details className={classes.hooks} onToggle={(e) => setOpen(e.currentTarget.open)}>
			<summary>Webhooks at {provider.name}</summary>
			{open && <Hooks source={source} provider={provider} />}
		</details>
	);
}

function Hooks({ source, provider }: { source: Source; provider: Provider }) {
	const client = useQueryClient();
	const hooks = useQuery(hooksQuery(source.id));
	const set = useMutation({
		mutationFn: (body: { agents?: string[]; replace?: boolean }) =>
			data(api.POST("/v1/sources/{id}/webhook", { params: { path: { id: source.id } }, body })),
		onSuccess: (after) => client.setQueryData(hooksQuery(source.id).queryKey, after),
		onError: (e) =>
			toast({ title: "The webhooks were not changed", detail: capital(sentence(e)), tone: "bad" }),
	});
	if (hooks.isPending) return <SkeletonText lines={3} />;
	if (!hooks.data) return <FormNote tone="bad">{capital(sentence(hooks.error))}</FormNote>;
	const items = hooks.data.items ?? [];
	const free = items.some((h) => h.state === "unset" || h.state === "failed");
	return (
		<div className={classes.import}>
			{items.length === 0 && <p className="rs-dim">{provider.name} has no agents yet.</p>}
			<ul className={classes.list}>
				{items.map((h) => (
					<HookRow
						key={h.agent_id}
						hook={h}
						busy={set.isPending}
						replace={() => set.mutate({ agents: [h.agent_id], replace: true })}
					/>
				))}
			</ul>
			{free && (
				<div className={classes.import}>
					<p className="rs-dim">
						An agent without a webhook of its own uses the account's, if there is one. Sending its webhooks
						here takes it off that.
					</p>
					<Button className={classes.fit} loading={set.isPending} onClick={() => set.mutate({})}>
						Send the webhooks of agents without one here
					</Button>
				</div>
			)}
			<Steps steps={hooks.data.steps ?? []} />
		</div>
	);
}

function HookRow({ hook, busy, replace }: { hook: Hook; busy: boolean; replace: () => void }) {
	return (
		<li className={classes.row}>
			<span className={classes.agent}>{hook.name}</span>
			{hook.state === "here" && (
				<Badge tone="good" icon="check" bare>
					Comes here
				</Badge>
			)}
			{hook.state === "unset" && <Badge bare>No webhook of its own</Badge>}
			{hook.state === "failed" && (
				<Badge tone="bad" icon="alert" bare>
					{capital(hook.reason ?? "could not be changed")}
				</Badge>
			)}
			{hook.state === "elsewhere" && (
				<>
					<Badge tone="watch" icon="alert" bare>
						Goes to another address
					</Badge>
					<code className={classes.url}>{hook.url}</code>
					<ConfirmButton
						label="Replace"
						confirm="Replace the webhook"
						question={`Whoever receives the webhooks of ${hook.name} at ${hook.url} gets none any more. To keep both, set that address as this source's Forward to first.`}
						onConfirm={replace}
						busy={busy}
					/>
				</>
			)}
		</li>
	);
}
