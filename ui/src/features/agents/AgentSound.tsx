import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Section } from "../../components/Page";
import { ErrorState, SkeletonText } from "../../components/States";
import { count, latency, plural, share } from "../../lib/format";
import classes from "./AgentSound.module.css";
import { type AgainstClaim, type AgentSound as Sound, soundQuery } from "./queries";
import { Spread } from "./Spread";
import { countRows, responseRows } from "./sound";

/** What was heard in the agent's calls: how they answer, who cuts in, when nobody speaks. */
export function AgentSound({ id }: { id: string }) {
	const sound = useQuery(soundQuery(id));
	const s = sound.data;
	return (
		<Section
			title="Sound"
			lead="Heard in the recordings that Ringside keeps, of calls of the last 30 days."
			actions={
				s &&
				s.calls > 0 && (
					<Link to="/calls" search={{ agent: id, range: "30d", recording: true }}>
						Calls with a recording
					</Link>
				)
			}
		>
			{sound.isPending && <SkeletonText lines={8} />}
			{sound.isError && !s && (
				<ErrorState doing="load what was heard" error={sound.error} retry={() => void sound.refetch()} />
			)}
			{s?.calls === 0 && (
				<p className="rs-dim">No recording kept in this time. A call's recording is heard once it is kept.</p>
			)}
			{s && s.calls > 0 && <Heard sound={s} />}
		</Section>
	);
}

function Heard({ sound: s }: { sound: Sound }) {
	return (
		<div className={classes.grid}>
			{s.apart === 0 ? (
				<Part title="Response">
					<p className="rs-dim">
						{plural(s.calls, "recording")}, all of one channel: nothing can be told of who speaks.
					</p>
				</Part>
			) : (
				<>
					<Response sound={s} />
					<Count title="Interruptions by the agent" of={s.interruptions_by_agent} />
					<Count title="Interruptions by the caller" of={s.interruptions_by_customer} />
				</>
			)}
			<Count title="Silences of 2 s and longer" of={s.silences} />
			<Claims turns={s.against_claim} calls={s.against_median} />
		</div>
	);
}

function Part({ title, children }: { title: string; children: ReactNode }) {
	return (
		<section className={classes.part} aria-label={title}>
			<h3>{title}</h3>
			{children}
		</section>
	);
}

function Response({ sound: { response: r } }: { sound: Sound }) {
	return (
		<Part title="Response">
			<p className="rs-dim">
				{r.turns === 0
					? "No answer of the agent's was heard."
					: `Median ${latency(r.p50_ms)}${r.p95_ms == null ? "" : `, 95 of 100 within ${latency(r.p95_ms)}`}; n = ${plural(r.turns, "turn")} of ${plural(r.calls, "call")}.`}
			</p>
			<Spread caption="Turns by how long the caller waited" rows={responseRows(r.buckets ?? [])} />
		</Part>
	);
}

function Count({ title, of }: { title: string; of: Sound["silences"] }) {
	const rate = of.share == null ? " in all" : `, in ${share(of.share, 0)} of the calls`;
	return (
		<Part title={title}>
			<p className="rs-dim">
				{of.total === 0 ? "None" : count(of.total)}
				{of.total > 0 && rate}; n = {plural(of.calls, "call")}.
			</p>
			<Spread caption={`Calls by ${title.toLowerCase()}`} rows={countRows(of.buckets ?? [])} />
		</Part>
	);
}

/** "300 ms longer": than is claimed. */
function moreWords(ms: number): string {
	if (Math.abs(ms) < 50) return "no difference to speak of";
	return `${latency(Math.abs(ms))} ${ms > 0 ? "longer" : "shorter"}`;
}

function Claims({ turns, calls }: { turns: AgainstClaim; calls: AgainstClaim }) {
	const rows = [
		{ name: `Turns, n = ${turns.n} of ${plural(turns.calls, "call")}`, a: turns },
		{ name: `Medians of calls, n = ${calls.n}`, a: calls },
	].filter(({ a }) => a.n > 0);
	return (
		<Part title="Heard against claimed">
			{rows.length === 0 ? (
				<p className="rs-dim">The vendor claims no response times of these calls.</p>
			) : (
				<table className={classes.claims}>
					<thead>
						<tr>
							<th scope="col">Of</th>
							<th scope="col">Heard</th>
							<th scope="col">Claimed</th>
							<th scope="col">Heard is</th>
						</tr>
					</thead>
					<tbody>
						{rows.map(({ name, a }) => (
							<tr key={name}>
								<th scope="row">{name}</th>
								<td>
									{latency(a.heard_p50_ms)}
									{a.heard_p95_ms != null && <small>p95 {latency(a.heard_p95_ms)}</small>}
								</td>
								<td>
									{latency(a.claimed_p50_ms)}
									{a.claimed_p95_ms != null && <small>p95 {latency(a.claimed_p95_ms)}</small>}
								</td>
								<td>{moreWords(a.more_p50_ms ?? 0)}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</Part>
	);
}
