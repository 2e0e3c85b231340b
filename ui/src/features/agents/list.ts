import type { Agent } from "./queries";
import type { AgentSort, AgentsSearch } from "./search";

/** Fewer judged calls than this make a rate that says little: the counts are shown instead. */
const smallSample = 10;

type Stats = Pick<Agent["stats"], "judged" | "succeeded">;

/** A share between 0 and 1; null when nobody judged a call. */
export function successRate({ judged, succeeded }: Stats): number | null {
	return judged > 0 ? succeeded / judged : null;
}

/** Whether the rate stands on enough calls to be shown as one. */
export function enough({ judged }: Stats): boolean {
	return judged >= smallSample;
}

const time = (iso: string | null | undefined) => (iso ? Date.parse(iso) : 0);

const keyOf: Record<"calls" | "success" | "last", (a: Agent) => number> = {
	calls: (a) => a.stats.calls,
	success: (a) => successRate(a.stats) ?? -1,
	last: (a) => time(a.stats.last_call_at),
};

function compare(sort: AgentSort): (a: Agent, b: Agent) => number {
	const byName = (a: Agent, b: Agent) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id);
	if (sort === "name") return byName;
	const down = sort.startsWith("-");
	const key = keyOf[sort.replace("-", "") as keyof typeof keyOf];
	return (a, b) => (down ? key(b) - key(a) : key(a) - key(b)) || byName(a, b);
}

/** The agents that a view asks for, in its order. */
export function viewOf(agents: Agent[], { find = "", discovered, sort = "name" }: AgentsSearch): Agent[] {
	const words = find.toLowerCase().split(/\s+/).filter(Boolean);
	return agents
		.filter((a) => !discovered || a.discovered)
		.filter((a) => {
			const text = `${a.name} ${a.source_id} ${a.provider}`.toLowerCase();
			return words.every((w) => text.includes(w));
		})
		.toSorted(compare(sort));
}

/** The sort that a click on a column's head leads to: the useful way first, then the other, then none. */
export function nextSort(
	column: "calls" | "success" | "last",
	now: AgentSort | undefined,
): AgentSort | undefined {
	if (now === `-${column}`) return column;
	return now === column ? undefined : `-${column}`;
}
