import { SegmentedControl } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FilterChip, FilterMenu } from "../../components/Filter";
import { PeekList } from "../../components/PeekList";
import type { Column } from "../../components/Table";
import { count } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { alertSeverities, alertTypes, type Word, wordOf } from "../../lib/words";
import { agentsQuery } from "../agents/queries";
import { AlertPeek } from "./AlertPeek";
import { AlertRow } from "./AlertRow";
import classes from "./alerts.module.css";
import { countsQuery } from "./count";
import { NoAlerts } from "./NoAlerts";
import { alertsQuery, rulesQuery } from "./queries";
import { type AlertsSearch, type ListName, listNames, listOf, severityNames, typeNames } from "./search";
import { placeOf } from "./words";

interface ViewProps {
	search: AlertsSearch;
	onSearch: (to: AlertsSearch) => void;
	mayChange: boolean;
}

export function InboxView({ search, onSearch, mayChange }: ViewProps) {
	const list = useInfiniteQuery(alertsQuery(search));
	const items = list.data?.pages.flatMap((p) => p.items) ?? [];
	const navigate = useNavigate();
	const select = (alert: string | undefined) => onSearch({ ...search, alert });
	const open = () => {
		const a = items.find((i) => i.id === search.alert);
		if (a) void navigate({ to: "/calls/$id", params: { id: a.call.short_id }, search: placeOf(a) });
	};
	useKeys([{ keys: "Enter", label: "Open its call", group: "Alerts", run: open }]);
	const filtered = listNames.some((name) => search[name]);
	const kept = { status: search.status };
	return (
		<>
			<div className={`${classes.bar} ${classes.between}`}>
				<Tabs search={search} onSearch={onSearch} />
				<Filters search={search} onSearch={onSearch} />
			</div>
			<PeekList
				pages={list}
				items={items}
				label="Alerts"
				one="alert"
				doing="load the alerts"
				group="Alerts"
				columns={search.alert ? beside : mayChange && search.status !== "resolved" ? acting : columns}
				row={(a) => (
					<AlertRow
						key={a.id}
						alert={a}
						selected={a.id === search.alert}
						narrow={search.alert !== undefined}
						mayChange={mayChange}
						onSelect={() => select(a.id)}
					/>
				)}
				nothing={<NoAlerts status={search.status} filtered={filtered} onClear={() => onSearch(kept)} />}
				selected={search.alert}
				onOpen={select}
				peek={(id) => <AlertPeek key={id} id={id} mayChange={mayChange} onClose={() => select(undefined)} />}
			/>
		</>
	);
}

const columns: Column[] = [
	{ label: "Severity", wide: true },
	{ label: "What" },
	{ label: "Call" },
	{ label: "Agent", wide: true },
	{ label: "Into the call", align: "end", wide: true },
	{ label: "When", wide: true },
];

const acting = [...columns, { label: "" }];

/** Those that stay while the drawer takes its part of the width. */
const beside = columns.slice(0, 3);

type PartProps = Pick<ViewProps, "search" | "onSearch">;

function Tabs({ search, onSearch }: PartProps) {
	const { data: counts } = useQuery(countsQuery);
	const label = (word: string, n: number | undefined) => (
		<>
			{word}
			{n !== undefined && <span className={classes.count}>{count(n)}</span>}
		</>
	);
	return (
		<SegmentedControl
			aria-label="Which alerts"
			data={[
				{ value: "open", label: label("Open", counts && counts.open - counts.acknowledged) },
				{ value: "acknowledged", label: label("Acknowledged", counts?.acknowledged) },
				{ value: "resolved", label: "Resolved" },
			]}
			value={search.status ?? "open"}
			onChange={(v) =>
				onSearch({
					...search,
					alert: undefined,
					status: v === "open" ? undefined : (v as AlertsSearch["status"]),
				})
			}
		/>
	);
}

function Filters({ search, onSearch }: PartProps) {
	const agents = useQuery(agentsQuery);
	const rules = useQuery({ ...rulesQuery, enabled: search.rule !== undefined });
	const menu = (name: ListName) => ({
		selected: listOf(search[name]),
		onChange: (values: string[]) =>
			onSearch({ ...search, alert: undefined, [name]: values.join(",") || undefined }),
	});
	const words = (table: Record<string, Word>, values: readonly string[]) =>
		values.map((value) => ({ value, label: wordOf(table, value).text }));
	const agentOptions = agents.data?.map((a) => ({ value: a.id, label: a.name || a.id }));
	return (
		<div className={classes.bar}>
			<FilterMenu name="Severity" options={words(alertSeverities, severityNames)} {...menu("severity")} />
			<FilterMenu name="Type" options={words(alertTypes, typeNames)} {...menu("type")} />
			<FilterMenu
				name="Agent"
				options={agentOptions && [...agentOptions, { value: "none", label: "No agent" }]}
				{...menu("agent")}
			/>
			{listOf(search.rule).map((id) => (
				<FilterChip
					key={id}
					name="Rule"
					value={rules.data?.find((r) => r.id === id)?.name ?? id}
					onRemove={() => menu("rule").onChange(listOf(search.rule).filter((r) => r !== id))}
				/>
			))}
		</div>
	);
}
