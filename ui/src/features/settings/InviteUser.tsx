import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { useSession } from "../../api/session";
import { CodeBlock } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { problemsOf } from "../../lib/forms";
import { Choices } from "./Choices";
import type { NewUser, Role } from "./queries";
import classes from "./settings.module.css";
import { invitation, roles } from "./users";

interface UserDraft {
	email: string;
	name: string;
	role: Role;
}

/** Adds a person. Ringside sends no mail, so the first password is shown once, to hand over. */
export function InviteUser({ onClose }: { onClose: () => void }) {
	const client = useQueryClient();
	const create = useMutation({
		mutationFn: ({ email, name, role }: UserDraft) =>
			data(api.POST("/v1/users", { body: { email: email.trim(), name: name.trim(), role } })),
		onSuccess: () => client.invalidateQueries({ queryKey: ["users"] }),
	});
	const made = create.data;
	return (
		<Modal
			opened
			onClose={onClose}
			title={made ? `${made.name} can sign in` : "Add somebody"}
			size={560}
			closeOnClickOutside={!made}
			closeOnEscape={!made}
		>
			{made ? (
				<Made made={made} onClose={onClose} />
			) : (
				<InviteForm onSubmit={create.mutate} busy={create.isPending} error={create.error} onClose={onClose} />
			)}
		</Modal>
	);
}

interface FormProps {
	onSubmit: (draft: UserDraft) => void;
	busy: boolean;
	error: unknown;
	onClose: () => void;
}

function InviteForm({ onSubmit, busy, error, onClose }: FormProps) {
	const [draft, setDraft] = useState<UserDraft>({ email: "", name: "", role: "member" });
	const set = (change: Partial<UserDraft>) => setDraft({ ...draft, ...change });
	const { fields, rest } = problemsOf(error, ["/email", "/name", "/role"]);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		onSubmit(draft);
	};
	return (
		<form className={classes.form} onSubmit={submit}>
			<TextInput
				label="Name"
				required
				data-autofocus
				maxLength={200}
				value={draft.name}
				error={fields["/name"]}
				onChange={(e) => set({ name: e.currentTarget.value })}
			/>
			<TextInput
				label="Email"
				type="email"
				required
				maxLength={254}
				value={draft.email}
				error={fields["/email"]}
				onChange={(e) => set({ email: e.currentTarget.value })}
			/>
			<Choices label="Role" options={roles} value={draft.role} onChange={(role) => set({ role })} />
			{(fields["/role"] ?? rest) && <FormNote tone="bad">{fields["/role"] ?? rest}</FormNote>}
			<div className={classes.end}>
				<Button variant="subtle" color="gray" onClick={onClose}>
					Cancel
				</Button>
				<Button type="submit" variant="filled" loading={busy}>
					Add
				</Button>
			</div>
		</form>
	);
}

function Made({ made, onClose }: { made: NewUser; onClose: () => void }) {
	const { public_url: publicURL } = useSession();
	return (
		<div className={classes.form}>
			<FormNote tone="watch">
				Ringside sends no mail. Hand this over yourself; the password is shown this once.
			</FormNote>
			<CodeBlock code={invitation(publicURL, made.email, made.password)} label="Text to hand over" />
			<div className={classes.end}>
				<Button variant="filled" onClick={onClose}>
					I have copied it
				</Button>
			</div>
		</div>
	);
}
