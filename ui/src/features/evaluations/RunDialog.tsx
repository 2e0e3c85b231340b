import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Answer, api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { count, plural } from "../../lib/format";
import { capital, problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { agentsQuery } from "../agents/queries";
import classes from "./evaluations.module.css";
import { type Evaluator, evaluatorsQuery } from "./queries";
import { mostCalls, type RunDraft, runBody, runProblems } from "./run";

interface DialogProps {
	/** Chosen already. */
	evaluator?: string;
	/** The one call that is meant; without it one chooses. */
	call?: string;
	onClose: () => void;
}

/** Has an evaluator judge a call, or the calls that a filter means. */
export function RunDialog(props: DialogProps) {
	const evaluators = useQuery(evaluatorsQuery);
	return (
		<Modal opened onClose={props.onClose} title="Run an evaluator" size={520}>
			{evaluators.isPending && <SkeletonText lines={5} />}
			{evaluators.isError && (
				<ErrorState
					doing="load the evaluators"
					error={evaluators.error}
					retry={() => void evaluators.refetch()}
				/>
			)}
			{evaluators.data?.length === 0 && (
				<EmptyState
					icon="check"
					title="No evaluator yet"
					action={
						<Button
							renderRoot={(p) => <Link to="/evaluations" search={{ view: "evaluators" }} {...p} />}
							onClick={props.onClose}
						>
							Set up an evaluator
						</Button>
					}
				>
					An evaluator says by what calls are judged: a scorecard, or a few criteria.
				</EmptyState>
			)}
			{evaluators.data && evaluators.data.length > 0 && <RunForm {...props} evaluators={evaluators.data} />}
		</Modal>
	);
}

type Asked = Answer<"/v1/evaluations", "post">;

function useRun(onClose: () => void) {
	const client = useQueryClient();
	const navigate = useNavigate();
	return useMutation({
		mutationFn: (draft: RunDraft) => data(api.POST("/v1/evaluations", { body: runBody(draft, new Date()) })),
		onSuccess: async (asked) => {
			if (asked.queued === 0) return;
			const id = asked.evaluation_id;
			toast({
				title: `${plural(asked.queued, "call is", "calls are")} queued to be judged`,
				detail: leftOut(asked),
				tone: "good",
				action: id
					? { label: "Show", run: () => void navigate({ to: "/evaluations", search: { result: id } }) }
					: undefined,
			});
			onClose();
			await client.invalidateQueries({ queryKey: ["evaluations"] });
		},
	});
}

/** What of the calls that were meant is not judged. */
function leftOut({ matched, matched_is_lower_bound, queued }: Asked): string | undefined {
	if (matched <= queued && !matched_is_lower_bound) return undefined;
	return `The newest of ${matched_is_lower_bound ? "at least " : ""}${plural(matched, "call")} that match.`;
}

const pointers = ["/evaluator_id", "/call_id", "/limit", "/filter/agent"];

function RunForm({ evaluator, call, evaluators, onClose }: DialogProps & { evaluators: Evaluator[] }) {
	const only = evaluators.length === 1 ? evaluators[0]?.id : undefined;
	const [draft, setDraft] = useState<RunDraft>({
		evaluator: evaluator ?? only ?? "",
		which: "call",
		call: call ?? "",
		agent: "",
		limit: "100",
	});
	const [tried, setTried] = useState(false);
	const run = useRun(onClose);
	const set = (change: Partial<RunDraft>) => {
		setDraft({ ...draft, ...change });
		if (!run.isPending) run.reset();
	};
	const local = runProblems(draft);
	const answer = problemsOf(run.error, pointers);
	const fields = { ...answer.fields, ...(tried ? local : {}) };
	const submit = (e: FormEvent) => {
		e.preventDefault();
		setTried(true);
		if (Object.keys(local).length === 0) run.mutate(draft);
	};
	return (
		<form className={classes.form} onSubmit={submit} noValidate>
			<Select
				label="Evaluator"
				placeholder="Choose one"
				searchable
				data={evaluators.map((e) => ({ value: e.id, label: e.name }))}
				value={draft.evaluator || null}
				error={fields["/evaluator_id"]}
				onChange={(v) => set({ evaluator: v ?? "" })}
			/>
			{!call && <Which draft={draft} set={set} fields={fields} />}
			{run.data?.queued === 0 && (
				<FormNote tone="watch">No call matches. Choose a longer time, or another agent.</FormNote>
			)}
			{answer.rest && <FormNote tone="bad">{capital(answer.rest)}</FormNote>}
			<div className={classes.end}>
				<Button variant="subtle" color="gray" onClick={onClose}>
					Cancel
				</Button>
				<Button type="submit" variant="filled" loading={run.isPending}>
					Run
				</Button>
			</div>
		</form>
	);
}

interface WhichProps {
	draft: RunDraft;
	set: (change: Partial<RunDraft>) => void;
	fields: Record<string, string>;
}

function Which({ draft, set, fields }: WhichProps) {
	const agents = useQuery({ ...agentsQuery, enabled: draft.which === "agent" });
	return (
		<>
			<SegmentedControl
				aria-label="Which calls"
				data={[
					{ value: "call", label: "One call" },
					{ value: "24h", label: "Last 24 hours" },
					{ value: "7d", label: "Last 7 days" },
					{ value: "agent", label: "An agent's" },
				]}
				value={draft.which}
				onChange={(v) => set({ which: v as RunDraft["which"] })}
			/>
			{draft.which === "call" && (
				<TextInput
					label="Call"
					description="Its id or its short id, as the list of calls shows it."
					maxLength={64}
					value={draft.call}
					error={fields["/call_id"]}
					onChange={(e) => set({ call: e.currentTarget.value })}
				/>
			)}
			{draft.which === "agent" && (
				<Select
					label="Agent"
					placeholder={agents.isError ? "The agents could not be loaded" : "Choose one"}
					searchable
					data={agents.data?.map((a) => ({ value: a.id, label: a.name })) ?? []}
					value={draft.agent || null}
					error={fields["/filter/agent"]}
					onChange={(v) => set({ agent: v ?? "" })}
				/>
			)}
			{draft.which !== "call" && (
				<TextInput
					label="At most"
					description={`The newest calls first; ${count(mostCalls)} at most. Each call may cost a question to a language model.`}
					inputMode="numeric"
					value={draft.limit}
					error={fields["/limit"]}
					onChange={(e) => set({ limit: e.currentTarget.value })}
				/>
			)}
		</>
	);
}
