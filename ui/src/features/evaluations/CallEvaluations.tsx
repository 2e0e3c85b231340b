import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/may";
import { ScoreValue, VerdictBadge } from "../../components/Judgement";
import { Section } from "../../components/Page";
import { ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { EvaluationStatus } from "./EvaluationParts";
import classes from "./evaluations.module.css";
import { callEvaluationsQuery, type Evaluation } from "./queries";
import { RunDialog } from "./RunDialog";

/** What evaluators make of one call. */
export function CallEvaluations({ call }: { call: string }) {
	const list = useQuery(callEvaluationsQuery(call));
	const { change } = useMay();
	const [running, setRunning] = useState(false);
	return (
		<Section
			title="Evaluations"
			actions={
				change ? (
					<Button size="compact-sm" onClick={() => setRunning(true)}>
						Run an evaluator
					</Button>
				) : undefined
			}
		>
			{list.isPending && <SkeletonText lines={2} />}
			{list.isError && !list.data && (
				<ErrorState doing="load the evaluations" error={list.error} retry={() => void list.refetch()} />
			)}
			{list.data?.items.length === 0 && (
				<p className="rs-dim">No evaluator has judged this call by a scorecard.</p>
			)}
			{list.data && list.data.items.length > 0 && (
				<ul className={classes.list}>
					{list.data.items.map((e) => (
						<One key={e.id} evaluation={e} />
					))}
				</ul>
			)}
			{list.data?.next_cursor && <p className="rs-dim">Only the newest are shown.</p>}
			{running && <RunDialog call={call} onClose={() => setRunning(false)} />}
		</Section>
	);
}

function One({ evaluation: e }: { evaluation: Evaluation }) {
	return (
		<li className={classes.line}>
			<Link to="/evaluations" search={{ result: e.id }} title="Open the result">
				{e.evaluator_name}
			</Link>
			{e.verdict ? <VerdictBadge verdict={e.verdict} /> : <EvaluationStatus status={e.status} />}
			<span className="rs-dim">
				<When at={e.created_at} />
			</span>
			<ScoreValue value={e.score} />
		</li>
	);
}
