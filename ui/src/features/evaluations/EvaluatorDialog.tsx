import {
	Button,
	Modal,
	MultiSelect,
	SegmentedControl,
	Select,
	Switch,
	TagsInput,
	TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { agentsQuery } from "../agents/queries";
import classes from "./evaluations.module.css";
import { bodyOf, check, chooseAgents, draftOf, type EvaluatorDraft, everyAgent } from "./evaluator";
import { type Evaluator, scorecardsQuery } from "./queries";

const pointers = [
	"/name",
	"/scorecard_id",
	"/criteria",
	"/model",
	"/agent_ids",
	"/sampling_rate",
	"/enabled",
];

interface DialogProps {
	/** The one to edit; a new one without. */
	evaluator?: Evaluator;
	onClose: () => void;
}

function useSave(evaluator: Evaluator | undefined, onClose: () => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (draft: EvaluatorDraft) => {
			const body = bodyOf(draft);
			return evaluator
				? data(api.PATCH("/v1/evaluators/{id}", { params: { path: { id: evaluator.id } }, body }))
				: data(api.POST("/v1/evaluators", { body }));
		},
		onSuccess: async (saved) => {
			toast({ title: evaluator ? "Saved" : `${saved.name} is here`, tone: "good" });
			onClose();
			await client.invalidateQueries({ queryKey: ["evaluators"] });
			await client.invalidateQueries({ queryKey: ["scorecards"] });
		},
	});
}

export function EvaluatorDialog({ evaluator, onClose }: DialogProps) {
	const [draft, setDraft] = useState(() => draftOf(evaluator));
	const [tried, setTried] = useState(false);
	const save = useSave(evaluator, onClose);
	const set = (change: Partial<EvaluatorDraft>) => {
		setDraft({ ...draft, ...change });
		if (save.isError) save.reset();
	};
	const local = check(draft);
	const answer = problemsOf(save.error, pointers);
	const fields = { ...answer.fields, ...(tried ? local : {}) };
	const submit = (e: FormEvent) => {
		e.preventDefault();
		setTried(true);
		if (Object.keys(local).length === 0) save.mutate(draft);
	};
	const common = { draft, set, fields };
	return (
		<Modal
			opened
			onClose={onClose}
			title={evaluator ? `Edit ${evaluator.name}` : "Create an evaluator"}
			size={560}
			closeOnClickOutside={false}
		>
			<form className={classes.form} onSubmit={submit} noValidate>
				<TextInput
					label="Name"
					data-autofocus
					maxLength={200}
					value={draft.name}
					error={fields["/name"]}
					onChange={(e) => set({ name: e.currentTarget.value })}
				/>
				<JudgesBy {...common} />
				<TextInput
					label="Language model"
					description="Its name as your provider writes it. The workspace's model for scores when empty."
					maxLength={200}
					value={draft.model}
					error={fields["/model"]}
					onChange={(e) => set({ model: e.currentTarget.value })}
				/>
				<ByItself {...common} />
				{answer.rest && <FormNote tone="bad">{answer.rest}</FormNote>}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" variant="filled" loading={save.isPending}>
						{evaluator ? "Save" : "Create the evaluator"}
					</Button>
				</div>
			</form>
		</Modal>
	);
}

interface PartProps {
	draft: EvaluatorDraft;
	set: (change: Partial<EvaluatorDraft>) => void;
	fields: Record<string, string>;
}

function JudgesBy({ draft, set, fields }: PartProps) {
	const scorecards = useQuery(scorecardsQuery);
	return (
		<>
			<SegmentedControl
				aria-label="Judges by"
				data={[
					{ value: "scorecard", label: "A scorecard" },
					{ value: "criteria", label: "Criteria by name" },
				]}
				value={draft.by}
				onChange={(v) => set({ by: v as EvaluatorDraft["by"] })}
			/>
			{draft.by === "scorecard" ? (
				<>
					<Select
						label="Scorecard"
						placeholder={scorecards.isError ? "The scorecards could not be loaded" : "Choose one"}
						searchable
						data={scorecards.data?.map((s) => ({ value: s.id, label: s.name })) ?? []}
						value={draft.scorecard || null}
						error={fields["/scorecard_id"]}
						onChange={(v) => set({ scorecard: v ?? "" })}
					/>
					{scorecards.data?.length === 0 && (
						<p className="rs-dim">
							There is none yet.{" "}
							<Link to="/evaluations/scorecards/$id" params={{ id: "new" }}>
								Write a scorecard
							</Link>
							, or name criteria.
						</p>
					)}
				</>
			) : (
				<TagsInput
					label="Criteria"
					description="One name each, such as Follow Instructions, Problem Resolution or Professionalism. Each weighs the same."
					splitChars={[","]}
					acceptValueOnBlur
					value={draft.criteria}
					error={fields["/criteria"]}
					onChange={(criteria) => set({ criteria })}
				/>
			)}
		</>
	);
}

function ByItself({ draft, set, fields }: PartProps) {
	const agents = useQuery(agentsQuery);
	const known = agents.data?.map((a) => ({ value: a.id, label: a.name })) ?? [];
	const missing = draft.agents
		.filter((id) => id !== everyAgent && !known.some((a) => a.value === id))
		.map((id) => ({ value: id, label: id }));
	return (
		<>
			<Switch
				label="Judges calls by itself"
				description="Off: only when somebody asks for it."
				checked={draft.enabled}
				onChange={(e) => set({ enabled: e.currentTarget.checked })}
			/>
			<div className={classes.pair}>
				<MultiSelect
					label="Whose calls"
					description="Judged after they end."
					placeholder={draft.agents.length === 0 ? "Nobody's" : undefined}
					searchable
					data={[{ value: everyAgent, label: "Every agent" }, ...known, ...missing]}
					value={draft.agents}
					error={fields["/agent_ids"]}
					onChange={(ids) => set({ agents: chooseAgents(draft.agents, ids) })}
				/>
				<TextInput
					label="How many of them"
					description="Picked at random, and always the same ones."
					inputMode="decimal"
					rightSection={<span className="rs-dim">%</span>}
					rightSectionPointerEvents="none"
					value={draft.rate}
					error={fields["/sampling_rate"]}
					onChange={(e) => set({ rate: e.currentTarget.value })}
				/>
			</div>
		</>
	);
}
