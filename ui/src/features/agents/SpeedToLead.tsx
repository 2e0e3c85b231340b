import { VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { sentence } from "../../api/error";
import { Section } from "../../components/Page";
import { latency, plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import classes from "./agents.module.css";
import { type LeadBucket, speedQuery } from "./queries";

/** "1 to 2 s"; the last range has no end. */
export function rangeWords({ from_ms, to_ms }: LeadBucket): string {
	if (to_ms == null) return `${from_ms / 1000} s and longer`;
	return from_ms === 0 ? `Under ${to_ms / 1000} s` : `${from_ms / 1000} to ${to_ms / 1000} s`;
}

/** How soon the agent answered those who called; nothing while no call tells. */
export function SpeedToLead({ id }: { id: string }) {
	const speed = useQuery(speedQuery(id));
	if (speed.isError) {
		return (
			<Section title="How soon it answers">
				<p className="rs-dim">{capital(sentence(speed.error))}</p>
			</Section>
		);
	}
	const s = speed.data;
	if (!s || s.calls === 0) return null;
	const most = Math.max(...s.buckets.map((b) => b.calls));
	return (
		<Section title="How soon it answers">
			<p className="rs-dim">
				From the call's arrival to the agent's first word: median {latency(s.p50_ms)}
				{s.p90_ms != null && `, 9 of 10 within ${latency(s.p90_ms)}`}, longest {latency(s.max_ms)}, of{" "}
				{plural(s.calls, "call")} of the last 30 days.
			</p>
			<table className={classes.speed}>
				<caption>
					<VisuallyHidden>Calls by the time to the agent's first word</VisuallyHidden>
				</caption>
				<tbody>
					{s.buckets.map((b) => (
						<tr key={b.from_ms}>
							<th scope="row">{rangeWords(b)}</th>
							<td>{b.calls}</td>
							<td>
								<svg aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none">
									<rect width={(100 * b.calls) / most} height="8" />
								</svg>
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</Section>
	);
}
