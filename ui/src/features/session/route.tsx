import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { api, data } from "../../api/client";
import { sessionQuery } from "../../api/session";
import { FormNote, Gate } from "../../components/Gate";
import { problemsOf } from "../../lib/forms";

export function SignInRoute() {
	const { next } = useSearch({ from: "/signin" });
	const navigate = useNavigate();
	const client = useQueryClient();
	const [email, setEmail] = useState("");
	const [password, setPassword] = useState("");
	useEffect(() => {
		document.title = "Sign in · Ringside";
	}, []);
	const signIn = useMutation({
		mutationKey: ["session", "start"],
		mutationFn: () => data(api.POST("/v1/session", { body: { email, password } })),
		onSuccess: async () => {
			client.clear();
			await client.fetchQuery(sessionQuery);
			await navigate({ href: next ?? "/calls", replace: true });
		},
	});
	const { rest } = problemsOf(signIn.error, []);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		signIn.mutate();
	};
	return (
		<Gate title="Sign in">
			<form onSubmit={submit}>
				<TextInput
					label="Email"
					type="email"
					autoComplete="username"
					required
					autoFocus
					value={email}
					onChange={(e) => setEmail(e.currentTarget.value)}
				/>
				<PasswordInput
					label="Password"
					autoComplete="current-password"
					required
					value={password}
					onChange={(e) => setPassword(e.currentTarget.value)}
				/>
				{rest && <FormNote tone="bad">{rest}</FormNote>}
				<Button type="submit" variant="filled" fullWidth loading={signIn.isPending}>
					Sign in
				</Button>
			</form>
			<p className="rs-dim">Forgotten it? An admin can set a new one under Settings, Users.</p>
		</Gate>
	);
}
