import { Link } from "@tanstack/react-router";
import { type MouseEvent, memo } from "react";
import { Badge, DirectionIcon, SimulationBadge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { PhoneNumber } from "../../components/Values";
import { duration } from "../../lib/format";
import { roles, statuses, wordOf } from "../../lib/words";
import classes from "./LiveTable.module.css";
import { AlertWords, Elapsed, Level, LiveScore, ProposalMark } from "./marks";
import { agentName, type Row } from "./order";
import type { LiveCall } from "./types";
import { roleOf, statusOf } from "./words";

interface RowProps {
	row: Row;
	index: number;
	top: number;
	height: number;
	selected: boolean;
	narrow: boolean;
	skew: number | null;
	onOpen: (row: Row) => void;
}

/** A call in progress, in two lines: how it stands, and what was said last. */
export const LiveRow = memo(
	function LiveRow({ row, index, top, height, selected, narrow, skew, onOpen }: RowProps) {
		const open = (e: MouseEvent) => {
			if ((e.target as HTMLElement).closest("a,button") || window.getSelection()?.toString()) return;
			onOpen(row);
		};
		return (
			// biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys and the link do the same
			<div
				id={`row-${row.call.id}`}
				className={classes.row}
				role="row"
				aria-rowindex={index + 2}
				aria-selected={selected}
				data-ended={row.ended ? true : undefined}
				style={{ transform: `translateY(${top}px)`, height }}
				onClick={open}
			>
				{narrow ? <Card row={row} skew={skew} /> : <Cells row={row} skew={skew} />}
			</div>
		);
	},
	(a, b) =>
		a.row.call === b.row.call &&
		a.row.ended === b.row.ended &&
		a.index === b.index &&
		a.top === b.top &&
		a.height === b.height &&
		a.selected === b.selected &&
		a.narrow === b.narrow &&
		a.skew === b.skew &&
		a.onOpen === b.onOpen,
);

interface PartProps {
	row: Row;
	skew: number | null;
}

function Cells({ row, skew }: PartProps) {
	const { call } = row;
	return (
		<>
			<div className={classes.cells} role="presentation">
				<span role="gridcell" className={classes.cell}>
					<AgentLink row={row} />
				</span>
				<span role="gridcell" className={classes.cell} data-align="right">
					<Time row={row} skew={skew} />
				</span>
				<span role="gridcell" className={classes.cell}>
					<Numbers call={call} />
				</span>
				<span role="gridcell" className={classes.cell}>
					<About call={call} />
				</span>
				<span role="gridcell" className={classes.cell}>
					<LiveScore score={row.ended ? row.ended.score : call.currentScore} trend={call.scoreTrend} />
				</span>
				<span role="gridcell" className={classes.cell}>
					<Tool call={call} />
				</span>
				<span role="gridcell" className={classes.cell}>
					<Trouble row={row} />
				</span>
			</div>
			<div className={classes.said} role="gridcell">
				<LastWords row={row} />
				{call.isSimulation && <SimulationBadge />}
			</div>
		</>
	);
}

/** The same for a screen too narrow for columns. */
function Card({ row, skew }: PartProps) {
	const { call } = row;
	return (
		<div className={classes.card} role="gridcell">
			<div className={classes.cardLine}>
				<AgentLink row={row} />
				<span className={classes.cardEnd}>
					<LiveScore score={row.ended ? row.ended.score : call.currentScore} trend={call.scoreTrend} />
					<Time row={row} skew={skew} />
				</span>
			</div>
			<div className={classes.cardLine}>
				<Numbers call={call} />
				{call.currentTool ? <Tool call={call} /> : call.isSimulation && <SimulationBadge />}
			</div>
			<div className={classes.cardLine}>
				<span className={classes.said}>
					<LastWords row={row} />
				</span>
				<Trouble row={row} />
			</div>
		</div>
	);
}

function AgentLink({ row }: { row: Row }) {
	const { call, ended } = row;
	const words = (
		<>
			{agentName(call)}
			<span className="rs-sr">: {ended ? "open the call" : "watch the call"}</span>
		</>
	);
	const props = { className: classes.agent, tabIndex: -1, preload: false } as const;
	return ended ? (
		<Link to="/calls/$id" params={{ id: call.id }} {...props}>
			{words}
		</Link>
	) : (
		<Link to="/live/$callId" params={{ callId: call.id }} {...props}>
			{words}
		</Link>
	);
}

function Time({ row, skew }: PartProps) {
	if (row.ended) return <span>{duration(row.ended.duration * 1000)}</span>;
	return <Elapsed since={row.call.startedAt} skew={skew} />;
}

function Numbers({ call }: { call: LiveCall }) {
	return (
		<span className={classes.numbers}>
			<DirectionIcon direction={call.direction} />
			{call.from || call.to ? (
				<>
					<PhoneNumber number={call.from} />
					<span aria-hidden="true">→</span>
					<span className="rs-sr">to</span>
					<PhoneNumber number={call.to} />
				</>
			) : (
				<span className="rs-dim">No numbers</span>
			)}
		</span>
	);
}

/** What the call is about. */
function About({ call }: { call: LiveCall }) {
	const text = call.scenario || call.context;
	return (
		<span className={classes.about} title={text}>
			{text}
		</span>
	);
}

function Tool({ call }: { call: LiveCall }) {
	if (!call.currentTool) return null;
	return (
		<span className={classes.tool} title={`${call.currentTool} has not answered yet`}>
			<Icon name="tool" size={14} />
			<span className={`rs-mono ${classes.cut}`}>{call.currentTool}</span>
		</span>
	);
}

/** Alerts in words; before the answer and after the end, that. */
function Trouble({ row }: { row: Row }) {
	const { call, ended } = row;
	if (ended) return <Badge icon="check">Ended</Badge>;
	if ((call.alerts ?? []).length > 0) {
		return (
			<span className={classes.trouble}>
				<ProposalMark proposals={call.proposals} />
				<AlertWords alerts={call.alerts} />
			</span>
		);
	}
	if (call.status === "in_progress") return null;
	const { text, tone } = wordOf(statuses, statusOf(call.status));
	return (
		<Badge bare tone={tone} icon="clock">
			{text}
		</Badge>
	);
}

function LastWords({ row }: { row: Row }) {
	const { call, ended } = row;
	const role = roleOf(call.lastLine?.speaker);
	return (
		<>
			<Level speaking={ended ? undefined : call.speaking} />
			{role && call.lastLine ? (
				<>
					<span className={classes.role} data-role={role}>
						{wordOf(roles, role).text}
					</span>
					<span className={classes.cut}>{call.lastLine.text}</span>
				</>
			) : (
				<span className={`rs-dim ${classes.cut}`}>Nothing said yet</span>
			)}
		</>
	);
}
