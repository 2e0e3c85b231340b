import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import type { Workspace } from "./queries";
import classes from "./settings.module.css";
import { useRemoveWorkspace } from "./useRemoveWorkspace";

/** Asks for the name to be typed: with the workspace goes every call in it, for good. */
export function DeleteWorkspace({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
	const [typed, setTyped] = useState("");
	const remove = useRemoveWorkspace(() => {
		toast({ title: `${workspace.name} is deleted` });
		onClose();
	});
	const { rest } = problemsOf(remove.error, []);
	const sure = typed.trim() === workspace.name.trim();
	const submit = (e: FormEvent) => {
		e.preventDefault();
		if (sure) remove.mutate(workspace.id);
	};
	return (
		<Modal opened onClose={onClose} title={`Delete ${workspace.name}`} size={480}>
			<form className={classes.form} onSubmit={submit}>
				<FormNote tone="watch">
					Its calls, transcripts, agents, sources, keys and notes are deleted for good. Webhooks to its
					sources are refused from then on. With many calls this takes a while.
				</FormNote>
				<TextInput
					label={`Type ${workspace.name} to delete it`}
					data-autofocus
					autoComplete="off"
					value={typed}
					onChange={(e) => setTyped(e.currentTarget.value)}
				/>
				{rest && <FormNote tone="bad">{rest}</FormNote>}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Keep
					</Button>
					<Button type="submit" variant="filled" color="bad" disabled={!sure} loading={remove.isPending}>
						Delete the workspace
					</Button>
				</div>
			</form>
		</Modal>
	);
}
