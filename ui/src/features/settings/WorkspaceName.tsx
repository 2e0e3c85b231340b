import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { sessionQuery } from "../../api/session";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import type { Workspace } from "./queries";
import classes from "./settings.module.css";

/** Names a new workspace, or one that is there anew. */
export function WorkspaceName({ workspace, onClose }: { workspace?: Workspace; onClose: () => void }) {
	const [name, setName] = useState(workspace?.name ?? "");
	const client = useQueryClient();
	const save = useMutation({
		mutationFn: () => {
			const body = { name: name.trim() };
			return workspace
				? data(api.PATCH("/v1/workspaces/{id}", { params: { path: { id: workspace.id } }, body }))
				: data(api.POST("/v1/workspaces", { body }));
		},
		onSuccess: async (w) => {
			toast({
				title: workspace ? "Renamed" : `${w.name} is here; switch to it at the top left`,
				tone: "good",
			});
			onClose();
			await client.invalidateQueries({ queryKey: ["workspaces"] });
			await client.invalidateQueries({ queryKey: sessionQuery.queryKey, exact: true });
		},
	});
	const { fields, rest } = problemsOf(save.error, ["/name"]);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		save.mutate();
	};
	return (
		<Modal
			opened
			onClose={onClose}
			title={workspace ? `Rename ${workspace.name}` : "Create a workspace"}
			size={440}
		>
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
				{rest && <FormNote tone="bad">{rest}</FormNote>}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" variant="filled" loading={save.isPending}>
						{workspace ? "Rename" : "Create"}
					</Button>
				</div>
			</form>
		</Modal>
	);
}
