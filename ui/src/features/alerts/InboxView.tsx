import { Button, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FilterChip, FilterMenu } from "../../components/Filter";
import { Section } from "../../components/Page";
import { ErrorState, SkeletonRows } from "../../components/States";
import { type Column, Table } from "../../components/Table";
import { useKeys } from "../../lib/keys";
import { neighbour } from "../../lib/neighbour";
import { type Word, wordOf } from "../../lib/words";
import { agentsQuery } from "../agents/queries";
import { AlertRow } from "./AlertRow";
import classes from "./alerts.module.css";
import { NoAlerts } from "./NoAlerts";
import { alertsQuery, countsQuery, rulesQuery } from "./queries";
import { type AlertsSearch, type ListName, listNames, listOf, severityNames, typeNames } from "./search";
import { placeOf, severities, types } from "./words";

interface ViewProps {
	search: AlertsSearch;
	onSearch: (to: AlertsSearch) => void;
	mayManage: boolean;
}

export function InboxView({ search, onSearch, mayManage }: ViewProps) {
	const list = useInfiniteQuery(alertsQuery(search));
	const items = list.data?.pages.flatMap((p) => p.items) ?? [];
	const navigate = useNavigate();
	const select = (alert: string | undefined) => onSearch({ ...search, alert });
	const step = (by: 1 | -1) => () => {
		const id = neighbour(items, search.alert, by);
		if (id) select(id);
	};
	const open = () => {
		const a = items.find((i) => i.id === search.alert);
		if (a) void navigate({ to: "/calls/$id", params: { id: a.call.short_id }, search: placeOf(a) });
	};
	useKeys([
		{ keys: "j", label: "Next alert", group: "Alerts", run: step(1) },
		{ keys: "k", label: "Previous alert", group: "Alerts", run: step(-1) },
		{ keys: "Enter", label: "Open its call", group: "Alerts", run: open },
		{ keys: "Escape", run: () => select(undefined) },
	]);
	const filtered = listNames.some((name) => search[name]);
	const kept = { status: search.status };
	return (
		<>
			<div className={`${classes.bar} ${classes.between}`}>
				<Tabs search={search} onSearch={onSearch} />
				<Filters search={search} onSearch={onSearch} />
			</div>
			<Section flush>
				{list.isPending && <SkeletonRows rows={8} />}
				{list.isError && items.length === 0 && (
					<ErrorState doing="load the alerts" error={list.error} retry={() => void list.refetch()} />
				)}
				{list.data && items.length === 0 && (
					<NoAlerts status={search.status} filtered={filtered} onClear={() => onSearch(kept)} />
				)}
				{items.length > 0 && (
					<Table label="Alerts" columns={mayManage && search.status !== "resolved" ? acting : columns}>
						{items.map((a) => (
							<AlertRow
								key={a.id}
								alert={a}
								selected={a.id === search.alert}
								mayManage={mayManage}
								onSelect={() => select(a.id)}
							/>
						))}
					</Table>
				)}
				{list.hasNextPage && (
					<div className={classes.more}>
						<Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
							Load more
						</Button>
					</div>
				)}
			</Section>
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

type PartProps = Pick<ViewProps, "search" | "onSearch">;

function Tabs({ search, onSearch }: PartProps) {
	const counts = useQuery(countsQuery).data;
	const label = (word: string, n: number | string | null | undefined) => (
		<>
			{word}
			{n != null && <span className={classes.count}>{n}</span>}
		</>
	);
	return (
		<SegmentedControl
			aria-label="Which alerts"
			data={[
				{ value: "open", label: label("Open", counts?.open) },
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
			<FilterMenu name="Severity" options={words(severities, severityNames)} {...menu("severity")} />
			<FilterMenu name="Type" options={words(types, typeNames)} {...menu("type")} />
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
