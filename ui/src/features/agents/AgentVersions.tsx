import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Badge } from "../../components/Badge";
import { Section } from "../../components/Page";
import { ErrorState, SkeletonRows } from "../../components/States";
import { Cell, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { providerName } from "../../lib/words";
import { providersQuery } from "../settings/queries";
import classes from "./AgentVersions.module.css";
import { type Agent, type AgentVersion, versionsQuery } from "./queries";
import { type Change, changesOf, versionWords } from "./versions";

/** How many are shown at first. */
const newest = 5;

/** What the agent was at its vendor, the newest first, and what each version changed. */
export function AgentVersions({ agent }: { agent: Agent }) {
	const versions = useQuery(versionsQuery(agent.id));
	const meant = useLocation({ select: (l) => l.hash === "versions" });
	const place = useRef<HTMLDivElement>(null);
	const there = !versions.isPending;
	// A link to this place comes before the place does.
	useEffect(() => {
		if (meant && there) place.current?.scrollIntoView();
	}, [meant, there]);
	const all = versions.data ?? [];
	return (
		<div id="versions" ref={place} className={classes.place}>
			<Section title="Versions" lead={all[0] && `Now: ${versionWords(all[0])}.`} flush>
				{versions.isPending && <SkeletonRows rows={3} />}
				{versions.isError && !versions.data && (
					<ErrorState
						doing="load the versions"
						error={versions.error}
						retry={() => void versions.refetch()}
					/>
				)}
				{versions.data?.length === 0 && <NoVersions provider={agent.provider} />}
				{all.length > 0 && <VersionTable agent={agent} versions={all} />}
			</Section>
		</div>
	);
}

/** Why nothing is noted, and what to do about it where something can be done. */
function NoVersions({ provider }: { provider: string }) {
	const providers = useQuery(providersQuery);
	const asked = providers.data?.filter((p) => p.key_gives.agents) ?? [];
	if (provider && asked.length > 0 && !asked.some((p) => p.id === provider)) {
		return (
			<p className={classes.note}>
				None: Ringside can ask {new Intl.ListFormat("en").format(asked.map((p) => p.name))} what their agents
				are, and no other platform. Where a call tells its agent's version, the call shows it.
			</p>
		);
	}
	return (
		<p className={classes.note}>
			None noted yet. With the platform's API key on its{" "}
			<Link to="/settings/$section" params={{ section: "sources" }}>
				source
			</Link>
			, Ringside asks every 15 minutes what its agents are, and notes here when the prompt, the model or the
			voice is another.
		</p>
	);
}

function VersionTable({ agent, versions }: { agent: Agent; versions: AgentVersion[] }) {
	const [all, setAll] = useState(false);
	const left = versions.length - newest;
	return (
		<>
			<Table
				label="Versions of the agent"
				columns={[{ label: "Version" }, { label: "What changed" }, { label: "Calls", wide: true }]}
			>
				{versions.slice(0, all ? undefined : newest).map((v, i) => (
					<VersionRow
						key={v.number}
						agent={agent}
						version={v}
						before={versions[i + 1]}
						after={versions[i - 1]}
					/>
				))}
			</Table>
			{left > 0 && !all && (
				<div className={classes.foot}>
					<Button onClick={() => setAll(true)}>Show {plural(left, "older version")}</Button>
				</div>
			)}
		</>
	);
}

interface RowProps {
	agent: Agent;
	version: AgentVersion;
	before?: AgentVersion;
	/** The version that took its place; the agent is as this one says without. */
	after?: AgentVersion;
}

function VersionRow({ agent, version: v, before, after }: RowProps) {
	return (
		<tr>
			<Cell>
				<span className={classes.lines}>
					<span className={classes.row}>
						{v.number}
						{!after && (
							<Badge tone="good" icon="check" bare>
								Current
							</Badge>
						)}
					</span>
					<span className="rs-dim">
						since <When at={v.since} form="exact" />
					</span>
					{v.vendor_version && (
						<span className="rs-dim">
							{v.vendor_version} at {providerName(agent.provider)}
						</span>
					)}
				</span>
			</Cell>
			<Cell>
				<span className={classes.lines}>
					{before ? (
						changesOf(v, before).map((c) => <ChangeLine key={c.part} change={c} />)
					) : (
						<span>{v.number === 1 ? "Seen for the first time" : capital(versionWords(v))}</span>
					)}
				</span>
			</Cell>
			<Cell wide>
				<Link
					to="/calls"
					search={{ agent: agent.id, after: v.since, ...(after ? { before: after.since } : {}) }}
				>
					{after ? "Its calls" : "Calls since"}
					<span className="rs-sr">, version {v.number}</span>
				</Link>
			</Cell>
		</tr>
	);
}

function ChangeLine({ change: { part, before, now } }: { change: Change }) {
	const none = <span className="rs-dim">none shown</span>;
	return (
		<span>
			{part}: <span className={part === "Prompt" ? "rs-mono" : undefined}>{before ?? none}</span>
			<span aria-hidden="true"> → </span>
			<span className="rs-sr"> to </span>
			<span className={part === "Prompt" ? "rs-mono" : undefined}>{now ?? none}</span>
		</span>
	);
}
