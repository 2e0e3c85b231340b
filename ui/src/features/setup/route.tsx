import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { api, data } from "../../api/client";
import { ApiError } from "../../api/error";
import { sessionQuery, setupQuery } from "../../api/session";
import { Gate } from "../../components/Gate";
import { ErrorState, SkeletonText } from "../../components/States";
import { type Newcomer, SetupForm } from "./SetupForm";

const codeOf = (e: unknown) => (e instanceof ApiError ? e.code : "");

/** The page behind the one-time link that the server prints at its first start. */
export function SetupRoute() {
	const { token } = useSearch({ from: "/setup" });
	// Another link is another try.
	return <SetUp key={token} token={token} />;
}

function SetUp({ token }: { token: string | undefined }) {
	const state = useQuery(setupQuery);
	const client = useQueryClient();
	const navigate = useNavigate();
	useEffect(() => {
		document.title = "Set up · Ringside";
	}, []);
	const setUp = useMutation({
		mutationKey: ["session", "setup"],
		mutationFn: (n: Newcomer) => data(api.POST("/v1/setup", { body: { ...n, token: token ?? "" } })),
		onSuccess: async () => {
			client.clear();
			await client.fetchQuery(sessionQuery);
			await navigate({ to: "/calls", replace: true });
		},
	});
	if (state.isPending) {
		return (
			<Gate title="Set up Ringside">
				<SkeletonText />
			</Gate>
		);
	}
	if (state.isError) {
		return (
			<Gate title="Set up Ringside">
				<ErrorState doing="ask the server" error={state.error} retry={() => void state.refetch()} />
			</Gate>
		);
	}
	if (!state.data.needed || codeOf(setUp.error) === "setup_done") return <Done />;
	if (!token) return <NoToken />;
	if (codeOf(setUp.error) === "setup_token_invalid") return <Expired />;
	return (
		<Gate
			title="Set up Ringside"
			lead="You are the first here. This account is the admin; you can add others under Settings, Users."
		>
			<SetupForm onSubmit={setUp.mutate} busy={setUp.isPending} error={setUp.error} />
		</Gate>
	);
}

function Done() {
	return (
		<Gate title="Ringside is set up already" lead="The link worked once, for the first account.">
			<Button component={Link} to="/signin" variant="filled" fullWidth>
				Sign in
			</Button>
			<p className="rs-dim">No account? An admin can add you under Settings, Users.</p>
		</Gate>
	);
}

const where = (
	<p>
		Look for <code>/setup?token=…</code> in what the server printed last. A restart prints a new link as long
		as nobody has an account.
	</p>
);

function NoToken() {
	return (
		<Gate
			title="Open the set-up link"
			lead="The first account is made with a one-time link that the server prints when it starts."
		>
			{where}
		</Gate>
	);
}

function Expired() {
	return (
		<Gate
			title="This link no longer works"
			lead="Each start of the server makes a new link and ends those before it."
		>
			{where}
		</Gate>
	);
}
