import { Button, Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/may";
import { Icon } from "../../components/Icon";
import { Page, Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { plural } from "../../lib/format";
import { AgentTable } from "./AgentTable";
import classes from "./agents.module.css";
import { CreateAgent } from "./CreateAgent";
import { viewOf } from "./list";
import { agentsQuery } from "./queries";
import type { AgentsSearch } from "./search";

export function AgentsRoute() {
	const search = useSearch({ from: "/app/agents" });
	const navigate = useNavigate();
	const agents = useQuery(agentsQuery);
	const may = useMay();
	const [creating, setCreating] = useState(false);
	const change = (to: AgentsSearch) => void navigate({ to: "/agents", search: to, replace: true });
	const create = may.change && (
		<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setCreating(true)}>
			Create an agent
		</Button>
	);
	const shown = agents.data ? viewOf(agents.data, search) : [];
	return (
		<Page
			title="Agents"
			lead="Who takes your calls. An agent appears by itself with the first call that names it."
			actions={create}
		>
			{agents.data && agents.data.length > 0 && (
				<div className={classes.bar}>
					<TextInput
						aria-label="Find an agent"
						placeholder="Find by name or source id"
						leftSection={<Icon name="search" size={14} />}
						value={search.find ?? ""}
						onChange={(e) => change({ ...search, find: e.currentTarget.value || undefined })}
					/>
					<Checkbox
						label="Discovered only"
						checked={search.discovered ?? false}
						onChange={(e) => change({ ...search, discovered: e.currentTarget.checked || undefined })}
					/>
					<span className="rs-dim">
						{shown.length === agents.data.length
							? plural(shown.length, "agent")
							: `${shown.length} of ${plural(agents.data.length, "agent")}`}
					</span>
				</div>
			)}
			<Section flush>
				{agents.isPending && <SkeletonRows rows={8} />}
				{agents.isError && !agents.data && (
					<ErrorState doing="load the agents" error={agents.error} retry={() => void agents.refetch()} />
				)}
				{agents.data?.length === 0 && <NoAgents action={create} />}
				{agents.data && agents.data.length > 0 && (
					<AgentTable agents={shown} search={search} onSearch={change} />
				)}
			</Section>
			{creating && <CreateAgent onClose={() => setCreating(false)} />}
		</Page>
	);
}

function NoAgents({ action }: { action: React.ReactNode }) {
	return (
		<EmptyState icon="agents" title="No agents yet" action={action}>
			The first call that names an agent makes it here: connect a voice platform under Settings, Sources, or
			send a call with <code>externalAgentId</code>. Create one yourself to give it settings before it takes
			calls; its source id is the id that the platform knows it by.
		</EmptyState>
	);
}
