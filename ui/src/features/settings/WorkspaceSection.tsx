import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../api/may";
import { useSession } from "../../api/session";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { ErrorState, SkeletonRows } from "../../components/States";
import { Cell, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { DeleteWorkspace } from "./DeleteWorkspace";
import { type Workspace, workspacesQuery } from "./queries";
import { ShowMore, useShown } from "./ShowMore";
import classes from "./settings.module.css";
import { WorkspaceName } from "./WorkspaceName";

export function WorkspaceSection() {
	const workspaces = useQuery(workspacesQuery);
	const may = useMay();
	const [creating, setCreating] = useState(false);
	const { shown, more } = useShown(workspaces.data);
	return (
		<>
			{may.manage && (
				<div className={classes.end}>
					<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setCreating(true)}>
						Create a workspace
					</Button>
				</div>
			)}
			<Section flush>
				{workspaces.isPending && <SkeletonRows rows={2} />}
				{workspaces.isError && (
					<ErrorState
						doing="load the workspaces"
						error={workspaces.error}
						retry={() => void workspaces.refetch()}
					/>
				)}
				{shown.length > 0 && (
					<Table label="Workspaces" columns={[{ label: "Name" }, { label: "Created" }, { label: "" }]}>
						{shown.map((w) => (
							<WorkspaceRow
								key={w.id}
								workspace={w}
								only={workspaces.data?.length === 1}
								mayManage={may.manage}
							/>
						))}
					</Table>
				)}
				<ShowMore more={more} />
			</Section>
			{creating && <WorkspaceName onClose={() => setCreating(false)} />}
		</>
	);
}

interface RowProps {
	workspace: Workspace;
	only: boolean;
	mayManage: boolean;
}

function WorkspaceRow({ workspace, only, mayManage }: RowProps) {
	const here = useSession().workspace.id === workspace.id;
	const [open, setOpen] = useState<"rename" | "delete" | null>(null);
	return (
		<tr>
			<Cell>
				<span className={classes.row}>
					{workspace.name}
					{here && <Badge icon="check">You are here</Badge>}
					{workspace.is_demo && <Badge tone="info">Sample calls</Badge>}
				</span>
			</Cell>
			<Cell>
				<When at={workspace.created_at} form="exact" />
			</Cell>
			<Cell>
				{mayManage && (
					<div className={classes.actions}>
						<Button onClick={() => setOpen("rename")}>
							Rename<span className="rs-sr"> {workspace.name}</span>
						</Button>
						<Button
							color="bad"
							disabled={only}
							title={only ? "The last workspace stays" : undefined}
							onClick={() => setOpen("delete")}
						>
							Delete<span className="rs-sr"> {workspace.name}</span>
						</Button>
					</div>
				)}
				{open === "rename" && <WorkspaceName workspace={workspace} onClose={() => setOpen(null)} />}
				{open === "delete" && <DeleteWorkspace workspace={workspace} onClose={() => setOpen(null)} />}
			</Cell>
		</tr>
	);
}
