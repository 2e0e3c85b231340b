import { SegmentedControl } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import { Page } from "../../components/Page";
import { EvaluatorsView } from "./EvaluatorsView";
import classes from "./evaluations.module.css";
import { ResultsView } from "./ResultsView";
import { ScorecardsView } from "./ScorecardsView";
import type { EvaluationsSearch } from "./search";

/** What calls were judged by, by whom, and what they came to. */
export function EvaluationsRoute() {
	const search = useSearch({ from: "/app/evaluations" });
	const navigate = useNavigate();
	const { change } = useMay();
	const go = (to: EvaluationsSearch) => void navigate({ to: "/evaluations", search: to, replace: true });
	const view = search.view ?? "results";
	return (
		<Page
			title="Evaluations"
			lead="An evaluator judges calls by a scorecard: when you ask for it, and by itself after the calls of the agents that it watches."
		>
			<div className={classes.bar}>
				<SegmentedControl
					aria-label="What to show"
					data={[
						{ value: "results", label: "Results" },
						{ value: "evaluators", label: "Evaluators" },
						{ value: "scorecards", label: "Scorecards" },
					]}
					value={view}
					onChange={(v) => go(v === "results" ? {} : { view: v as EvaluationsSearch["view"] })}
				/>
			</div>
			{view === "results" && <ResultsView search={search} onSearch={go} mayChange={change} />}
			{view === "evaluators" && <EvaluatorsView mayChange={change} />}
			{view === "scorecards" && <ScorecardsView mayChange={change} />}
		</Page>
	);
}
