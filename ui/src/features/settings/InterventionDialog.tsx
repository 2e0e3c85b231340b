import { MultiSelect, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { DraftDialog, type DraftParts } from "../../components/DraftDialog";
import { toast } from "../../lib/toast";
import { alertSeverities, alertTypes, wordOf } from "../../lib/words";
import { AgentsSelect } from "../agents/AgentsSelect";
import { Figure } from "../alerts/Figure";
import { checkStep, draftOf, type StepDraft, stepBody, stepPointers } from "./interventions";
import { queuesQuery, type Step } from "./queries";
import classes from "./settings.module.css";

interface DialogProps {
	/** The rule to edit; a new one without. */
	step?: Step;
	onClose: () => void;
}

export function InterventionDialog({ step, onClose }: DialogProps) {
	return (
		<DraftDialog
			title={step ? `Edit ${step.name}` : "Add a rule"}
			size={600}
			action={step ? "Save" : "Add the rule"}
			initial={() => draftOf(step)}
			check={checkStep}
			pointers={() => stepPointers}
			save={useSaveStep(step, onClose)}
			onClose={onClose}
		>
			{(parts) => (
				<>
					<TextInput
						label="Name"
						placeholder="Angry customers"
						required
						data-autofocus
						maxLength={200}
						value={parts.draft.name}
						error={parts.problems["/name"]}
						onChange={(e) => parts.set({ name: e.currentTarget.value })}
					/>
					<WhenFields {...parts} />
					<DoFields {...parts} />
					<ModeFields {...parts} />
				</>
			)}
		</DraftDialog>
	);
}

function useSaveStep(step: Step | undefined, onClose: () => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (draft: StepDraft) => {
			const body = stepBody(draft);
			return step
				? data(api.PATCH("/v1/intervention-rules/{id}", { params: { path: { id: step.id } }, body }))
				: data(api.POST("/v1/intervention-rules", { body }));
		},
		onSuccess: async (saved) => {
			toast({ title: step ? "Saved" : `${saved.name} is added`, tone: "good" });
			onClose();
			await client.invalidateQueries({ queryKey: ["intervention-rules"] });
		},
	});
}

type PartProps = DraftParts<StepDraft>;

function WhenFields({ draft, problems, set }: PartProps) {
	return (
		<div className={classes.pair}>
			<MultiSelect
				label="When there is an alert"
				placeholder={draft.types.length === 0 ? "Of any type" : undefined}
				data={Object.keys(alertTypes).map((value) => ({ value, label: wordOf(alertTypes, value).text }))}
				value={draft.types}
				error={problems["/when/types"]}
				onChange={(types) => set({ types })}
			/>
			<Select
				label="Of this severity or worse"
				allowDeselect={false}
				data={Object.keys(alertSeverities).map((value) => ({
					value,
					label: wordOf(alertSeverities, value).text,
				}))}
				value={draft.minSeverity}
				error={problems["/when/minSeverity"]}
				onChange={(v) => v && set({ minSeverity: v as StepDraft["minSeverity"] })}
			/>
		</div>
	);
}

const actions = [
	{ value: "transfer", label: "Transfer" },
	{ value: "say", label: "Say" },
	{ value: "end", label: "End the call" },
];

function DoFields({ draft, problems, set }: PartProps) {
	return (
		<>
			<SegmentedControl
				aria-label="What to do"
				data={actions}
				value={draft.action}
				onChange={(action) => set({ action: action as StepDraft["action"] })}
			/>
			{draft.action === "transfer" && <Destination draft={draft} problems={problems} set={set} />}
			{draft.action !== "end" && (
				<Textarea
					label={draft.action === "say" ? "Words" : "For the person who takes over"}
					description={
						draft.action === "say" ? "The agent says them to the caller as they stand here." : undefined
					}
					required={draft.action === "say"}
					rows={2}
					maxLength={2000}
					value={draft.message}
					error={problems["/do/message"]}
					onChange={(e) => set({ message: e.currentTarget.value })}
				/>
			)}
			{draft.action !== "say" && (
				<TextInput
					label="Reason"
					maxLength={500}
					value={draft.reason}
					error={problems["/do/reason"]}
					onChange={(e) => set({ reason: e.currentTarget.value })}
				/>
			)}
		</>
	);
}

function Destination({ draft, problems, set }: PartProps) {
	const queues = useQuery(queuesQuery);
	const known = (queues.data ?? []).map((q) => ({ value: q.id, label: q.name }));
	const gone =
		draft.queue !== "" && !queues.isPending && !known.some((q) => q.value === draft.queue)
			? [{ value: draft.queue, label: "A queue that is gone" }]
			: [];
	const choices = [...gone, ...known];
	return (
		<div className={classes.pair}>
			{choices.length > 0 && (
				<Select
					label="To a queue"
					placeholder="Choose a queue"
					clearable
					data={choices}
					value={draft.queue || null}
					disabled={draft.number.trim() !== ""}
					onChange={(queue) => set({ queue: queue ?? "" })}
				/>
			)}
			<TextInput
				label={choices.length > 0 ? "Or to a number" : "To a number"}
				placeholder="+14155550199"
				maxLength={300}
				value={draft.number}
				error={problems["/do/transferTo"] ?? (queues.isError ? "The queues could not be loaded" : undefined)}
				onChange={(e) => set({ number: e.currentTarget.value })}
			/>
		</div>
	);
}

const modes = [
	{ value: "suggest", label: "Suggest it" },
	{ value: "act", label: "Do it after a countdown" },
];

function ModeFields({ draft, problems, set }: PartProps) {
	const acts = draft.mode === "act";
	return (
		<>
			<SegmentedControl
				aria-label="Who decides"
				data={modes}
				value={draft.mode}
				onChange={(mode) => set({ mode: mode as StepDraft["mode"] })}
			/>
			{acts && (
				<Figure
					label="Countdown"
					description="How long whoever watches can cancel it."
					unit="s"
					value={draft.countdown}
					error={problems["/countdown"]}
					onChange={(countdown) => set({ countdown })}
				/>
			)}
			<AgentsSelect
				description={
					acts ? "It acts by itself in these agents' calls only." : "In whose calls it is suggested."
				}
				value={draft.agents}
				error={problems["/agents"]}
				onChange={(agents) => set({ agents })}
			/>
		</>
	);
}
