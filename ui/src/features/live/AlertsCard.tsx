import { Button } from "@mantine/core";
import { sentence } from "../../api/error";
import { Section } from "../../components/Page";
import { duration } from "../../lib/format";
import { alertSeverities, alertTypes, wordOf } from "../../lib/words";
import { type Settlement, useSettle } from "../alerts/settle";
import classes from "./LiveCallView.module.css";
import { AlertBadge } from "./marks";
import type { One } from "./one";
import type { CallAlert } from "./types";
import { resolvedBy } from "./words";

interface AlertsProps {
	alerts: CallAlert[];
	resolved: One["resolved"];
	mayAct: boolean;
	onTurn: (turn: number) => void;
}

/** The open alerts with what shows them, worst first; then those that are over. */
export function AlertsCard({ alerts, resolved, mayAct, onTurn }: AlertsProps) {
	const over = resolved.filter((r) => !alerts.some((a) => a.id === r.alert.id && a.status !== "resolved"));
	const open = alerts.filter((a) => !over.some((r) => r.alert.id === a.id));
	return (
		<Section title="Alerts">
			{open.length === 0 && <p className="rs-dim">None open.</p>}
			<ul className={classes.cards} aria-label="Open alerts">
				{open.map((a) => (
					<li key={a.id} className={classes.alert} data-tone={wordOf(alertSeverities, a.severity).tone}>
						<OpenAlert alert={a} mayAct={mayAct} onTurn={onTurn} />
					</li>
				))}
			</ul>
			{over.length > 0 && (
				<ul className={classes.over} aria-label="Resolved alerts">
					{over.map((r) => (
						<li key={r.alert.id} title={r.alert.message}>
							{wordOf(alertTypes, r.alert.type).text}: resolved {resolvedBy(r.by)}
						</li>
					))}
				</ul>
			)}
		</Section>
	);
}

function OpenAlert({
	alert: a,
	mayAct,
	onTurn,
}: { alert: CallAlert } & Pick<AlertsProps, "mayAct" | "onTurn">) {
	const settle = useSettle(a.id);
	const { turn } = a;
	const known = a.status !== "triggered" || settle.variables === "acknowledge";
	const act = (how: Settlement, label: string) => (
		<Button
			size="xs"
			loading={settle.isPending && settle.variables === how}
			disabled={settle.isPending}
			onClick={() => settle.mutate(how)}
		>
			{label}
		</Button>
	);
	return (
		<>
			<div className={classes.alertHead}>
				<AlertBadge alert={a} />
				<span className="rs-dim">at {duration(a.triggeredAt * 1000)}</span>
			</div>
			<p>{a.message}</p>
			{a.quote &&
				(turn === null ? (
					<q className={classes.quote}>{a.quote}</q>
				) : (
					<button
						type="button"
						className={classes.quote}
						title="Show it in the transcript"
						onClick={() => onTurn(turn)}
					>
						<q>{a.quote}</q>
					</button>
				))}
			{a.rule && a.rule !== a.type && <p className="rs-dim">Rule: {a.rule}</p>}
			{mayAct && (
				<div className={classes.alertActs}>
					{!(known && !settle.isError) && act("acknowledge", "Acknowledge")}
					{act("resolve", "Resolve")}
				</div>
			)}
			{settle.isError && (
				<p className={classes.failed} role="alert">
					{sentence(settle.error)}
				</p>
			)}
		</>
	);
}
