import { useQuery } from "@tanstack/react-query";
import { sentence } from "../../api/error";
import { Section } from "../../components/Page";
import { latency, plural } from "../../lib/format";
import { type LeadBucket, speedQuery } from "./queries";
import { Spread } from "./Spread";

/** "1 to 2 s"; the last range has no end. */
export function rangeWords({ from_ms, to_ms }: LeadBucket): string {
	if (to_ms == null) return `${from_ms / 1000} s and longer`;
	return from_ms === 0 ? `Under ${to_ms / 1000} s` : `${from_ms / 1000} to ${to_ms / 1000} s`;
}

/** How soon the agent answered those who called; nothing while no call tells. */
export function SpeedToLead({ id }: { id: string }) {
	const speed = useQuery(speedQuery(id));
	if (speed.isError && !speed.data) {
		return (
			<Section title="How soon it answers">
				<p className="rs-dim">It could not be loaded: {sentence(speed.error)}</p>
			</Section>
		);
	}
	const s = speed.data;
	if (!s || s.calls === 0) return null;
	return (
		<Section title="How soon it answers">
			<p className="rs-dim">
				From the call's arrival to the agent's first word: median {latency(s.p50_ms)}
				{s.p90_ms != null && `, 9 of 10 within ${latency(s.p90_ms)}`}, longest {latency(s.max_ms)}, of{" "}
				{plural(s.calls, "call")} of the last 30 days.
			</p>
			<Spread
				caption="Calls by the time to the agent's first word"
				rows={s.buckets.map((b) => ({ words: rangeWords(b), n: b.calls }))}
			/>
		</Section>
	);
}
