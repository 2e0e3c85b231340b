import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
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
import { plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { type Scenario, scenariosQuery } from "./queries";
import { runState, scheduleWords } from "./scenario";
import classes from "./scenarios.module.css";

const ScenarioDialog = lazy(() => import("./ScenarioDialog").then((m) => ({ default: m.ScenarioDialog })));
const RunsDialog = lazy(() => import("./RunsDialog").then((m) => ({ default: m.RunsDialog })));

type Open = { what: "edit"; id?: string } | { what: "runs"; id: string };

/** Conversations that are played as simulated calls, and how they went last. */
export function ScenariosSection() {
	const scenarios = useQuery(scenariosQuery);
	const may = useMay();
	const [open, setOpen] = useState<Open | null>(null);
	const create = may.change && (
		<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setOpen({ what: "edit" })}>
			Add a scenario
		</Button>
	);
	const list = scenarios.data ?? [];
	const chosen = list.find((s) => s.id === open?.id);
	const close = () => setOpen(null);
	return (
		<>
			{list.length > 0 && (
				<div className={classes.head}>
					<p className="rs-dim">
						A script plays both sides. A run tries your rules, alerts, scorecards and webhooks; it does not
						call the voice agent.
					</p>
					{create}
				</div>
			)}
			<Section flush>
				{scenarios.isPending && <SkeletonRows rows={4} />}
				{scenarios.isError && !scenarios.data && (
					<ErrorState
						doing="load the scenarios"
						error={scenarios.error}
						retry={() => void scenarios.refetch()}
					/>
				)}
				{scenarios.data?.length === 0 && (
					<EmptyState icon="loop" title="No scenario yet" action={create}>
						A scenario is a conversation, written down, that is played as simulated calls: by hand, or on a
						schedule. A script plays both the caller and the agent, so it tries your rules, alerts, scorecards
						and webhooks before a customer does. It does not call the voice agent itself.
					</EmptyState>
				)}
				{list.length > 0 && (
					<Table
						label="Scenarios"
						columns={[
							{ label: "Scenario" },
							{ label: "Last run" },
							{ label: "Played", wide: true },
							{ label: "" },
						]}
					>
						{list.map((s) => (
							<Row key={s.id} scenario={s} mayChange={may.change} onOpen={setOpen} />
						))}
					</Table>
				)}
			</Section>
			<Suspense fallback={null}>
				{open?.what === "edit" && <ScenarioDialog scenario={chosen} onClose={close} />}
				{open?.what === "runs" && chosen && <RunsDialog scenario={chosen} onClose={close} />}
			</Suspense>
		</>
	);
}

interface RowProps {
	scenario: Scenario;
	mayChange: boolean;
	onOpen: (open: Open) => void;
}

function Row({ scenario: s, mayChange, onOpen }: RowProps) {
	const whose = <span className="rs-sr"> {s.name}</span>;
	return (
		<tr>
			<Cell>
				<span className={classes.lines}>
					<span>{s.name}</span>
					<span className="rs-dim">{s.goal || plural(s.calls, "call")}</span>
				</span>
			</Cell>
			<Cell>
				<Last scenario={s} />
			</Cell>
			<Cell wide>
				<span className={classes.lines}>
					<span>{scheduleWords(s)}</span>
					{s.next_run_at && (
						<span className="rs-dim">
							next <When at={s.next_run_at} />
						</span>
					)}
				</span>
			</Cell>
			<Cell>
				<div className={classes.actions}>
					{mayChange && <RunNow scenario={s} />}
					<Button onClick={() => onOpen({ what: "runs", id: s.id })}>Runs{whose}</Button>
					{mayChange && <Button onClick={() => onOpen({ what: "edit", id: s.id })}>Edit{whose}</Button>}
					{mayChange && <Remove scenario={s} />}
				</div>
			</Cell>
		</tr>
	);
}

function Last({ scenario: { last_run: run } }: { scenario: Scenario }) {
	if (!run) return <span className="rs-dim">Never</span>;
	const { text, tone, icon } = runState(run);
	return (
		<span className={classes.lines}>
			<Badge bare tone={tone} icon={icon}>
				{text}
			</Badge>
			<span className="rs-dim">
				<When at={run.created_at} />
			</span>
		</span>
	);
}

const refused = (what: string) => (e: Error) =>
	toast({ title: `Could not ${what}`, detail: capital(sentence(e)), tone: "bad" });

function RunNow({ scenario: s }: { scenario: Scenario }) {
	const client = useQueryClient();
	const run = useMutation({
		mutationFn: () => data(api.POST("/v1/scenarios/{id}/execute", { params: { path: { id: s.id } } })),
		onSuccess: async ({ execution }) => {
			toast({ title: `${plural(execution.simulations_created, "simulated call")} of ${s.name} will begin` });
			await client.invalidateQueries({ queryKey: ["scenarios"] });
		},
		onError: refused("run the scenario"),
	});
	const on = s.last_run?.state === "queued" || s.last_run?.state === "running";
	return (
		<Button
			leftSection={<Icon name="play" size={14} />}
			loading={run.isPending}
			disabled={on}
			onClick={() => run.mutate()}
		>
			Run now<span className="rs-sr"> {s.name}</span>
		</Button>
	);
}

function Remove({ scenario: s }: { scenario: Scenario }) {
	const client = useQueryClient();
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/scenarios/{id}", { params: { path: { id: s.id } } }),
		onSuccess: async () => {
			toast({ title: `${s.name} is deleted` });
			await client.invalidateQueries({ queryKey: ["scenarios"] });
		},
		onError: refused("delete the scenario"),
	});
	return (
		<ConfirmButton
			label={
				<>
					Delete<span className="rs-sr"> {s.name}</span>
				</>
			}
			confirm="Delete the scenario"
			question={`${s.name} and its runs are deleted. The calls that it held stay.`}
			onConfirm={() => remove.mutate()}
			busy={remove.isPending}
		/>
	);
}
