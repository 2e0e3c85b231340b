import { Button } from "@mantine/core";
import { FilterChip, FilterMenu, type FilterOption } from "../../components/Filter";
import { durationWords } from "../../lib/format";
import { providerName } from "../../lib/words";
import type { LiveState } from "./fold";
import classes from "./live.module.css";
import { agentKey, agentName, anyFilter, noAgent } from "./order";
import { type AlertChoice, alertChoices, type LiveSearch } from "./search";
import type { LiveCall } from "./types";
import { useView } from "./useView";
import { alertChoiceWords } from "./words";

const split = (joined: string | undefined) => joined?.split(",").filter(Boolean) ?? [];
const join = (list: string[]) => (list.length > 0 ? list.join(",") : undefined);

/** Values with how many calls have each, most first; what is chosen stays although no call has it. */
export function countBy(
	calls: Iterable<LiveCall>,
	key: (c: LiveCall) => string,
	label: (value: string, c?: LiveCall) => string,
	chosen: string[],
): FilterOption[] {
	const found = new Map<string, FilterOption & { count: number }>();
	for (const c of calls) {
		const value = key(c);
		const o = found.get(value) ?? { value, label: label(value, c), count: 0 };
		o.count++;
		found.set(value, o);
	}
	for (const value of chosen)
		if (!found.has(value)) found.set(value, { value, label: label(value), count: 0 });
	return [...found.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
}

const lengths: FilterOption[] = [
	...[60, 120, 300, 600, 1800].map((s) => ({ value: `min:${s}`, label: `Over ${durationWords(s * 1000)}` })),
	...[60, 300].map((s) => ({ value: `max:${s}`, label: `Up to ${durationWords(s * 1000)}` })),
];

const kinds: FilterOption[] = [
	{ value: "false", label: "Real calls" },
	{ value: "true", label: "Simulations" },
];

/** The newest choice of a menu in which one excludes the other. */
const newest = (list: string[], before: string[]) => list.find((v) => !before.includes(v));

export function LiveFilters({ state }: { state: LiveState }) {
	const { search, change, clear } = useView();
	const calls = state.calls.values();
	const agents = split(search.agent);
	const providers = split(search.provider);
	const agentLabel = (value: string, c?: LiveCall) =>
		c ? agentName(c) : value === noAgent ? "No agent" : value;
	const agentOptions = countBy(calls, agentKey, agentLabel, agents);
	const length = lengthOf(search);
	const kind = search.simulation === undefined ? [] : [String(search.simulation)];
	const setLength = (list: string[]) => {
		const [side, seconds] = newest(list, length)?.split(":") ?? [];
		change({
			min: side === "min" ? Number(seconds) : undefined,
			max: side === "max" ? Number(seconds) : undefined,
		});
	};
	return (
		<div className={classes.filters} role="search" aria-label="Filter the live calls">
			<div className={classes.filterLine}>
				<FilterMenu
					name="Agent"
					options={agentOptions}
					selected={agents}
					onChange={(list) => change({ agent: join(list) })}
				/>
				<FilterMenu
					name="Alerts"
					options={alertChoices.map((value) => ({ value, label: alertChoiceWords[value] ?? value }))}
					selected={split(search.alerts)}
					onChange={(list) => change({ alerts: join(list) })}
				/>
				<FilterMenu name="Time" options={lengths} selected={length} onChange={setLength} />
				<FilterMenu
					name="Source"
					options={countBy(state.calls.values(), (c) => c.provider, providerName, providers)}
					selected={providers}
					onChange={(list) => change({ provider: join(list) })}
				/>
				<FilterMenu
					name="Kind"
					options={kinds}
					selected={kind}
					onChange={(list) => {
						const value = newest(list, kind);
						change({ simulation: value === undefined ? undefined : value === "true" });
					}}
				/>
			</div>
			{anyFilter(search) && (
				<div className={classes.filterLine}>
					{chipsOf(search, (v) => agentOptions.find((o) => o.value === v)?.label ?? v).map((c) => (
						<FilterChip
							key={c.name}
							name={c.name}
							operator={c.operator}
							value={c.value}
							onRemove={() => change(c.off)}
						/>
					))}
					<Button size="xs" variant="subtle" color="gray" onClick={clear}>
						Clear filters
					</Button>
				</div>
			)}
		</div>
	);
}

function lengthOf(s: LiveSearch): string[] {
	if (s.min !== undefined) return [`min:${s.min}`];
	return s.max === undefined ? [] : [`max:${s.max}`];
}

interface Chip {
	name: string;
	operator?: string;
	value: string;
	off: Partial<LiveSearch>;
}

/** The filters in force, in words. */
export function chipsOf(s: LiveSearch, agent: (value: string) => string): Chip[] {
	const any = (list: string[]) => (list.length > 1 ? "is any of" : "is");
	const chips: Chip[] = [];
	const [agents, alerts, providers] = [split(s.agent), split(s.alerts) as AlertChoice[], split(s.provider)];
	if (agents.length > 0)
		chips.push({
			name: "Agent",
			operator: any(agents),
			value: agents.map(agent).join(", "),
			off: { agent: undefined },
		});
	if (alerts.length > 0)
		chips.push({
			name: "Alerts",
			operator: any(alerts),
			value: alerts.map((a) => alertChoiceWords[a]).join(", "),
			off: { alerts: undefined },
		});
	if (s.min !== undefined)
		chips.push({
			name: "Time",
			operator: "over",
			value: durationWords(s.min * 1000),
			off: { min: undefined },
		});
	if (s.max !== undefined)
		chips.push({ name: "Up to", operator: "", value: durationWords(s.max * 1000), off: { max: undefined } });
	if (providers.length > 0)
		chips.push({
			name: "Source",
			operator: any(providers),
			value: providers.map(providerName).join(", "),
			off: { provider: undefined },
		});
	if (s.simulation !== undefined)
		chips.push({
			name: "Kind",
			value: s.simulation ? "Simulations" : "Real calls",
			off: { simulation: undefined },
		});
	return chips;
}
