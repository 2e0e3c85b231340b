import { lazy, Suspense } from "react";
import classes from "./Analysis.module.css";
import { analysed } from "./analysis";
import { CriteriaCard } from "./CriteriaCard";
import { ExtractedCard } from "./ExtractedCard";
import { FindingsCard } from "./FindingsCard";
import { QualityCard } from "./QualityCard";
import { SentimentCard } from "./SentimentCard";
import { SummaryCard } from "./SummaryCard";
import type { Call } from "./types";
import { UsageCard } from "./UsageCard";

// With its dialog it is more than a call's page should wait for.
const CallEvaluations = lazy(() =>
	import("../evaluations/CallEvaluations").then((m) => ({ default: m.CallEvaluations })),
);

/** What Ringside makes of the call, by rules and by a language model. */
export function AnalysisBlock({ call }: { call: Call }) {
	const evaluations = (
		<Suspense>
			<CallEvaluations call={call.id} />
		</Suspense>
	);
	return (
		<div className={classes.analysis}>
			<SummaryCard call={call} />
			{analysed(call) ? (
				<div className={classes.cards}>
					<div className={classes.column}>
						<FindingsCard call={call} />
						<CriteriaCard call={call} />
						{evaluations}
					</div>
					<div className={classes.column}>
						{call.quality && <QualityCard quality={call.quality} />}
						{call.sentiment && (
							<SentimentCard sentiment={call.sentiment} turns={call.turns ?? []} model={call.judge?.model} />
						)}
						<ExtractedCard values={call.extracted ?? {}} />
						{call.judge && <UsageCard usage={call.judge} />}
					</div>
				</div>
			) : (
				evaluations
			)}
		</div>
	);
}
