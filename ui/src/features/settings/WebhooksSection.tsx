import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { Badge } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { WebhookTest } from "../../components/WebhookTest";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { agentsQuery } from "../agents/queries";
import { type Endpoint, endpointsQuery } from "./queries";
import { ShowMore, useShown } from "./ShowMore";
import classes from "./settings.module.css";
import { WebhookDialog } from "./WebhookDialog";
import { eventsWords, hostOf, trafficWords } from "./webhooks";

export function WebhooksSection() {
	const endpoints = useQuery(endpointsQuery);
	const may = useMay();
	const [creating, setCreating] = useState(false);
	const create = may.change && (
		<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setCreating(true)}>
			Add a webhook
		</Button>
	);
	const { shown, more } = useShown(endpoints.data);
	return (
		<>
			{shown.length > 0 && <div className={classes.end}>{create}</div>}
			<Section flush>
				{endpoints.isPending && <SkeletonRows rows={4} />}
				{endpoints.isError && !endpoints.data && (
					<ErrorState
						doing="load the webhooks"
						error={endpoints.error}
						retry={() => void endpoints.refetch()}
					/>
				)}
				{endpoints.data?.length === 0 && (
					<EmptyState icon="external" title="No server of yours hears of calls" action={create}>
						Give an address, and Ringside posts to it when a call starts, ends or has been analysed: signed,
						and tried again when your server does not answer. An agent may also have an address of its own, in
						its settings.
					</EmptyState>
				)}
				{shown.length > 0 && (
					<Table
						label="Webhooks"
						columns={[
							{ label: "Address" },
							{ label: "Events", wide: true },
							{ label: "Agent", wide: true },
							{ label: "State" },
							{ label: "Last traffic" },
							{ label: "" },
						]}
					>
						{shown.map((e) => (
							<EndpointRow key={e.id} endpoint={e} mayChange={may.change} />
						))}
					</Table>
				)}
				<ShowMore more={more} />
			</Section>
			{creating && <WebhookDialog onClose={() => setCreating(false)} />}
		</>
	);
}

function EndpointRow({ endpoint: e, mayChange }: { endpoint: Endpoint; mayChange: boolean }) {
	const traffic = trafficWords(e);
	return (
		<tr>
			<Cell>
				<span className={classes.two}>
					<span>{e.url}</span>
					{e.description && <span className="rs-dim">{e.description}</span>}
				</span>
			</Cell>
			<Cell wide>
				<span className={classes.two}>{eventsWords(e.events)}</span>
			</Cell>
			<Cell wide>
				<AgentName id={e.agent_id} />
			</Cell>
			<Cell>
				<State endpoint={e} />
			</Cell>
			<Cell>
				<span className={classes.two}>
					{e.last_delivery_at ? <When at={e.last_delivery_at} /> : <span className="rs-dim">None yet</span>}
					{traffic && (
						<Link to="/settings/$section" params={{ section: "deliveries" }} search={{ endpoint: e.id }}>
							{traffic}
						</Link>
					)}
				</span>
			</Cell>
			<Cell>{mayChange && <Actions endpoint={e} />}</Cell>
		</tr>
	);
}

function AgentName({ id }: { id: string }) {
	const { data: agents } = useQuery({ ...agentsQuery, enabled: id !== "" });
	if (!id) return <>All agents</>;
	return (
		<Link to="/agents/$id" params={{ id }}>
			{agents?.find((a) => a.id === id)?.name ?? id}
		</Link>
	);
}

function State({ endpoint: e }: { endpoint: Endpoint }) {
	if (e.disabled_reason) {
		return (
			<span className={classes.two}>
				<Badge tone="bad" icon="stop" bare>
					Off
				</Badge>
				<span className="rs-dim">
					{capital(e.disabled_reason)}, <When at={e.disabled_at} />
				</span>
			</span>
		);
	}
	return (
		<span className={classes.two}>
			<Badge tone="good" icon="check" bare>
				On
			</Badge>
			{!e.secret_set && (
				<Badge tone="watch" icon="alert" bare>
					Not signed
				</Badge>
			)}
		</span>
	);
}

function Actions({ endpoint: e }: { endpoint: Endpoint }) {
	const client = useQueryClient();
	const again = () => client.invalidateQueries({ queryKey: ["webhooks"] });
	const [open, setOpen] = useState<"edit" | "test" | null>(null);
	const close = () => setOpen(null);
	const host = hostOf(e.url);
	const path = { params: { path: { id: e.id } } };
	const test = useMutation({
		mutationFn: () => data(api.POST("/v1/webhook-endpoints/{id}/test", path)),
	});
	const tryIt = () => {
		setOpen("test");
		test.mutate();
	};
	const off = e.disabled_reason !== "";
	const turn = useMutation({
		mutationFn: () => data(api.PATCH("/v1/webhook-endpoints/{id}", { ...path, body: { disabled: !off } })),
		onSuccess: async () => {
			toast({ title: off ? "Switched on" : "Switched off", tone: off ? "good" : "quiet" });
			await again();
		},
		onError: (error) =>
			toast({
				title: `Could not switch it ${off ? "on" : "off"}`,
				detail: capital(sentence(error)),
				tone: "bad",
			}),
	});
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/webhook-endpoints/{id}", path),
		onSuccess: async () => {
			toast({ title: "The webhook is deleted" });
			await again();
		},
		onError: (error) =>
			toast({ title: "Could not delete the webhook", detail: capital(sentence(error)), tone: "bad" }),
	});
	const whose = <span className="rs-sr"> {host}</span>;
	return (
		<div className={classes.actions}>
			<Button onClick={tryIt}>Test{whose}</Button>
			<Button onClick={() => setOpen("edit")}>Edit{whose}</Button>
			{off ? (
				<Button loading={turn.isPending} onClick={() => turn.mutate()}>
					Switch on{whose}
				</Button>
			) : (
				<ConfirmButton
					label={<>Switch off{whose}</>}
					confirm="Switch the webhook off"
					question={`Nothing more is sent to ${host}, and what waits for it is given up. It can be switched on again.`}
					onConfirm={() => turn.mutate()}
					busy={turn.isPending}
				/>
			)}
			<ConfirmButton
				label={<>Delete{whose}</>}
				confirm="Delete the webhook"
				question={`Nothing more is sent to ${host}, what waits for it is given up, and its secret is gone.`}
				onConfirm={() => remove.mutate()}
				busy={remove.isPending}
			/>
			{open === "edit" && <WebhookDialog endpoint={e} onClose={close} />}
			{open === "test" && <WebhookTest host={host} test={test} onClose={close} />}
		</div>
	);
}
