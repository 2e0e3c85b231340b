import { MultiSelect, SegmentedControl, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data } from "../../api/client";
import { DraftDialog, type DraftParts } from "../../components/DraftDialog";
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
	return (
		<DraftDialog
			title={evaluator ? `Edit ${evaluator.name}` : "Create an evaluator"}
			size={560}
			closeOnClickOutside={false}
			action={evaluator ? "Save" : "Create the evaluator"}
			initial={() => draftOf(evaluator)}
			check={check}
			pointers={() => pointers}
			save={useSave(evaluator, onClose)}
			onClose={onClose}
		>
			{(parts) => (
				<>
					<TextInput
						label="Name"
						data-autofocus
						maxLength={200}
						value={parts.draft.name}
						error={parts.problems["/name"]}
						onChange={(e) => parts.set({ name: e.currentTarget.value })}
					/>
					<JudgesBy {...parts} />
					<TextInput
						label="Language model"
						description="Its name as your provider writes it. The workspace's model for scores when empty."
						maxLength={200}
						value={parts.draft.model}
						error={parts.problems["/model"]}
						onChange={(e) => parts.set({ model: e.currentTarget.value })}
					/>
					<ByItself {...parts} />
				</>
			)}
		</DraftDialog>
	);
}

type PartProps = DraftParts<EvaluatorDraft>;

function JudgesBy({ draft, set, problems }: PartProps) {
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
						error={problems["/scorecard_id"]}
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
					error={problems["/criteria"]}
					onChange={(criteria) => set({ criteria })}
				/>
			)}
		</>
	);
}

function ByItself({ draft, set, problems }: PartProps) {
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
					error={problems["/agent_ids"]}
					onChange={(ids) => set({ agents: chooseAgents(draft.agents, ids) })}
				/>
				<TextInput
					label="How many of them"
					description="Picked at random, and always the same ones."
					inputMode="decimal"
					rightSection={<span className="rs-dim">%</span>}
					rightSectionPointerEvents="none"
					value={draft.rate}
					error={problems["/sampling_rate"]}
					onChange={(e) => set({ rate: e.currentTarget.value })}
				/>
			</div>
		</>
	);
}
