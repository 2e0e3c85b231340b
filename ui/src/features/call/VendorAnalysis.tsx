import { Badge, Raw } from "../../components/Badge";
import type { IconName } from "../../components/Icon";
import { JsonView } from "../../components/JsonView";
import { Fact, Facts, Section } from "../../components/Page";
import { humanise, type Tone } from "../../lib/words";
import classes from "./Overview.module.css";
import type { Analysis } from "./types";

const sentiments: Record<string, Tone> = { positive: "good", neutral: "quiet", negative: "bad" };

const verdicts: Record<string, { tone: Tone; icon: IconName }> = {
	success: { tone: "good", icon: "check" },
	failure: { tone: "bad", icon: "close" },
	unknown: { tone: "quiet", icon: "question" },
};

/** The vendor's own reading of the call, as it came. */
export function VendorAnalysis({ analysis: a, vendor }: { analysis: Analysis; vendor: string }) {
	const structured = a.structured ?? {};
	const criteria = a.criteria ?? [];
	const tags = a.tags ?? [];
	return (
		<Section title={`${vendor}'s analysis`} lead="The vendor's own word, unchecked.">
			{a.summary && <p className={classes.summary}>{a.summary}</p>}
			<Facts>
				{a.success && (
					<Fact name="Success">
						<Raw value={a.success}>{humanise(a.success)}</Raw>
						<span className="rs-dim"> as it came</span>
					</Fact>
				)}
				{a.sentiment && (
					<Fact name="Sentiment">
						<Badge tone={sentiments[a.sentiment] ?? "quiet"}>{humanise(a.sentiment)}</Badge>
					</Fact>
				)}
				{tags.length > 0 && (
					<Fact name="Tags">
						<span className={classes.tags}>
							{tags.map((t) => (
								<Badge key={t}>{t}</Badge>
							))}
						</span>
					</Fact>
				)}
			</Facts>
			{criteria.length > 0 && (
				<table className={classes.table}>
					<caption>Criteria</caption>
					<thead>
						<tr>
							<th>Check</th>
							<th>Result</th>
							<th>Why</th>
						</tr>
					</thead>
					<tbody>
						{criteria.map((c, i) => (
							<tr key={i}>
								<th scope="row">{c.name}</th>
								<td>
									<Badge bare tone={verdicts[c.result]?.tone} icon={verdicts[c.result]?.icon}>
										{humanise(c.result)}
									</Badge>
									{c.score != null && String(c.score) !== c.result && ` (${c.score})`}
								</td>
								<td>{c.reason || <span className="rs-dim">—</span>}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			{Object.keys(structured).length > 0 && (
				<>
					<h3 className={classes.subtitle}>Extracted data</h3>
					<JsonView value={structured} label="Extracted data" open={2} />
				</>
			)}
		</Section>
	);
}
