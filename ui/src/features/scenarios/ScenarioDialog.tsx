import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { ownZone } from "../settings/hours";
import { ExpectFields } from "./ExpectFields";
import { PlayFields } from "./PlayFields";
import type { Scenario } from "./queries";
import { ScriptField } from "./ScriptField";
import { bodyOf, check, draftOf, pointers, type ScenarioDraft } from "./scenario";
import classes from "./scenarios.module.css";

export interface PartProps {
	draft: ScenarioDraft;
	problems: Record<string, string | undefined>;
	set: (change: Partial<ScenarioDraft>) => void;
}

interface DialogProps {
	/** The scenario to edit; a new one without. */
	scenario?: Scenario;
	onClose: () => void;
}

export function ScenarioDialog({ scenario, onClose }: DialogProps) {
	return (
		<Modal opened onClose={onClose} title={scenario ? `Edit ${scenario.name}` : "Add a scenario"} size={720}>
			<ScenarioForm scenario={scenario} onClose={onClose} />
		</Modal>
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

function ScenarioForm({ scenario, onClose }: DialogProps) {
	const [draft, setDraft] = useState(() => draftOf(scenario, ownZone()));
	const [tried, setTried] = useState(false);
	const save = useSave(scenario, onClose);
	const set = (change: Partial<ScenarioDraft>) => {
		setDraft((d) => ({ ...d, ...change }));
		if (save.isError) save.reset();
	};
	const local = check(draft);
	const answer = problemsOf(save.error, pointers);
	const problems = { ...answer.fields, ...(tried ? local : {}) };
	const submit = (e: FormEvent) => {
		e.preventDefault();
		setTried(true);
		if (Object.keys(local).length === 0) save.mutate(draft);
	};
	const parts = { draft, problems, set };
	return (
		<form className={classes.form} onSubmit={submit} noValidate>
			<TextInput
				label="Name"
				placeholder="Refund of an order"
				required
				data-autofocus
				maxLength={200}
				value={draft.name}
				error={problems["/name"]}
				onChange={(e) => set({ name: e.currentTarget.value })}
			/>
			<div className={classes.pair}>
				<Textarea
					label="Persona"
					description="Who calls. For people; nothing reads it."
					rows={2}
					maxLength={2000}
					value={draft.persona}
					error={problems["/persona"]}
					onChange={(e) => set({ persona: e.currentTarget.value })}
				/>
				<Textarea
					label="Goal"
					description="What the caller wants. For people; nothing reads it."
					rows={2}
					maxLength={2000}
					value={draft.goal}
					error={problems["/goal"]}
					onChange={(e) => set({ goal: e.currentTarget.value })}
				/>
			</div>
			<ScriptField {...parts} />
			<PlayFields {...parts} />
			<ExpectFields {...parts} />
			{answer.rest && <FormNote tone="bad">{answer.rest}</FormNote>}
			<div className={classes.end}>
				<Button variant="subtle" color="gray" onClick={onClose}>
					Cancel
				</Button>
				<Button type="submit" variant="filled" loading={save.isPending}>
					{scenario ? "Save" : "Add the scenario"}
				</Button>
			</div>
		</form>
	);
}
