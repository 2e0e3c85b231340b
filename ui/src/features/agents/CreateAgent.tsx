import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import classes from "./agents.module.css";
import { ProviderSelect } from "./ProviderSelect";

export const sourceHelp =
	"The id that the platform knows it by: Vapi's assistant id, Retell's or ElevenLabs' agent id, or the externalAgentId that you send. Calls that name it belong to this agent.";

export function CreateAgent({ onClose }: { onClose: () => void }) {
	const [name, setName] = useState("");
	const [provider, setProvider] = useState("");
	const [source, setSource] = useState("");
	const client = useQueryClient();
	const navigate = useNavigate();
	const create = useMutation({
		mutationFn: () =>
			data(
				api.POST("/v1/agents", {
					body: { name: name.trim(), provider, ...(source.trim() ? { source_id: source.trim() } : {}) },
				}),
			),
		onSuccess: async (agent) => {
			await client.invalidateQueries({ queryKey: ["agents"] });
			toast({ title: `${agent.name} is here`, tone: "good" });
			await navigate({ to: "/agents/$id", params: { id: agent.id } });
		},
	});
	const { fields, rest } = problemsOf(create.error, ["/name", "/provider", "/source_id"]);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		create.mutate();
	};
	return (
		<Modal opened onClose={onClose} title="Create an agent" size={560}>
			<form className={classes.form} onSubmit={submit}>
				<TextInput
					label="Name"
					required
					data-autofocus
					maxLength={200}
					value={name}
					error={fields["/name"]}
					onChange={(e) => setName(e.currentTarget.value)}
				/>
				<ProviderSelect value={provider} onChange={setProvider} error={fields["/provider"]} />
				<TextInput
					label="Source id"
					description={sourceHelp}
					maxLength={512}
					value={source}
					error={fields["/source_id"]}
					onChange={(e) => setSource(e.currentTarget.value)}
				/>
				{rest && <FormNote tone="bad">{rest}</FormNote>}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" variant="filled" loading={create.isPending}>
						Create the agent
					</Button>
				</div>
			</form>
		</Modal>
	);
}
