export const agentSorts = ["name", "-calls", "calls", "-success", "success", "-last", "last"] as const;

export type AgentSort = (typeof agentSorts)[number];

export interface AgentsSearch {
	/** Part of a name or a source id. */
	find?: string;
	/** Only those that no person made. */
	discovered?: true;
	sort?: AgentSort;
}

export function validateAgentsSearch(raw: Record<string, unknown>): AgentsSearch {
	const out: AgentsSearch = {};
	if (typeof raw.find === "string" && raw.find) out.find = raw.find;
	if (raw.discovered === true || raw.discovered === "true") out.discovered = true;
	const sort = agentSorts.find((s) => s === raw.sort);
	if (sort && sort !== "name") out.sort = sort;
	return out;
}

export type AgentSearch = Record<string, never>;

export function validateAgentSearch(_raw: Record<string, unknown>): AgentSearch {
	return {};
}
