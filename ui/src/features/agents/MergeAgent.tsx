import { Button, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { plural } from "../../lib/format";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { providerName } from "../../lib/words";
import classes from "./agents.module.css";
import { type Agent, agentsQuery } from "./queries";

/** Moves everything of one agent to another: for one that was discovered beside the one you made. */
export function MergeAgent({ agent, onClose }: { agent: Agent; onClose: () => void }) {
	const [into, setInto] = useState<string | null>(null);
	const agents = useQuery(agentsQuery);
	const others = (agents.data ?? []).filter((a) => a.id !== agent.id);
	const target = others.find((a) => a.id === into);
	const client = useQueryClient();
	const navigate = useNavigate();
	const merge = useMutation({
		mutationFn: (id: string) =>
			data(api.POST("/v1/agents/{id}/merge", { params: { path: { id: agent.id } }, body: { into: id } })),
		onSuccess: async (merged) => {
			toast({ title: `${agent.name} is part of ${merged.name}`, tone: "good" });
			await navigate({ to: "/agents/$id", params: { id: merged.id }, replace: true, ignoreBlocker: true });
			client.removeQueries({ queryKey: ["agents", "one", agent.id] });
			await client.invalidateQueries({ queryKey: ["agents"] });
			await client.invalidateQueries({ queryKey: ["calls"] });
		},
	});
	const { fields, rest } = problemsOf(merge.error ?? agents.error, ["/into"]);
	const name = target?.name ?? "the other agent";
	return (
		<Modal opened onClose={onClose} title={`Merge ${agent.name} into another agent`} size={560}>
			<div className={classes.form}>
				<Select
					label="Into"
					data-autofocus
					openOnFocus={false}
					searchable
					placeholder={agents.isPending ? "Loading the agents" : "Choose an agent"}
					nothingFoundMessage="No other agent"
					limit={100}
					data={others.map((a) => ({ value: a.id, label: optionLabel(a) }))}
					value={into}
					error={fields["/into"]}
					onChange={setInto}
				/>
				<ul className={classes.explain}>
					<li>
						Every call of {agent.name} becomes a call of {name}, those of the last 30 days (
						{agent.stats.calls}) and those before.
					</li>
					{agent.source_id && (
						<li>
							Calls that name <code>{agent.source_id}</code> belong to {name} from now on.
						</li>
					)}
					<li>
						{agent.name} and its settings are deleted; {name} keeps its own settings.
					</li>
				</ul>
				<FormNote tone="watch">This can't be undone.</FormNote>
				{rest && <FormNote tone="bad">{rest}</FormNote>}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Cancel
					</Button>
					<Button
						variant="filled"
						color="bad"
						disabled={!into}
						loading={merge.isPending}
						onClick={() => into && merge.mutate(into)}
					>
						Merge into {target ? target.name : "…"}
					</Button>
				</div>
			</div>
		</Modal>
	);
}

function optionLabel(a: Agent): string {
	const about = [a.provider && providerName(a.provider), plural(a.stats.calls, "call")]
		.filter(Boolean)
		.join(", ");
	return `${a.name} (${about})`;
}
