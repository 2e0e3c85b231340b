import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useId, useState } from "react";
import { FormNote } from "../../components/Gate";
import { problemsOf } from "../../lib/forms";
import { PasswordRules } from "./PasswordRules";
import { passwordOk } from "./password";

export interface Newcomer {
	name: string;
	email: string;
	password: string;
}

interface SetupFormProps {
	onSubmit: (n: Newcomer) => void;
	busy: boolean;
	error: unknown;
}

const fields = ["/name", "/email", "/password"];

export function SetupForm({ onSubmit, busy, error }: SetupFormProps) {
	const [value, setValue] = useState<Newcomer>({ name: "", email: "", password: "" });
	const set = (change: Partial<Newcomer>) => setValue({ ...value, ...change });
	const problems = problemsOf(error, fields);
	const rules = useId();
	const submit = (e: FormEvent) => {
		e.preventDefault();
		onSubmit({ ...value, name: value.name.trim(), email: value.email.trim() });
	};
	return (
		<form onSubmit={submit}>
			<TextInput
				label="Name"
				autoComplete="name"
				required
				autoFocus
				maxLength={200}
				value={value.name}
				error={problems.fields["/name"]}
				onChange={(e) => set({ name: e.currentTarget.value })}
			/>
			<TextInput
				label="Email"
				type="email"
				autoComplete="username"
				required
				maxLength={254}
				value={value.email}
				error={problems.fields["/email"]}
				onChange={(e) => set({ email: e.currentTarget.value })}
			/>
			<PasswordInput
				label="Password"
				autoComplete="new-password"
				required
				aria-describedby={rules}
				value={value.password}
				error={problems.fields["/password"]}
				onChange={(e) => set({ password: e.currentTarget.value })}
			/>
			<div id={rules}>
				<PasswordRules password={value.password} email={value.email} />
			</div>
			{problems.rest && <FormNote tone="bad">{problems.rest}</FormNote>}
			<Button
				type="submit"
				variant="filled"
				fullWidth
				loading={busy}
				disabled={!passwordOk(value.password, value.email)}
			>
				Make the account and sign in
			</Button>
		</form>
	);
}
