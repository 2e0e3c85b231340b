import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { Badge } from "../../components/Badge";
import { Cell } from "../../components/Table";
import { Duration, When } from "../../components/Values";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { SeverityBadge } from "./AlertParts";
import classes from "./alerts.module.css";
import type { Alert } from "./queries";
import { placeOf, settledBy } from "./words";

interface RowProps {
	alert: Alert;
	selected: boolean;
	mayManage: boolean;
	onSelect: () => void;
}

export function AlertRow({ alert: a, selected, mayManage, onSelect }: RowProps) {
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
						<Link to="/alerts" search={{ rule: a.rule_id }} title="Alerts of this rule">
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
			<Cell wide>{a.call.agent?.name || <span className="rs-dim">No agent</span>}</Cell>
			<Cell align="end" wide>
				<Duration ms={a.at_ms} />
			</Cell>
			<Cell wide>
				<When at={a.triggered_at} />
			</Cell>
			{mayManage && a.status !== "resolved" && (
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

function Actions({ alert: a }: { alert: Alert }) {
	const client = useQueryClient();
	const again = () => client.invalidateQueries({ queryKey: ["alerts"] });
	const path = { params: { path: { id: a.id } } };
	const refused = (what: string) => (e: Error) =>
		toast({ title: `Could not ${what} the alert`, detail: capital(sentence(e)), tone: "bad" });
	const acknowledge = useMutation({
		mutationFn: () => data(api.POST("/v1/alerts/{id}/acknowledge", path)),
		onSuccess: async () => {
			toast({ title: "Acknowledged: it is yours", tone: "good" });
			await again();
		},
		onError: refused("acknowledge"),
	});
	const resolve = useMutation({
		mutationFn: () => data(api.POST("/v1/alerts/{id}/resolve", path)),
		onSuccess: async () => {
			toast({ title: "Resolved: it does not come again in this call", tone: "good" });
			await again();
		},
		onError: refused("resolve"),
	});
	const which = <span className="rs-sr"> {a.message}</span>;
	return (
		<div className={classes.actions}>
			{a.status === "triggered" && (
				<Button size="compact-sm" loading={acknowledge.isPending} onClick={() => acknowledge.mutate()}>
					Acknowledge{which}
				</Button>
			)}
			<Button size="compact-sm" loading={resolve.isPending} onClick={() => resolve.mutate()}>
				Resolve{which}
			</Button>
		</div>
	);
}
