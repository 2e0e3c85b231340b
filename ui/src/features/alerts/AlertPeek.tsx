import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { notFound } from "../../api/client";
import { Badge } from "../../components/Badge";
import { CopyID } from "../../components/Copy";
import { Icon } from "../../components/Icon";
import { Fact, Facts } from "../../components/Page";
import { Peek } from "../../components/Peek";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { Duration, When } from "../../components/Values";
import { plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { wordOf } from "../../lib/words";
import { Actions } from "./Actions";
import { SeverityBadge } from "./AlertParts";
import classes from "./alerts.module.css";
import { type FullAlert, oneAlertQuery } from "./queries";
import { channelNames } from "./tell";
import { messageEvents, messageStates, placeOf, settledBy, toldWords } from "./words";

interface PeekProps {
	id: string;
	mayChange: boolean;
	onClose: () => void;
}

/** One alert: what shows it, what was done about it, and whom it reached. */
export function AlertPeek({ id, mayChange, onClose }: PeekProps) {
	const one = useQuery(oneAlertQuery(id));
	const a = one.data;
	return (
		<Peek label="Alert" head={a && <SeverityBadge severity={a.severity} />} onClose={onClose}>
			<div className={classes.peek}>
				{one.isPending && <SkeletonText lines={8} />}
				{one.isError &&
					!a &&
					(notFound(one.error) ? (
						<EmptyState title="This alert is gone">It went with its call.</EmptyState>
					) : (
						<ErrorState doing="load the alert" error={one.error} retry={() => void one.refetch()} />
					))}
				{a && <Whole alert={a} mayChange={mayChange} />}
			</div>
		</Peek>
	);
}

function Whole({ alert: a, mayChange }: { alert: FullAlert; mayChange: boolean }) {
	const settled = settledBy(a);
	return (
		<>
			<p className={classes.message}>{a.message}</p>
			{a.quote && <q>{a.quote}</q>}
			<div className={classes.bar}>
				<Button
					size="compact-sm"
					leftSection={<Icon name="calls" size={14} />}
					renderRoot={(props) => (
						<Link to="/calls/$id" params={{ id: a.call.short_id }} search={placeOf(a)} {...props} />
					)}
				>
					Its call, at that moment
				</Button>
				{mayChange && a.status !== "resolved" && <Actions alert={a} />}
			</div>
			<Facts>
				<Fact name="Rule">
					<Link to="/alerts" search={{ rule: a.rule_id }} title="Alerts of this rule">
						{a.rule_name}
					</Link>
				</Fact>
				<Fact name="Agent">{a.call.agent?.name || <span className="rs-dim">No agent</span>}</Fact>
				<Fact name="Triggered">
					<When at={a.triggered_at} form="exact" />
				</Fact>
				<Fact name="Into the call">
					<Duration ms={a.at_ms} />
				</Fact>
				{settled && (
					<Fact name={settled.word}>
						{settled.by && `${settled.by}, `}
						<When at={settled.at} />
					</Fact>
				)}
				<Fact name="Id">
					<CopyID value={a.id} label="Copy the alert's id" />
				</Fact>
			</Facts>
			<Told alert={a} />
		</>
	);
}

/** Each message to each channel, and what became of it. */
function Told({ alert: a }: { alert: FullAlert }) {
	return (
		<section className={classes.told} aria-label="Whom it reached">
			<h3>Whom it reached</h3>
			{a.messages.length === 0 && <p className="rs-dim">{toldWords[a.told]}</p>}
			<ol aria-label="Messages">
				{a.messages.map((m) => {
					const state = wordOf(messageStates, m.status);
					return (
						<li key={m.id}>
							<span className={`${classes.bar} ${classes.between}`}>
								<b>
									{channelNames[m.channel] ?? m.channel}: {wordOf(messageEvents, m.event).text.toLowerCase()}
								</b>
								<Badge bare tone={state.tone} icon={m.status === "failed" ? "alert" : "check"}>
									{state.text}
								</Badge>
							</span>
							<span className="rs-dim">
								<When at={m.finished_at ?? m.at} form="exact" />
								{m.attempts > 1 && `, ${plural(m.attempts, "attempt")}`}
							</span>
							{m.reason && <span>{capital(m.reason)}</span>}
						</li>
					);
				})}
			</ol>
		</section>
	);
}
