import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { DraftDialog } from "../../components/DraftDialog";
import { toast } from "../../lib/toast";
import { AgentsSelect } from "../agents/AgentsSelect";
import { HoursFields } from "./HoursFields";
import type { Queue } from "./queries";
import { checkQueue, draftOf, type QueueDraft, queueBody, queuePointers } from "./queues";

interface QueueDialogProps {
	/** The queue to edit; a new one without. */
	queue?: Queue;
	onClose: () => void;
}

export function QueueDialog({ queue, onClose }: QueueDialogProps) {
	return (
		<DraftDialog
			title={queue ? `Edit ${queue.name}` : "Add a queue"}
			size={600}
			action={queue ? "Save" : "Add the queue"}
			initial={() => draftOf(queue)}
			check={checkQueue}
			pointers={(draft) => queuePointers(draft.windows.length)}
			save={useSaveQueue(queue, onClose)}
			onClose={onClose}
		>
			{({ draft, problems, set }) => (
				<>
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
					<HoursFields timezone={draft.timezone} windows={draft.windows} problems={problems} onChange={set} />
					<AgentsSelect
						description="Whose calls may be handed over to it."
						value={draft.agents}
						error={problems["/agents"]}
						onChange={(agents) => set({ agents })}
					/>
				</>
			)}
		</DraftDialog>
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
