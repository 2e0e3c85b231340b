import { Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { DraftDialog, type DraftParts } from "../../components/DraftDialog";
import { toast } from "../../lib/toast";
import { ownZone } from "../settings/hours";
import { ExpectFields } from "./ExpectFields";
import { PlayFields } from "./PlayFields";
import type { Scenario } from "./queries";
import { ScriptField } from "./ScriptField";
import { bodyOf, check, draftOf, pointers, type ScenarioDraft } from "./scenario";
import classes from "./scenarios.module.css";

export type PartProps = DraftParts<ScenarioDraft>;

interface DialogProps {
	/** The scenario to edit; a new one without. */
	scenario?: Scenario;
	onClose: () => void;
}

export function ScenarioDialog({ scenario, onClose }: DialogProps) {
	return (
		<DraftDialog
			title={scenario ? `Edit ${scenario.name}` : "Add a scenario"}
			size={720}
			action={scenario ? "Save" : "Add the scenario"}
			initial={() => draftOf(scenario, ownZone())}
			check={check}
			pointers={() => pointers}
			save={useSave(scenario, onClose)}
			onClose={onClose}
		>
			{(parts) => (
				<>
					<TextInput
						label="Name"
						placeholder="Refund of an order"
						required
						data-autofocus
						maxLength={200}
						value={parts.draft.name}
						error={parts.problems["/name"]}
						onChange={(e) => parts.set({ name: e.currentTarget.value })}
					/>
					<div className={classes.pair}>
						<Textarea
							label="Persona"
							description="Who calls. For people; nothing reads it."
							rows={2}
							maxLength={2000}
							value={parts.draft.persona}
							error={parts.problems["/persona"]}
							onChange={(e) => parts.set({ persona: e.currentTarget.value })}
						/>
						<Textarea
							label="Goal"
							description="What the caller wants. For people; nothing reads it."
							rows={2}
							maxLength={2000}
							value={parts.draft.goal}
							error={parts.problems["/goal"]}
							onChange={(e) => parts.set({ goal: e.currentTarget.value })}
						/>
					</div>
					<ScriptField {...parts} />
					<PlayFields {...parts} />
					<ExpectFields {...parts} />
				</>
			)}
		</DraftDialog>
	);
}

function useSave(scenario: Scenario | undefined, onClose: () => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (draft: ScenarioDraft) => {
			const body = bodyOf(draft);
			return scenario
				? data(api.PATCH("/v1/scenarios/{id}", { params: { path: { id: scenario.id } }, body }))
				: data(api.POST("/v1/scenarios", { body }));
		},
		onSuccess: async (saved) => {
			toast({ title: scenario ? "Saved" : `${saved.name} is added`, tone: "good" });
			onClose();
			await client.invalidateQueries({ queryKey: ["scenarios"] });
		},
	});
}
