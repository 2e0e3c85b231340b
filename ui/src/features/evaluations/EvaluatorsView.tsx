import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { sentence } from "../../api/error";
import { Badge } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, type Column, Table } from "../../components/Table";
import { plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { agentsQuery } from "../agents/queries";
import { EvaluatorDialog } from "./EvaluatorDialog";
import classes from "./evaluations.module.css";
import { percent, watches } from "./evaluator";
import { type Evaluator, evaluatorsQuery, scorecardsQuery } from "./queries";
import { RunDialog } from "./RunDialog";

type Open = { kind: "new" } | { kind: "edit" | "run"; evaluator: Evaluator };

export function EvaluatorsView({ mayChange }: { mayChange: boolean }) {
	const list = useQuery(evaluatorsQuery);
	const [open, setOpen] = useState<Open | null>(null);
	const close = () => setOpen(null);
	const create = mayChange && (
		<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setOpen({ kind: "new" })}>
			Create an evaluator
		</Button>
	);
	return (
		<>
			{list.data && list.data.length > 0 && (
				<div className={`${classes.bar} ${classes.between}`}>
					<span className="rs-dim">{plural(list.data.length, "evaluator")}</span>
					{create}
				</div>
			)}
			<Section flush>
				{list.isPending && <SkeletonRows rows={6} />}
				{list.isError && !list.data && (
					<ErrorState doing="load the evaluators" error={list.error} retry={() => void list.refetch()} />
				)}
				{list.data?.length === 0 && (
					<EmptyState icon="check" title="No evaluator yet" action={create}>
						An evaluator says by what calls are judged, by which language model, and whose calls it judges by
						itself. Give it a{" "}
						<Link to="/evaluations" search={{ view: "scorecards" }}>
							scorecard
						</Link>{" "}
						of yours, or name a few criteria to begin with.
					</EmptyState>
				)}
				{list.data && list.data.length > 0 && (
					<Table label="Evaluators" columns={mayChange ? [...columns, { label: "" }] : columns}>
						{list.data.map((e) => (
							<Row key={e.id} evaluator={e} mayChange={mayChange} onOpen={setOpen} />
						))}
					</Table>
				)}
			</Section>
			{open?.kind === "new" && <EvaluatorDialog onClose={close} />}
			{open?.kind === "edit" && <EvaluatorDialog evaluator={open.evaluator} onClose={close} />}
			{open?.kind === "run" && <RunDialog evaluator={open.evaluator.id} onClose={close} />}
		</>
	);
}

const columns: Column[] = [
	{ label: "Name" },
	{ label: "Judges by" },
	{ label: "Model", wide: true },
	{ label: "By itself" },
];

interface RowProps {
	evaluator: Evaluator;
	mayChange: boolean;
	onOpen: (open: Open) => void;
}

function Row({ evaluator: e, mayChange, onOpen }: RowProps) {
	return (
		<tr>
			<Cell>
				<Link to="/evaluations" search={{ evaluator: e.id }} title="Its results">
					{e.name}
				</Link>
			</Cell>
			<Cell>
				<GoesBy evaluator={e} />
			</Cell>
			<Cell wide>{e.model || <span className="rs-dim">The workspace's</span>}</Cell>
			<Cell>
				<ByItself evaluator={e} />
			</Cell>
			{mayChange && (
				<Cell>
					<div className={classes.actions}>
						<Button size="compact-sm" onClick={() => onOpen({ kind: "run", evaluator: e })}>
							Run…
						</Button>
						<Button size="compact-sm" onClick={() => onOpen({ kind: "edit", evaluator: e })}>
							Edit
						</Button>
						<Remove evaluator={e} />
					</div>
				</Cell>
			)}
		</tr>
	);
}

function GoesBy({ evaluator: e }: { evaluator: Evaluator }) {
	const scorecards = useQuery(scorecardsQuery);
	if (!e.scorecard_id) return e.criteria.join(", ");
	const name = scorecards.data?.find((s) => s.id === e.scorecard_id)?.name ?? "A scorecard";
	return (
		<Link to="/evaluations/scorecards/$id" params={{ id: e.scorecard_id }}>
			{name}
		</Link>
	);
}

function ByItself({ evaluator: e }: { evaluator: Evaluator }) {
	const agents = useQuery(agentsQuery);
	if (!e.enabled) return <Badge bare>Off</Badge>;
	if (e.agent_ids.length === 0) return <span className="rs-dim">Only when asked</span>;
	const names = new Map(agents.data?.map((a) => [a.id, a.name]));
	return (
		<Badge bare tone="good" icon="check">
			{percent(e.sampling_rate)} % of {watches(e.agent_ids, names)}
		</Badge>
	);
}

function Remove({ evaluator: e }: { evaluator: Evaluator }) {
	const client = useQueryClient();
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/evaluators/{id}", { params: { path: { id: e.id } } }),
		onSuccess: async () => {
			toast({ title: `${e.name} is deleted` });
			await client.invalidateQueries({ queryKey: ["evaluators"] });
			await client.invalidateQueries({ queryKey: ["scorecards"] });
		},
		onError: (err) =>
			toast({ title: "Could not delete the evaluator", detail: capital(sentence(err)), tone: "bad" }),
	});
	return (
		<ConfirmButton
			label="Delete"
			confirm="Delete the evaluator"
			question={`${e.name} judges no more calls. The results that it gave stay.`}
			onConfirm={() => remove.mutate()}
			busy={remove.isPending}
		/>
	);
}
