import { Menu, UnstyledButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { sessionQuery, useSession } from "../../api/session";
import { Icon } from "../../components/Icon";
import { useSettings } from "../../lib/settings";
import { toast } from "../../lib/toast";
import classes from "./Menu.module.css";

/** Switches the session to another workspace: every query is forgotten, since all belong to the old one. */
function useSwitch() {
	const client = useQueryClient();
	const navigate = useNavigate();
	return useMutation({
		mutationFn: (id: string) => data(api.PATCH("/v1/session", { body: { workspace_id: id } })),
		onSuccess: async () => {
			await navigate({ to: "/calls" });
			await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
			await client.resetQueries({ predicate: (q) => q.queryKey[0] !== "session" });
		},
		onError: (e) => toast({ title: "Could not switch the workspace", detail: sentence(e), tone: "bad" }),
	});
}

export function WorkspaceMenu() {
	const session = useSession();
	const { rail } = useSettings();
	const change = useSwitch();
	const current = session.workspace;
	return (
		<Menu position="bottom-start" width={220}>
			<Menu.Target>
				<UnstyledButton className={classes.target} data-rail={rail}>
					<span className={classes.mark} aria-hidden="true">
						{current.name.charAt(0).toUpperCase()}
					</span>
					<span className={classes.name}>
						<span className="rs-sr">Workspace: </span>
						{current.name}
						{current.is_demo && <span className={classes.second}>Sample calls</span>}
					</span>
					<Icon name="down" size={12} />
				</UnstyledButton>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Label>Workspaces</Menu.Label>
				{session.workspaces?.map((w) => (
					<Menu.Item
						key={w.id}
						rightSection={w.id === current.id ? <Icon name="check" size={14} /> : null}
						onClick={() => w.id !== current.id && change.mutate(w.id)}
					>
						{w.name}
					</Menu.Item>
				))}
			</Menu.Dropdown>
		</Menu>
	);
}
