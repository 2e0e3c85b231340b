import { MethodLabel, ScoreValue } from "../../components/Judgement";
import { Section } from "../../components/Page";
import { share } from "../../lib/format";
import { qualityParts, scoreTone, wordOf } from "../../lib/words";
import classes from "./Analysis.module.css";
import { coverageWords } from "./analysis";
import type { Quality, QualityPart } from "./types";

/** One figure for how well the call went, and what it is made of. */
export function QualityCard({ quality: q }: { quality: Quality }) {
	const parts = q.parts ?? [];
	const why = sameReason(parts);
	if (q.score == null && why) {
		return (
			<Section title="Score">
				<p className="rs-dim">Not measured: {why}</p>
			</Section>
		);
	}
	return (
		<Section title="Score" actions={<MethodLabel method={q.method} />}>
			<div className={classes.total}>
				<ScoreValue value={q.score} big />
				{q.score != null && <span className="rs-dim">of 100</span>}
				<span className={classes.coverage}>{coverageWords(q)}</span>
			</div>
			<ul className={classes.parts} aria-label="Parts of the score">
				{parts.map((p) => (
					<Part key={p.name} part={p} />
				))}
			</ul>
		</Section>
	);
}

/** The reason that all parts give, if it is one: then it is said once. */
function sameReason(parts: QualityPart[]): string | undefined {
	const [first, ...others] = parts;
	return others.every((p) => p.reason === first?.reason) ? first?.reason : undefined;
}

function Part({ part: p }: { part: QualityPart }) {
	const { text } = wordOf(qualityParts, p.name);
	return (
		<li className={classes.part} data-missing={p.score == null || undefined}>
			<span className={classes.partName}>{text}</span>
			<svg className={classes.partBar} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
				{p.score != null && <rect data-tone={scoreTone(p.score)} width={Math.max(1, p.score)} height={1} />}
			</svg>
			<ScoreValue value={p.score} />
			<span className={classes.weight} title={`Counts ${share(p.weight, 0)} of the score`}>
				<span className="rs-sr">, weight </span>
				{share(p.weight, 0)}
			</span>
			<span className={classes.partReason}>
				{p.score == null && "Not measured: "}
				{p.reason}
			</span>
		</li>
	);
}
