import { Raw } from "../../components/Badge";
import { Fact, Facts, Section } from "../../components/Page";
import { Money } from "../../components/Values";
import { count, latency, plural } from "../../lib/format";
import type { Usage } from "./types";

/** What it took to ask a language model about the call. */
export function UsageCard({ usage: u }: { usage: Usage }) {
	return (
		<Section title="Language model">
			<Facts>
				<Fact name="Model">
					<Raw value={u.prompt_hash && `prompt ${u.prompt_hash}`}>{u.model}</Raw>
				</Fact>
				<Fact name="Tokens">
					{count(u.prompt_tokens)} read, {count(u.completion_tokens)} written
				</Fact>
				<Fact name="Cost">
					{u.cost_usd == null ? (
						<span className="rs-dim">No price is set for this model</span>
					) : (
						<Money cost={{ total: u.cost_usd, currency: "USD" }} />
					)}
				</Fact>
				<Fact name="Asked">
					{plural(u.requests, "time")}, {latency(u.duration_ms)} in all
				</Fact>
			</Facts>
		</Section>
	);
}
