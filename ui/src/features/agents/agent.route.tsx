import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { api, notFound } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { ProviderBadge } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { CopyID } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import { Fact, Facts, Page, Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { noteRecent } from "../../lib/settings";
import { toast } from "../../lib/toast";
import { useCrumb } from "../frame/crumb";
import { AgentForm } from "./AgentForm";
import { DiscoveredBadge, SuccessRate } from "./AgentTable";
import classes from "./agents.module.css";
import { MergeAgent } from "./MergeAgent";
import { type Agent, agentQuery } from "./queries";
import { SpeedToLead } from "./SpeedToLead";

// What most look at after the facts: the page does not wait for it.
const AgentSound = lazy(async () => ({ default: (await import("./AgentSound")).AgentSound }));
const AgentVersions = lazy(async () => ({ default: (await import("./AgentVersions")).AgentVersions }));

export function AgentRoute() {
	const { id } = useParams({ from: "/app/agents/$id" });
	const agent = useQuery(agentQuery(id));
	const name = agent.data?.name;
	useCrumb(name);
	useEffect(() => {
		if (name) noteRecent(`/agents/${id}`, name);
	}, [id, name]);
	if (agent.data) return <AgentPage key={agent.data.id} agent={agent.data} />;
	return (
		<Page title="Agent">
			<Section>
				{agent.isPending && <SkeletonText lines={10} />}
				{agent.isError &&
					(notFound(agent.error) ? (
						<EmptyState
							icon="agents"
							title="There is no such agent"
							action={<Link to="/agents">All agents</Link>}
						>
							It may have been merged into another or deleted, or it belongs to another workspace.
						</EmptyState>
					) : (
						<ErrorState doing="load the agent" error={agent.error} retry={() => void agent.refetch()} />
					))}
			</Section>
		</Page>
	);
}

function AgentPage({ agent }: { agent: Agent }) {
	const may = useMay();
	return (
		<Page
			title={agent.name}
			badges={agent.discovered ? <DiscoveredBadge /> : undefined}
			actions={<Actions agent={agent} mayChange={may.change} />}
		>
			{agent.discovered && may.change && (
				<FormNote tone="info">
					A call named this agent, so it is here. If you made the same agent yourself, merge this one into it;
					otherwise give it a name and settings and it is yours.
				</FormNote>
			)}
			{!may.change && (
				<FormNote tone="info">As a viewer you may look at the settings, but not change them.</FormNote>
			)}
			{agent.secrets_lost && (
				<FormNote tone="bad">
					The agent's secrets were sealed with another key and can't be opened. Give Ringside the key that it
					had, or enter here again what is to be used: the key to the CRM, the signing secret, or both.
				</FormNote>
			)}
			<AgentFacts agent={agent} />
			<SpeedToLead id={agent.id} />
			<Suspense
				fallback={
					<Section title="Sound">
						<SkeletonText lines={8} />
					</Section>
				}
			>
				<AgentSound id={agent.id} />
			</Suspense>
			<Suspense
				fallback={
					<Section title="Versions">
						<SkeletonText lines={3} />
					</Section>
				}
			>
				<AgentVersions agent={agent} />
			</Suspense>
			<AgentForm agent={agent} readOnly={!may.change} />
		</Page>
	);
}

function AgentFacts({ agent }: { agent: Agent }) {
	return (
		<Section title="Facts">
			<div className={classes.columns}>
				<Facts>
					<Fact name="Provider">
						<ProviderBadge provider={agent.provider} />
					</Fact>
					<Fact name="Source id">
						{agent.source_id ? (
							<CopyID value={agent.source_id} label="Copy the source id" />
						) : (
							<span className="rs-dim">None: calls can't be linked to it by the platform's id</span>
						)}
					</Fact>
					<Fact name="Calls, 30 days">
						<Link to="/calls" search={{ agent: agent.id, range: "30d" }}>
							{plural(agent.stats.calls, "call")}
						</Link>
					</Fact>
					<Fact name="Success, 30 days">
						<SuccessRate stats={agent.stats} />
					</Fact>
					<Fact name="Last call">
						<When at={agent.stats.last_call_at} />
					</Fact>
					<Fact name={agent.discovered ? "Discovered" : "Created"}>
						<When at={agent.created_at} form="exact" />
					</Fact>
					<Fact name="Id">
						<CopyID value={agent.id} label="Copy the agent's id" />
					</Fact>
				</Facts>
			</div>
		</Section>
	);
}

function Actions({ agent, mayChange }: { agent: Agent; mayChange: boolean }) {
	const [merging, setMerging] = useState(false);
	const client = useQueryClient();
	const navigate = useNavigate();
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/agents/{id}", { params: { path: { id: agent.id } } }),
		onSuccess: async () => {
			toast({ title: `${agent.name} is deleted` });
			await navigate({ to: "/agents", replace: true, ignoreBlocker: true });
			await client.invalidateQueries({ queryKey: ["agents"] });
			await client.invalidateQueries({ queryKey: ["calls"] });
		},
		onError: (e) => toast({ title: "Could not delete the agent", detail: capital(sentence(e)), tone: "bad" }),
	});
	return (
		<>
			<Button
				leftSection={<Icon name="calls" />}
				renderRoot={(props) => <Link to="/calls" search={{ agent: agent.id }} {...props} />}
			>
				Its calls
			</Button>
			{mayChange && (
				<>
					<Button leftSection={<Icon name="link" />} onClick={() => setMerging(true)}>
						Merge
					</Button>
					<ConfirmButton
						label="Delete"
						confirm="Delete the agent"
						question={`${agent.name} and its settings go. Its calls stay, without an agent; the next call that names it makes it anew.`}
						onConfirm={() => remove.mutate()}
						busy={remove.isPending}
					/>
				</>
			)}
			{merging && <MergeAgent agent={agent} onClose={() => setMerging(false)} />}
		</>
	);
}
