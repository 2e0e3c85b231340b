import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { AgentsSelect } from "../agents/AgentsSelect";
import { HoursFields } from "./HoursFields";
import type { Queue } from "./queries";
import { checkQueue, draftOf, type QueueDraft, queueBody, queuePointers } from "./queues";
import classes from "./settings.module.css";

interface QueueDialogProps {
	/** The queue to edit; a new one without. */
	queue?: Queue;
	onClose: () => void;
}

export function QueueDialog({ queue, onClose }: QueueDialogProps) {
	return (
		<Modal opened onClose={onClose} title={queue ? `Edit ${queue.name}` : "Add a queue"} size={600}>
			<QueueForm queue={queue} onClose={onClose} />
		</Modal>
	);
}

function useSaveQueue(queue: Queue | undefined, onClose: () => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (draft: QueueDraft) => {
			const body = queueBody(draft);
			return queue
				? data(api.PATCH("/v1/queues/{id}", { params: { path: { id: queue.id } }, body }))
				: data(api.POST("/v1/queues", { body }));
		},
		onSuccess: async (saved) => {
			toast({ title: queue ? "Saved" : `${saved.name} is added`, tone: "good" });
			onClose();
			await client.invalidateQueries({ queryKey: ["queues"] });
		},
	});
}

function QueueForm({ queue, onClose }: QueueDialogProps) {
	const [draft, setDraft] = useState(() => draftOf(queue));
	const [tried, setTried] = useState(false);
	const save = useSaveQueue(queue, onClose);
	const set = (change: Partial<QueueDraft>) => {
		setDraft({ ...draft, ...change });
		// What was refused stood at the rows of that time.
		if (save.isError) save.reset();
	};
	const local = checkQueue(draft);
	const answer = problemsOf(save.error, queuePointers(draft.windows.length));
	const problems = { ...answer.fields, ...(tried ? local : {}) };
	const submit = (e: FormEvent) => {
		e.preventDefault();
		setTried(true);
		if (Object.keys(local).length === 0) save.mutate(draft);
	};
	return (
		<form className={classes.form} onSubmit={submit} noValidate>
			<TextInput
				label="Name"
				description="What a transfer calls it."
				placeholder="Front desk"
				required
				data-autofocus
				maxLength={200}
				value={draft.name}
				error={problems["/name"]}
				onChange={(e) => set({ name: e.currentTarget.value })}
			/>
			<TextInput
				label="Number or SIP address"
				description="Where the call goes. A number with its country code."
				placeholder="+14155550123 or sip:desk@example.com"
				required
				spellCheck={false}
				maxLength={300}
				value={draft.to}
				error={problems["/number"] ?? problems["/sip"]}
				onChange={(e) => set({ to: e.currentTarget.value })}
			/>
			<HoursFields
				timezone={draft.timezone}
				windows={draft.windows}
				problems={problems}
				onChange={(change) => set(change)}
			/>
			<AgentsSelect
				description="Whose calls may be handed over to it."
				value={draft.agents}
				error={problems["/agents"]}
				onChange={(agents) => set({ agents })}
			/>
			{answer.rest && <FormNote tone="bad">{answer.rest}</FormNote>}
			<div className={classes.end}>
				<Button variant="subtle" color="gray" onClick={onClose}>
					Cancel
				</Button>
				<Button type="submit" variant="filled" loading={save.isPending}>
					{queue ? "Save" : "Add the queue"}
				</Button>
			</div>
		</form>
	);
}
