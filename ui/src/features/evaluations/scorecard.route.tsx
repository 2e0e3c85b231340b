import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { notFound } from "../../api/client";
import { Page, Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { noteRecent } from "../../lib/settings";
import { useCrumb } from "../frame/crumb";
import { type Scorecard, scorecardQuery } from "./queries";
import { ScorecardEditor } from "./ScorecardEditor";

export function ScorecardRoute() {
	const { id } = useParams({ from: "/app/evaluations/scorecards/$id" });
	return id === "new" ? <NewScorecard /> : <KeptScorecard key={id} id={id} />;
}

function NewScorecard() {
	useCrumb("New scorecard");
	return <ScorecardEditor onLoadAgain={() => {}} />;
}

function KeptScorecard({ id }: { id: string }) {
	const scorecard = useQuery(scorecardQuery(id));
	const s: Scorecard | undefined = scorecard.data;
	useCrumb(s?.name);
	useEffect(() => {
		if (s) noteRecent(`/evaluations/scorecards/${id}`, s.name);
	}, [id, s]);
	if (s) return <ScorecardEditor scorecard={s} onLoadAgain={() => void scorecard.refetch()} />;
	return (
		<Page title="Scorecard">
			<Section>
				{scorecard.isPending && <SkeletonText lines={10} />}
				{scorecard.isError &&
					(notFound(scorecard.error) ? (
						<EmptyState
							icon="note"
							title="There is no such scorecard"
							action={
								<Link to="/evaluations" search={{ view: "scorecards" }}>
									All scorecards
								</Link>
							}
						>
							It may have been deleted, or it belongs to another workspace.
						</EmptyState>
					) : (
						<ErrorState
							doing="load the scorecard"
							error={scorecard.error}
							retry={() => void scorecard.refetch()}
						/>
					))}
			</Section>
		</Page>
	);
}
