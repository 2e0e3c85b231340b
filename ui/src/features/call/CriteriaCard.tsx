import { asText } from "../../components/JsonView";
import { MethodLabel, ScoreValue, VerdictBadge } from "../../components/Judgement";
import { Section } from "../../components/Page";
import classes from "./Analysis.module.css";
import { criterionName, failedFirst, sameMethod } from "./analysis";
import { Quote } from "./FindingsCard";
import { Shortened } from "./Shortened";
import type { Call, Score, Turn } from "./types";

const most = 8;

/** What the call was scored by, failures first, and the words that each verdict rests on. */
export function CriteriaCard({ call }: { call: Call }) {
	const scores = failedFirst(call.scores ?? []);
	if (scores.length === 0) return null;
	const method = sameMethod(scores);
	return (
		<Section title="Criteria" actions={<MethodLabel method={method} model={scores[0]?.model} />}>
			<Shortened
				items={scores}
				most={most}
				what="criteria"
				render={(s) => <Criterion score={s} turns={call.turns ?? []} by={method ? undefined : s.method} />}
			/>
		</Section>
	);
}

interface CriterionProps {
	score: Score;
	turns: Turn[];
	/** The method, where the card does not say it for all. */
	by: string | undefined;
}

function Criterion({ score: s, turns, by }: CriterionProps) {
	const timeOf = (turn: number) => turns.find((t) => t.index === turn)?.start_ms ?? null;
	return (
		<article className={classes.item}>
			<div className={classes.itemHead}>
				<span className={classes.itemName}>
					<span className={classes.name}>{criterionName(s)}</span>
					<VerdictBadge verdict={s.verdict} />
					<MethodLabel method={by} model={s.model} />
				</span>
				{s.value != null && (
					<span className={classes.end}>
						<ScoreValue value={s.value} />
					</span>
				)}
			</div>
			{s.answer != null && <p className={classes.detail}>Answer: {asText(s.answer)}</p>}
			{s.reason && <p className={classes.detail}>{s.reason}</p>}
			{(s.evidence ?? []).map((e, i) => (
				<Quote key={i} quote={e.quote} turn={e.turn} at={timeOf(e.turn)} />
			))}
		</article>
	);
}
