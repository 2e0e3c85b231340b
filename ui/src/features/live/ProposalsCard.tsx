import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { sentence } from "../../api/error";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { capital } from "../../lib/forms";
import { alertTypes, wordOf } from "../../lib/words";
import { type Decision, decide } from "./actions";
import { useSecond } from "./clock";
import { secondsUntil } from "./fold";
import classes from "./LiveCallView.module.css";
import { outcomeWords, stepIcons, stepWords, undecided } from "./proposals";
import type { Proposal } from "./types";

interface ProposalsProps {
	proposals: Proposal[];
	skew: number | null;
	/** The call has ended: nothing can be decided any more. */
	over: boolean;
	mayAct: boolean;
}

/** What rules propose to do to the call, with the time that is left to say no; then what came of the last. */
export function ProposalsCard({ proposals, skew, over, mayAct }: ProposalsProps) {
	const open = over ? [] : proposals.filter(undecided);
	const settled = proposals.filter((p) => !open.includes(p));
	return (
		<Section title="Proposed">
			{open.length > 0 && (
				<ul className={classes.cards} aria-label="Open proposals">
					{open.map((p) => (
						<li key={p.id} className={classes.alert} data-tone="watch">
							<Open proposal={p} skew={skew} mayAct={mayAct} />
						</li>
					))}
				</ul>
			)}
			{settled.length > 0 && (
				<ul className={classes.over} aria-label="Decided proposals">
					{settled.map((p) => (
						<li
							key={p.id}
							className={p.status === "failed" ? classes.failed : undefined}
							title={`Rule: ${p.ruleName}`}
						>
							{p.status !== "done" && `${stepWords(p.do, p.to)}: `}
							{outcomeWords(p)}
						</li>
					))}
				</ul>
			)}
		</Section>
	);
}

function Open({
	proposal: p,
	skew,
	mayAct,
}: { proposal: Proposal } & Pick<ProposalsProps, "skew" | "mayAct">) {
	const run = useMutation({ mutationFn: (decision: Decision) => decide(p.id, decision) });
	// The stream tells everybody else what the answer tells here.
	const ordered = p.orderedAt !== null || (run.isPending && run.variables === "accept");
	const decided = run.isSuccess ? outcomeWords(run.data) : null;
	const button = (decision: Decision, label: string) => (
		<Button
			size="xs"
			loading={run.isPending && run.variables === decision}
			disabled={run.isPending}
			onClick={() => run.mutate(decision)}
		>
			{label}
			<span className="rs-sr">: {stepWords(p.do, p.to)}</span>
		</Button>
	);
	return (
		<>
			<div className={classes.alertHead}>
				<Badge tone="watch" icon={stepIcons[p.do.action]}>
					{p.mode === "act" ? "Will be done" : "Suggested"}
				</Badge>
				<span className="rs-dim">by the rule {p.ruleName}</span>
			</div>
			<p className={classes.step}>{stepWords(p.do, p.to)}</p>
			<p>
				<span className="rs-dim">{wordOf(alertTypes, p.alert.type).text}:</span> {p.alert.message}
			</p>
			{decided && <p>{decided}</p>}
			{!decided && ordered && <p>It is being done.</p>}
			{!decided && !ordered && p.dueAt && <Countdown due={p.dueAt} skew={skew} />}
			{!decided && !ordered && mayAct && (
				<div className={classes.alertActs}>
					{button("cancel", "Cancel")}
					{button("accept", "Do it now")}
				</div>
			)}
			{run.isError && (
				<p className={classes.failed} role="alert">
					{capital(sentence(run.error))}
				</p>
			)}
		</>
	);
}

/** Who listens is told that it counts down, not every second of it. */
function Countdown({ due, skew }: { due: string; skew: number | null }) {
	const left = secondsUntil(due, useSecond(), skew);
	return (
		<p className={classes.countdown}>
			<Icon name="clock" size={14} />
			{left > 0 ? (
				<span>
					In{" "}
					<b role="timer" aria-live="off">
						{left} s
					</b>
					, unless it is cancelled
				</span>
			) : (
				<span>Due now</span>
			)}
		</p>
	);
}
