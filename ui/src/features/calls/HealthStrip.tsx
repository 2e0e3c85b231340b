import { Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { sentence } from "../../api/error";
import { StatTile } from "../../components/StatTile";
import { count, duration, latency, money, plural, share } from "../../lib/format";
import { failures, reasonWords, wordOf } from "../../lib/words";
import classes from "./HealthStrip.module.css";
import { change, classShare, points, rate, whyNoRate } from "./health";
import { healthQuery } from "./queries";
import { type CallsSearch, values } from "./search";
import type { Health } from "./types";

/** A figure that leads to the calls that it counts. */
function Figure({ search, children }: { search: CallsSearch; children: ReactNode }) {
	return (
		<Link to="/calls" search={search} className={classes.figure}>
			{children}
		</Link>
	);
}

/** The last 24 hours against the 24 before, for all agents or the filtered ones. Simulations are left out. */
export function HealthStrip({ agent }: { agent: string | undefined }) {
	const { data: health, error, isPending } = useQuery(healthQuery(values(agent)));
	if (error && !health) {
		return (
			<p className={classes.error} role="alert">
				Could not load the last 24 hours. {sentence(error)}
			</p>
		);
	}
	return (
		<section className={classes.strip} aria-label="Last 24 hours against the 24 hours before">
			<Tiles health={health} loading={isPending} agent={agent} />
		</section>
	);
}

function Tiles({ health, loading, agent }: { health?: Health; loading: boolean; agent?: string }) {
	const base: CallsSearch = { ...(agent ? { agent } : {}), range: "24h", simulation: false };
	const now = health?.now;
	const before = health?.before;
	const success = rate(now?.success_rate, now?.judged ?? 0);
	const failure = rate(now?.failure_rate, now?.ended ?? 0);
	return (
		<>
			<StatTile
				label="Calls, 24 h"
				loading={loading}
				value={<Figure search={base}>{count(now?.calls)}</Figure>}
				delta={change(now?.calls, before?.calls, "neither")}
			>
				{!!now?.active && (
					<Link to="/calls" search={{ ...base, status: "queued,ringing,active" }} className={classes.live}>
						{count(now.active)} in progress
					</Link>
				)}
			</StatTile>
			<StatTile
				label="Success"
				loading={loading}
				value={
					success === null ? null : <Figure search={{ ...base, success: "true" }}>{share(success)}</Figure>
				}
				why={whyNoRate(now?.judged ?? 0, "judged calls")}
				delta={points(success, rate(before?.success_rate, before?.judged ?? 0), "up")}
				sample={success === null ? undefined : `n ${count(now?.judged)}`}
			/>
			<FailureTile health={health} base={base} failure={failure} loading={loading} />
			<StatTile
				label="Response p95"
				loading={loading}
				value={
					now?.response_p95_ms == null ? null : <Figure search={base}>{latency(now.response_p95_ms)}</Figure>
				}
				why="No vendor sent response times"
				delta={change(now?.response_p95_ms, before?.response_p95_ms, "down")}
				sample={now?.response_n ? `claimed, n ${count(now.response_n)}` : undefined}
			/>
			<StatTile
				label="Average duration"
				loading={loading}
				value={
					now?.avg_duration_ms == null ? null : (
						<Figure search={{ ...base, sort: "-duration_ms" }}>{duration(now.avg_duration_ms)}</Figure>
					)
				}
				why="No call has ended"
				delta={change(now?.avg_duration_ms, before?.avg_duration_ms, "neither")}
			/>
			<StatTile
				label="Cost"
				loading={loading}
				value={
					now?.cost ? (
						<Figure search={{ ...base, sort: "-cost" }}>{money(now.cost.total, now.cost.currency)}</Figure>
					) : null
				}
				why="No vendor sent a cost"
				delta={
					now?.cost?.currency === before?.cost?.currency
						? change(now?.cost?.total, before?.cost?.total, "neither")
						: null
				}
			/>
		</>
	);
}

interface FailureProps {
	health?: Health;
	base: CallsSearch;
	failure: number | null;
	loading: boolean;
}

function FailureTile({ health, base, failure, loading }: FailureProps) {
	const list = health?.failures ?? [];
	const now = health?.now;
	const before = health?.before;
	const all = list.map((f) => f.class).join(",");
	return (
		<div className={classes.wide}>
			<StatTile
				label="Failures"
				loading={loading}
				value={
					failure === null ? null : (
						<Figure search={all ? { ...base, failure_class: all } : base}>{share(failure)}</Figure>
					)
				}
				why={whyNoRate(now?.ended ?? 0, "ended calls")}
				delta={points(failure, rate(before?.failure_rate, before?.ended ?? 0), "down")}
				sample={failure === null ? undefined : `n ${count(now?.ended)}`}
			/>
			<ul className={classes.classes} aria-label="Failures by class">
				{list.slice(0, 4).map((f) => (
					<li key={f.class}>
						<Tooltip label={<Reasons failure={f} ended={now?.ended ?? 0} />}>
							<Link to="/calls" search={{ ...base, failure_class: f.class }} className={classes.class}>
								<span>{wordOf(failures, f.class).text}</span>
								<span className={classes.n}>{count(f.count)}</span>
							</Link>
						</Tooltip>
					</li>
				))}
			</ul>
		</div>
	);
}

function Reasons({ failure, ended }: { failure: NonNullable<Health["failures"]>[number]; ended: number }) {
	return (
		<>
			<div>
				{plural(failure.count, "call")}, {classShare(failure.count, ended)} of those that ended
			</div>
			{(failure.reasons ?? []).map((r) => (
				<div key={r.reason}>
					{reasonWords(r.reason) || "No reason given"}: {count(r.count)}
				</div>
			))}
		</>
	);
}
