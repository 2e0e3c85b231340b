import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Badge } from "../../components/Badge";
import { Cell } from "../../components/Table";
import { Duration, When } from "../../components/Values";
import { Actions } from "./Actions";
import { SeverityBadge } from "./AlertParts";
import classes from "./alerts.module.css";
import type { Alert } from "./queries";
import { placeOf, settledBy } from "./words";

interface RowProps {
	alert: Alert;
	selected: boolean;
	/** Beside the drawer. */
	narrow: boolean;
	mayChange: boolean;
	onSelect: () => void;
}

export function AlertRow({ alert: a, selected, narrow, mayChange, onSelect }: RowProps) {
	const row = useRef<HTMLTableRowElement>(null);
	useEffect(() => {
		if (selected) row.current?.scrollIntoView({ block: "nearest" });
	}, [selected]);
	return (
		// The links and buttons in the row are the keyboard's way; J and K step.
		<tr ref={row} data-clickable data-selected={selected || undefined} onClick={onSelect}>
			<Cell wide>
				<SeverityBadge severity={a.severity} />
			</Cell>
			<Cell>
				<div className={classes.what}>
					<span>{a.message}</span>
					{a.quote && <q className="rs-dim">{a.quote}</q>}
					<span className={`${classes.under} ${classes.narrow}`}>
						<SeverityBadge severity={a.severity} />
						<When at={a.triggered_at} />
					</span>
					<span className={classes.under}>
						<Link
							to="/alerts"
							search={{ rule: a.rule_id }}
							title="Alerts of this rule"
							onClick={(e) => e.stopPropagation()}
						>
							{a.rule_name}
						</Link>
						<Settled alert={a} />
					</span>
				</div>
			</Cell>
			<Cell>
				<span className={classes.two}>
					<Link
						to="/calls/$id"
						params={{ id: a.call.short_id }}
						search={placeOf(a)}
						className="rs-mono"
						onClick={(e) => e.stopPropagation()}
					>
						{a.call.short_id}
					</Link>
					{a.call.status === "active" && (
						<Link to="/live/$callId" params={{ callId: a.call_id }} onClick={(e) => e.stopPropagation()}>
							<Badge bare tone="live" icon="wave">
								Watch live
							</Badge>
						</Link>
					)}
				</span>
			</Cell>
			{!narrow && (
				<>
					<Cell wide>{a.call.agent?.name || <span className="rs-dim">No agent</span>}</Cell>
					<Cell align="end" wide>
						<Duration ms={a.at_ms} />
					</Cell>
					<Cell wide>
						<When at={a.triggered_at} />
					</Cell>
				</>
			)}
			{!narrow && mayChange && a.status !== "resolved" && (
				<Cell>
					<Actions alert={a} />
				</Cell>
			)}
		</tr>
	);
}

function Settled({ alert }: { alert: Alert }) {
	const s = settledBy(alert);
	if (!s) return null;
	return (
		<span className="rs-dim">
			{s.itself ? `${s.by}, ` : `${s.word}${s.by ? ` by ${s.by}` : ""}, `}
			<When at={s.at} />
		</span>
	);
}
