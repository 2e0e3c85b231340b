import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "../../components/Badge";
import { Modal } from "../../components/Modal";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { When } from "../../components/Values";
import { plural } from "../../lib/format";
import { type Run, type RunCall, runsQuery, type Scenario } from "./queries";
import { expectedWords, resultState, runState } from "./scenario";
import classes from "./scenarios.module.css";

/** Every run of a scenario that is kept, with what each call came to. */
export function RunsDialog({ scenario, onClose }: { scenario: Scenario; onClose: () => void }) {
	const runs = useQuery(runsQuery(scenario.id));
	return (
		<Modal opened onClose={onClose} title={`Runs of ${scenario.name}`} size={680}>
			{runs.isPending && <SkeletonRows rows={3} />}
			{runs.isError && !runs.data && (
				<ErrorState doing="load the runs" error={runs.error} retry={() => void runs.refetch()} />
			)}
			{runs.data?.length === 0 && (
				<EmptyState icon="play" title="It was never played">
					A run comes here as soon as it begins, with its calls and what each came to.
				</EmptyState>
			)}
			<ol className={classes.runs}>
				{runs.data?.map((run, i) => (
					<RunItem key={run.id} run={run} open={i === 0} />
				))}
			</ol>
		</Modal>
	);
}

function RunItem({ run, open }: { run: Run; open: boolean }) {
	const { text, tone, icon } = runState(run);
	const calls = run.calls ?? [];
	return (
		<li className={classes.run}>
			<div className={classes.runHead}>
				<Badge tone={tone} icon={icon}>
					{text}
				</Badge>
				<span className="rs-dim">
					<When at={run.created_at} />, {run.scheduled ? "on schedule" : `by ${run.by || "hand"}`}
				</span>
				{calls.some((c) => c.call_id) && (
					<Link to="/calls" search={{ meta: new URLSearchParams({ scenario_run: run.id }).toString() }}>
						Its {plural(calls.length, "call")}
					</Link>
				)}
			</div>
			{run.reason && <p>{run.reason}</p>}
			{run.state === "done" && (
				<details open={open}>
					<summary>What each call came to</summary>
					{calls.map((c, n) => (
						<CallResult key={c.name} call={c} n={n + 1} expect={run.expect} />
					))}
				</details>
			)}
		</li>
	);
}

function CallResult({ call, n, expect }: { call: RunCall; n: number; expect: Run["expect"] }) {
	const checks = call.checks ?? [];
	return (
		<div className={classes.call}>
			<div className={classes.runHead}>
				<Mark result={call.result} />
				{call.call_id ? (
					<Link to="/calls/$id" params={{ id: call.call_id }}>
						Call {n}
					</Link>
				) : (
					<span>Call {n}</span>
				)}
				{checks.length === 0 && <span className="rs-dim">Nothing was expected but an end.</span>}
			</div>
			{checks.length > 0 && (
				<ul className={classes.checks}>
					{checks.map((c) => (
						<li key={c.expected}>
							<Mark result={c.result} />
							<span>
								{expectedWords(c.expected, expect)}
								<span className={`rs-dim ${classes.why}`}>{c.reason}</span>
							</span>
						</li>
					))}
				</ul>
			)}
		</div>
	);
}

function Mark({ result }: { result: Run["result"] }) {
	const { text, tone, icon } = resultState(result);
	return (
		<Badge bare tone={tone} icon={icon}>
			{text}
		</Badge>
	);
}
