// Small signs of a live call: how long, how well, who speaks, what is wrong.

import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { NotMeasured, ScoreValue } from "../../components/Judgement";
import { duration } from "../../lib/format";
import { alertSeverities, alertTypes, roles, scoreTone, wordOf } from "../../lib/words";
import { severityIcon } from "../alerts/AlertParts";
import { useSecond } from "./clock";
import { elapsedMs } from "./fold";
import classes from "./marks.module.css";
import { trendOf } from "./order";
import { stepIcons, stepWords, undecided } from "./proposals";
import type { CallAlert, Point, Proposal } from "./types";
import { roleOf } from "./words";

interface ElapsedProps {
	since: string;
	skew: number | null;
}

/** A duration that ticks by itself; nothing around it moves. */
export function Elapsed({ since, skew }: ElapsedProps) {
	const ms = elapsedMs(since, useSecond(), skew);
	return (
		<span className={classes.elapsed} role="timer" aria-live="off">
			{duration(Math.floor(ms / 1000) * 1000)}
		</span>
	);
}

const [width, height, pad] = [56, 18, 2];
const minute = 60;

/** The score of the last minute as a line, 0 at the bottom and 100 on top. */
export function Sparkline({ points }: { points: Point[] | null }) {
	const list = points ?? [];
	const end = list.at(-1)?.at ?? 0;
	const place = (p: Point) => {
		const x = width - pad - ((end - p.at) / minute) * (width - 2 * pad);
		const y = height - pad - (Math.min(100, Math.max(0, p.score)) / 100) * (height - 2 * pad);
		return `${Math.max(0, x).toFixed(1)} ${y.toFixed(1)}`;
	};
	const last = list.at(-1);
	const [x, y] = last ? place(last).split(" ") : [];
	return (
		<svg className={classes.spark} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
			{list.length > 1 && <path d={`M${list.map(place).join("L")}`} />}
			{list.length > 1 && last && <circle data-tone={scoreTone(last.score)} cx={x} cy={y} r={2} />}
		</svg>
	);
}

const trendIcons = { rising: "up", falling: "down", steady: "minus" } as const;

interface ScoreProps {
	score: number | null;
	trend: Point[] | null;
}

/** The score so far, with where it went in the last minute. */
export function LiveScore({ score, trend }: ScoreProps) {
	if (score === null) return <NotMeasured />;
	const way = trendOf(trend);
	return (
		<span className={classes.score}>
			<span className={classes.figure}>
				<ScoreValue value={score} />
			</span>
			<span
				className={classes.way}
				data-way={way ?? undefined}
				title={way ? `${way} in the last minute` : undefined}
			>
				{way && <Icon name={trendIcons[way]} size={12} />}
				{way && <span className="rs-sr">{way}</span>}
			</span>
			<Sparkline points={trend} />
		</span>
	);
}

/** Three bars that move while one side speaks. The word stands beside it or is read. */
export function Level({ speaking, word }: { speaking: string | undefined; word?: boolean }) {
	const role = roleOf(speaking);
	const text = role ? `${wordOf(roles, role).text} speaks` : "";
	return (
		<span className={classes.level} data-role={role ?? undefined} title={text || undefined}>
			<svg viewBox="0 0 12 12" width={12} height={12} aria-hidden="true">
				<rect x={0.5} y={4} width={2.5} height={4} rx={1} />
				<rect x={4.75} y={1.5} width={2.5} height={9} rx={1} />
				<rect x={9} y={3.5} width={2.5} height={5} rx={1} />
			</svg>
			{text && <span className={word ? undefined : "rs-sr"}>{text}</span>}
		</span>
	);
}

/** The worst open alert in words, and how many more there are. */
export function AlertWords({ alerts }: { alerts: CallAlert[] | null }) {
	const [worst, ...more] = alerts ?? [];
	if (!worst) return null;
	return (
		<span className={classes.alerts} title={(alerts ?? []).map((a) => a.message).join("\n")}>
			<AlertBadge alert={worst} />
			{more.length > 0 && <span className="rs-dim">+{more.length}</span>}
		</span>
	);
}

/** In a row, that a rule proposes to step in. */
export function ProposalMark({ proposals }: { proposals: Proposal[] | null }) {
	const open = (proposals ?? []).filter(undecided);
	const [first] = open;
	if (!first) return null;
	const words = `Proposed: ${open.map((p) => stepWords(p.do, p.to)).join("; ")}`;
	return (
		<span className={classes.proposed} title={words}>
			<Icon name={stepIcons[first.do.action]} size={14} />
			<span className="rs-sr">{words}</span>
		</span>
	);
}

export function AlertBadge({ alert }: { alert: CallAlert }) {
	const severity = wordOf(alertSeverities, alert.severity);
	const taken = alert.status === "acknowledged";
	return (
		<Badge tone={taken ? "quiet" : severity.tone} icon={taken ? "check" : severityIcon(alert.severity)}>
			{alert.severity === "critical" && `${severity.text}: `}
			{wordOf(alertTypes, alert.type).text}
			{taken && ", acknowledged"}
		</Badge>
	);
}
