import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data, notFound } from "../../api/client";
import { sentence } from "../../api/error";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import { VerdictBadge } from "../../components/Judgement";
import { Fact, Facts } from "../../components/Page";
import { Peek } from "../../components/Peek";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { evaluationTriggers, wordOf } from "../../lib/words";
import { EvaluationStatus, judgedBy, scorecardName } from "./EvaluationParts";
import classes from "./evaluations.module.css";
import { type Evaluation, evaluationQuery, unsettled } from "./queries";
import { ResultBody } from "./ResultBody";

interface PeekProps {
	id: string;
	mayChange: boolean;
	/** Opens another evaluation: the one that a re-run made. */
	onOpen: (id: string) => void;
	onClose: () => void;
}

/** What one call came to, and why. */
export function ResultPeek({ id, mayChange, onOpen, onClose }: PeekProps) {
	const evaluation = useQuery(evaluationQuery(id));
	const e = evaluation.data;
	return (
		<Peek
			label="Result"
			head={e && (e.verdict ? <VerdictBadge verdict={e.verdict} /> : <EvaluationStatus status={e.status} />)}
			onClose={onClose}
		>
			<div className={classes.stack}>
				{evaluation.isPending && <SkeletonText lines={8} />}
				{evaluation.isError &&
					!e &&
					(notFound(evaluation.error) ? (
						<EmptyState title="This result is gone">Its call was deleted.</EmptyState>
					) : (
						<ErrorState
							doing="load the result"
							error={evaluation.error}
							retry={() => void evaluation.refetch()}
						/>
					))}
				{e && (
					<>
						<About evaluation={e} />
						{mayChange && !unsettled(e) && <Rerun evaluation={e} onOpen={onOpen} />}
						<Outcome evaluation={e} />
					</>
				)}
			</div>
		</Peek>
	);
}

function About({ evaluation: e }: { evaluation: Evaluation }) {
	return (
		<Facts>
			<Fact name="Call">
				<Link to="/calls/$id" params={{ id: e.call.short_id }} className="rs-mono">
					{e.call.short_id}
				</Link>{" "}
				<span className="rs-dim">
					{e.call.agent?.name && `${e.call.agent.name}, `}
					<When at={e.call.started_at} />
				</span>
			</Fact>
			<Fact name="Evaluator">{e.evaluator_name}</Fact>
			<Fact name="Scorecard">
				{e.scorecard_id ? (
					<Link to="/evaluations/scorecards/$id" params={{ id: e.scorecard_id }}>
						{scorecardName(e)}
					</Link>
				) : (
					scorecardName(e)
				)}
			</Fact>
			<Fact name="Asked for">
				{wordOf(evaluationTriggers, e.trigger).text}, <When at={e.created_at} />
			</Fact>
			<Fact name="Model">{judgedBy(e)}</Fact>
		</Facts>
	);
}

function Outcome({ evaluation: e }: { evaluation: Evaluation }) {
	if (e.status === "failed") {
		return (
			<FormNote tone="bad">
				{capital(e.reason || "it failed without a reason")} Run it again when the cause is gone.
			</FormNote>
		);
	}
	if (!e.result) {
		return (
			<FormNote tone="info">
				{e.reason ? capital(e.reason) : "It waits for its turn."} The result appears here by itself.
			</FormNote>
		);
	}
	return (
		<ResultBody
			result={e.result}
			scores={e.scores ?? []}
			usage={e.usage}
			note={e.reason}
			call={e.call.short_id}
		/>
	);
}

function Rerun({ evaluation: e, onOpen }: { evaluation: Evaluation; onOpen: (id: string) => void }) {
	const client = useQueryClient();
	const rerun = useMutation({
		mutationFn: () => data(api.POST("/v1/evaluations/{id}/rerun", { params: { path: { id: e.id } } })),
		onSuccess: async (again) => {
			toast({
				title: "The call is judged again",
				detail: again.id === e.id ? undefined : "The earlier result stays.",
			});
			if (again.id !== e.id) onOpen(again.id);
			await client.invalidateQueries({ queryKey: ["evaluations"] });
		},
		onError: (err) => toast({ title: "Could not run it again", detail: capital(sentence(err)), tone: "bad" }),
	});
	return (
		<div>
			<Button leftSection={<Icon name="refresh" />} loading={rerun.isPending} onClick={() => rerun.mutate()}>
				Re-run
			</Button>
		</div>
	);
}
