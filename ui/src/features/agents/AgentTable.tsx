import { Button, Tooltip, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Badge, ProviderBadge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { EmptyState } from "../../components/States";
import { Cell, type Column, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { count, plural, share } from "../../lib/format";
import classes from "./agents.module.css";
import { enough, nextSort, successRate } from "./list";
import type { Agent } from "./queries";
import type { AgentsSearch } from "./search";

const page = 100;

interface AgentTableProps {
	agents: Agent[];
	search: AgentsSearch;
	onSearch: (to: AgentsSearch) => void;
}

type Sortable = "calls" | "success" | "last";

export function AgentTable({ agents, search, onSearch }: AgentTableProps) {
	const [shown, setShown] = useState(page);
	const sortable = (column: Sortable, label: string, align: "start" | "end"): Column => {
		const on = search.sort === column || search.sort === `-${column}`;
		const down = search.sort === `-${column}`;
		return {
			label,
			align,
			sort: on ? (down ? "descending" : "ascending") : undefined,
			head: (
				<UnstyledButton
					className={classes.sort}
					data-on={on || undefined}
					onClick={() => onSearch({ ...search, sort: nextSort(column, search.sort) })}
				>
					{label}
					{on && <Icon name={down ? "down" : "up"} size={12} />}
				</UnstyledButton>
			),
		};
	};
	if (agents.length === 0) {
		return (
			<EmptyState
				icon="search"
				title="No agent matches"
				action={<Button onClick={() => onSearch({})}>Show all</Button>}
			>
				Names and source ids are searched.
			</EmptyState>
		);
	}
	return (
		<>
			<Table
				label="Agents"
				columns={[
					{ label: "Name" },
					{ label: "Provider", wide: true },
					sortable("calls", "Calls, 30 days", "end"),
					sortable("success", "Success", "end"),
					sortable("last", "Last call", "end"),
				]}
			>
				{agents.slice(0, shown).map((a) => (
					<AgentRow key={a.id} agent={a} />
				))}
			</Table>
			{agents.length > shown && (
				<div className={classes.more}>
					<Button onClick={() => setShown(shown + 5 * page)}>
						Show {plural(Math.min(5 * page, agents.length - shown), "more agent")}
					</Button>
				</div>
			)}
		</>
	);
}

function AgentRow({ agent }: { agent: Agent }) {
	return (
		<tr>
			<Cell>
				<span className={classes.name}>
					<Link to="/agents/$id" params={{ id: agent.id }}>
						{agent.name}
					</Link>
					{agent.discovered && <DiscoveredBadge />}
				</span>
			</Cell>
			<Cell wide>
				<ProviderBadge provider={agent.provider} />
			</Cell>
			<Cell align="end">
				{agent.stats.calls > 0 ? (
					<Link
						to="/calls"
						search={{ agent: agent.id, range: "30d" }}
						aria-label={`${agent.stats.calls} calls of ${agent.name}`}
					>
						{count(agent.stats.calls)}
					</Link>
				) : (
					<span className="rs-dim">0</span>
				)}
			</Cell>
			<Cell align="end">
				<SuccessRate stats={agent.stats} />
			</Cell>
			<Cell align="end">
				<When at={agent.stats.last_call_at} />
			</Cell>
		</tr>
	);
}

/** The share of judged calls that did what they were for; with few of them, the counts themselves. */
export function SuccessRate({ stats }: { stats: Agent["stats"] }) {
	const rate = successRate(stats);
	if (rate === null) return <span className="rs-dim">Not judged</span>;
	const n = `${count(stats.succeeded)} of ${plural(stats.judged, "judged call")}`;
	if (!enough(stats)) return <span className="rs-dim">{n}</span>;
	return (
		<Tooltip label={`${n} in 30 days; ${plural(stats.calls - stats.judged, "call")} nobody judged`}>
			<span>
				{share(rate)} <span className="rs-dim">n = {count(stats.judged)}</span>
			</span>
		</Tooltip>
	);
}

export function DiscoveredBadge() {
	return (
		<Tooltip label="Nobody made this agent: a call named it. It can be edited, or merged into another.">
			<span>
				<Badge icon="search">Discovered</Badge>
			</span>
		</Tooltip>
	);
}
