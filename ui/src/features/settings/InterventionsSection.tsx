import { Button, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
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
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { AgentNames } from "../agents/AgentNames";
import { stepWords } from "../live/proposals";
import { InterventionDialog } from "./InterventionDialog";
import { placeWords, whenWords } from "./interventions";
import { queuesQuery, type Step, stepsQuery } from "./queries";
import own from "./queues.module.css";
import { ShowMore, useShown } from "./ShowMore";
import classes from "./settings.module.css";

export function InterventionsSection() {
	const steps = useQuery(stepsQuery);
	const may = useMay();
	const [open, setOpen] = useState<Step | "new" | null>(null);
	const create = may.change && (
		<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setOpen("new")}>
			Add a rule
		</Button>
	);
	const { shown, more } = useShown(steps.data);
	return (
		<>
			{shown.length > 0 && <div className={classes.end}>{create}</div>}
			<Section flush>
				{steps.isPending && <SkeletonRows rows={4} />}
				{steps.isError && !steps.data && (
					<ErrorState doing="load the rules" error={steps.error} retry={() => void steps.refetch()} />
				)}
				{steps.data?.length === 0 && (
					<EmptyState icon="transfer" title="Nothing steps into calls yet" action={create}>
						A rule waits for an alert in a call that is on, and then proposes what to do: say something, hand
						the caller to people, or end the call. Whoever watches decides. For agents that you choose it can
						act by itself, after a countdown that anybody who watches can cancel.
					</EmptyState>
				)}
				{shown.length > 0 && (
					<Table
						label="Intervention rules"
						columns={[
							{ label: "Rule" },
							{ label: "Does", wide: true },
							{ label: "Agents", wide: true },
							{ label: "State" },
							{ label: "" },
						]}
					>
						{shown.map((r) => (
							<Row key={r.id} step={r} mayChange={may.change} onEdit={() => setOpen(r)} />
						))}
					</Table>
				)}
				<ShowMore more={more} />
			</Section>
			{open && <InterventionDialog step={open === "new" ? undefined : open} onClose={() => setOpen(null)} />}
		</>
	);
}

interface RowProps {
	step: Step;
	mayChange: boolean;
	onEdit: () => void;
}

function Row({ step: r, mayChange, onEdit }: RowProps) {
	return (
		<tr>
			<Cell>
				<span className={own.lines}>
					<span>{r.name}</span>
					<span className="rs-dim">{whenWords(r)}</span>
				</span>
			</Cell>
			<Cell wide>
				<Does step={r} />
			</Cell>
			<Cell wide>
				<AgentNames ids={r.agents ?? []} />
			</Cell>
			<Cell>{mayChange ? <OnOff step={r} /> : <State active={r.active} />}</Cell>
			<Cell>
				{mayChange && (
					<div className={`${classes.actions} ${own.buttons}`}>
						<Button onClick={onEdit}>
							Edit<span className="rs-sr"> {r.name}</span>
						</Button>
						<Remove step={r} />
					</div>
				)}
			</Cell>
		</tr>
	);
}

function Does({ step: r }: { step: Step }) {
	const { data: queues } = useQuery({ ...queuesQuery, enabled: r.do.action === "transfer" });
	return (
		<span className={own.lines}>
			<span>{stepWords(r.do, placeWords(r.do.transferTo, queues))}</span>
			<span className="rs-dim">
				{r.mode === "act" ? `by itself, after ${r.countdown} s` : "as a suggestion"}
			</span>
		</span>
	);
}

function State({ active }: { active: boolean }) {
	return (
		<Badge bare tone={active ? "good" : "quiet"} icon={active ? "check" : "minus"}>
			{active ? "On" : "Off"}
		</Badge>
	);
}

function useAgain() {
	const client = useQueryClient();
	return () => client.invalidateQueries({ queryKey: ["intervention-rules"] });
}

const refused = (what: string) => (e: Error) =>
	toast({ title: `Could not ${what}`, detail: capital(sentence(e)), tone: "bad" });

function OnOff({ step: r }: { step: Step }) {
	const again = useAgain();
	const turn = useMutation({
		mutationFn: (active: boolean) =>
			data(api.PATCH("/v1/intervention-rules/{id}", { params: { path: { id: r.id } }, body: { active } })),
		onSuccess: again,
		onError: refused("switch the rule"),
	});
	const change = (active: boolean) =>
		turn.mutate(active, {
			onSuccess: () =>
				toast({
					title: `${r.name} is ${active ? "on" : "off"}`,
					action: { label: "Undo", run: () => turn.mutate(!active) },
				}),
		});
	return (
		<Switch
			aria-label={`${r.name} is on`}
			label={r.active ? "On" : "Off"}
			checked={r.active}
			disabled={turn.isPending}
			onChange={(e) => change(e.currentTarget.checked)}
		/>
	);
}

function Remove({ step: r }: { step: Step }) {
	const again = useAgain();
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/intervention-rules/{id}", { params: { path: { id: r.id } } }),
		onSuccess: async () => {
			toast({ title: `${r.name} is deleted` });
			await again();
		},
		onError: refused("delete the rule"),
	});
	return (
		<ConfirmButton
			label={
				<>
					Delete<span className="rs-sr"> {r.name}</span>
				</>
			}
			confirm="Delete the rule"
			question={`${r.name} steps into no more calls, and what it proposes now lapses. What it did stays in the calls' timelines.`}
			onConfirm={() => remove.mutate()}
			busy={remove.isPending}
		/>
	);
}
