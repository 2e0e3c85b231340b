import { Link } from "@tanstack/react-router";
import { type MouseEvent, memo } from "react";
import { ProviderBadge, StatusBadge } from "../../components/Badge";
import { Highlight } from "../../components/Highlight";
import { ScoreValue } from "../../components/Judgement";
import { Duration, Money, When } from "../../components/Values";
import { roles, wordOf } from "../../lib/words";
import classes from "./CallsTable.module.css";
import { AgentName, type Column, callTime, Numbers, OutcomeBadge } from "./columns";
import { filtersOf } from "./queries";
import type { CallItem } from "./types";

interface RowProps {
	call: CallItem;
	index: number;
	top: number;
	height: number;
	selected: boolean;
	columns: Column[];
	narrow: boolean;
	onSelect: (index: number) => void;
}

/** One call. A click peeks; the time is a link to the whole page, so that it opens in a new tab too. */
export const CallRow = memo(function CallRow(props: RowProps) {
	const { call, index, top, height, selected, columns, narrow, onSelect } = props;
	const select = (e: MouseEvent) => {
		if ((e.target as HTMLElement).closest("a,button")) return;
		if (window.getSelection()?.toString()) return;
		onSelect(index);
	};
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: the grid's and the page's keys do the same
		<div
			id={`row-${call.id}`}
			className={classes.row}
			role="row"
			aria-rowindex={index + 2}
			aria-selected={selected}
			style={{ transform: `translateY(${top}px)`, height }}
			onClick={select}
		>
			{narrow ? <Card call={call} /> : <Cells call={call} columns={columns} />}
			<MatchLine call={call} />
		</div>
	);
});

function Cells({ call, columns }: { call: CallItem; columns: Column[] }) {
	return (
		<div className={classes.cells} role="presentation">
			{columns.map((c) => (
				<div key={c.id} role="gridcell" className={classes.cell} data-align={c.align}>
					{c.id === "time" ? <CallLink call={call} /> : c.cell(call)}
				</div>
			))}
		</div>
	);
}

function CallLink({ call }: { call: CallItem }) {
	return (
		<Link
			className={classes.link}
			to="/calls/$id"
			params={{ id: call.id }}
			search={(now) => filtersOf(now)}
			tabIndex={-1}
			preload={false}
		>
			<When at={callTime(call)} />
			<span className="rs-sr">: open the call</span>
		</Link>
	);
}

/** The same for a screen too narrow for columns. */
function Card({ call }: { call: CallItem }) {
	return (
		<div className={classes.card} role="gridcell">
			<div className={classes.cardLine}>
				<span className={classes.cardName}>
					<AgentName call={call} />
				</span>
				<span className={classes.cardEnd}>
					{call.quality != null && (
						<span>
							Score <ScoreValue value={call.quality} />
						</span>
					)}
					<CallLink call={call} />
				</span>
			</div>
			<div className={classes.cardLine}>
				<StatusBadge status={call.status} bare />
				<Numbers call={call} />
			</div>
			<div className={classes.cardLine}>
				<OutcomeBadge call={call} />
				<span className={classes.cardEnd}>
					<Duration ms={call.duration_ms} />
					<Money cost={call.cost} />
					<ProviderBadge provider={call.provider} />
				</span>
			</div>
		</div>
	);
}

function MatchLine({ call }: { call: CallItem }) {
	const m = call.matches?.[0];
	if (!m) return null;
	return (
		<div className={classes.match} role="gridcell">
			<span className={classes.role} data-role={m.role}>
				{wordOf(roles, m.role).text}
			</span>
			<span className={classes.said}>
				<Highlight text={m.text} ranges={m.ranges ?? []} />
			</span>
			{(call.matches?.length ?? 0) > 1 && <span className="rs-dim">+{(call.matches?.length ?? 1) - 1}</span>}
		</div>
	);
}
