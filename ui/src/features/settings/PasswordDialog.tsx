import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { CopyButton } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { PasswordRules } from "../setup/PasswordRules";
import { drawPassword, passwordOk } from "../setup/password";
import classes from "./settings.module.css";

interface PasswordDialogProps {
	user: { id: string; name: string; email: string };
	/** One's own: the current password is asked for. */
	self?: boolean;
	onClose: () => void;
}

/** Changes one's own password, or sets somebody else's: drawn, shown, and to be handed over. */
export function PasswordDialog({ user, self, onClose }: PasswordDialogProps) {
	const [password, setPassword] = useState(() => (self ? "" : drawPassword()));
	const [current, setCurrent] = useState("");
	const save = useMutation({
		mutationFn: () =>
			data(
				api.PATCH("/v1/users/{id}", {
					params: { path: { id: user.id } },
					body: self ? { password, current_password: current } : { password },
				}),
			),
		onSuccess: () => {
			toast({ title: self ? "Your password is changed" : `${user.name} has a new password`, tone: "good" });
			onClose();
		},
	});
	const { fields, rest } = problemsOf(save.error, ["/password", "/current_password"]);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		save.mutate();
	};
	return (
		<Modal
			opened
			onClose={onClose}
			title={self ? "Change your password" : `New password for ${user.name}`}
			size={480}
		>
			<form className={classes.form} onSubmit={submit}>
				{self ? (
					<>
						<PasswordInput
							label="Current password"
							autoComplete="current-password"
							required
							data-autofocus
							value={current}
							error={fields["/current_password"]}
							onChange={(e) => setCurrent(e.currentTarget.value)}
						/>
						<PasswordInput
							label="New password"
							autoComplete="new-password"
							required
							value={password}
							error={fields["/password"]}
							onChange={(e) => setPassword(e.currentTarget.value)}
						/>
					</>
				) : (
					<TextInput
						label="New password"
						description="Copy it before you set it, and hand it over yourself."
						required
						data-autofocus
						autoComplete="off"
						spellCheck={false}
						rightSection={<CopyButton value={password} label="Copy the password" />}
						value={password}
						error={fields["/password"]}
						onChange={(e) => setPassword(e.currentTarget.value)}
					/>
				)}
				<PasswordRules password={password} email={user.email} />
				<p className="rs-dim">
					{self ? "Your other sessions end." : `${user.name} is signed out everywhere.`}
				</p>
				{rest && <FormNote tone="bad">{rest}</FormNote>}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Cancel
					</Button>
					<Button
						type="submit"
						variant="filled"
						loading={save.isPending}
						disabled={!passwordOk(password, user.email)}
					>
						Set the password
					</Button>
				</div>
			</form>
		</Modal>
	);
}
