import { Badge } from "../../components/Badge";
import { Fact } from "../../components/Page";
import { When } from "../../components/Values";
import { count, latency, plural } from "../../lib/format";
import type { Source } from "./queries";

/** How passing a source's deliveries on goes, as facts of its card; nothing when it passes none on. */
export function ForwardingFacts({ source }: { source: Source }) {
	const f = source.forwarding;
	if (!f) return null;
	return (
		<>
			<Fact name="Forwards to">{source.forward_url || "Your team's endpoint"}</Fact>
			<Fact name="In the last hour">
				{f.deliveries === 0
					? "None forwarded"
					: `${plural(f.deliveries, "delivery", "deliveries")} forwarded`}
			</Fact>
			<Fact name="Endpoint answers in">
				<Times p50={f.endpoint_p50_ms} p99={f.endpoint_p99_ms} n={f.measured} />
			</Fact>
			<Fact name="Ringside adds">
				<Times p50={f.added_p50_ms} p99={f.added_p99_ms} n={f.measured} />
			</Fact>
			<Fact name="Failed">
				{f.failures > 0 ? (
					<Badge tone="bad" icon="alert" bare>
						{count(f.failures)} without a good answer
					</Badge>
				) : (
					"None"
				)}
			</Fact>
			{f.last_error_at && (
				<Fact name="Last failure">
					<span>
						{f.last_error}, <When at={f.last_error_at} />
					</span>
				</Fact>
			)}
			{f.waiting > 0 && (
				<Fact name="Not stored yet">
					<Badge tone="watch" icon="clock" bare>
						{count(f.waiting)} kept on disk until the database takes them
					</Badge>
				</Fact>
			)}
		</>
	);
}

function Times({ p50, p99, n }: { p50: number | null; p99: number | null; n: number }) {
	if (p50 === null || p99 === null) return <>{latency(null)}</>;
	return (
		<span
			title={`Of ${plural(n, "delivery", "deliveries")}: half within the first, 99 of 100 within the second`}
		>
			{latency(p50)} median, {latency(p99)} p99
		</span>
	);
}
