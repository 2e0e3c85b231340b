import { Button, SegmentedControl, Select, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import { Raw } from "../../components/Badge";
import { PeekList } from "../../components/PeekList";
import { EmptyState } from "../../components/States";
import { Cell, type Column } from "../../components/Table";
import { When } from "../../components/Values";
import { count, latency } from "../../lib/format";
import { capital } from "../../lib/forms";
import { sentEvents } from "../../lib/words";
import { endpointsQuery, type Sent, sentQuery } from "./queries";
import { SentBadge } from "./SentBadge";
import { SentPeek } from "./SentPeek";
import type { SentFilter, SentStatus, SettingsSearch } from "./search";
import classes from "./settings.module.css";
import { answerWords, eventWords, hostOf, trouble } from "./webhooks";

export function DeliveriesSection() {
	const search = useSearch({ from: "/app/settings/$section" });
	const navigate = useNavigate();
	const { status, event, endpoint, call } = search;
	const filter: SentFilter = {
		...(status ? { status } : {}),
		...(event ? { event } : {}),
		...(endpoint ? { endpoint } : {}),
		...(call ? { call } : {}),
	};
	const sent = useInfiniteQuery(sentQuery(filter));
	const may = useMay();
	const go = (to: SettingsSearch) =>
		void navigate({ to: "/settings/$section", params: { section: "deliveries" }, search: to, replace: true });
	const open = (delivery: string | undefined) => go({ ...filter, delivery });
	const items = sent.data?.pages.flatMap((p) => p.items ?? []) ?? [];
	const narrow = search.delivery !== undefined;
	return (
		<>
			<Filters value={filter} onChange={go} />
			<PeekList
				pages={sent}
				items={items}
				doing="load the deliveries"
				label="Deliveries"
				one="delivery"
				group="Deliveries"
				columns={narrow ? beside : columns}
				row={(d) => (
					<Row
						key={d.id}
						delivery={d}
						selected={d.id === search.delivery}
						narrow={narrow}
						onOpen={() => open(d.id)}
					/>
				)}
				nothing={<Nothing filter={filter} onClear={() => go({})} />}
				selected={search.delivery}
				onOpen={open}
				peek={(id) => <SentPeek key={id} id={id} mayChange={may.change} onClose={() => open(undefined)} />}
			/>
		</>
	);
}

interface FiltersProps {
	value: SentFilter;
	onChange: (filter: SentFilter) => void;
}

function Filters({ value, onChange }: FiltersProps) {
	const { data: endpoints = [] } = useQuery(endpointsQuery);
	const set = (change: SentFilter) => onChange({ ...value, ...change });
	const known = endpoints.map((e) => ({ value: e.id, label: e.description || hostOf(e.url) || e.id }));
	const gone =
		value.endpoint && !known.some((e) => e.value === value.endpoint)
			? [{ value: value.endpoint, label: value.endpoint }]
			: [];
	return (
		<div className={classes.row}>
			<SegmentedControl
				aria-label="Which deliveries"
				data={[
					{ value: "", label: "All" },
					{ value: "waiting", label: "Waiting" },
					{ value: "failed", label: "Tried again" },
					{ value: "delivered", label: "Delivered" },
					{ value: "dead", label: "Given up" },
				]}
				value={value.status ?? ""}
				onChange={(v) => set({ status: (v || undefined) as SentStatus | undefined })}
			/>
			<Select
				aria-label="Event"
				placeholder="Any event"
				clearable
				data={Object.entries(sentEvents).map(([event, { text }]) => ({ value: event, label: text }))}
				value={value.event ?? null}
				onChange={(v) => set({ event: v ?? undefined })}
			/>
			<Select
				aria-label="Webhook"
				placeholder="Any webhook"
				clearable
				data={[...gone, ...known]}
				value={value.endpoint ?? null}
				onChange={(v) => set({ endpoint: v ?? undefined })}
			/>
			{value.call && (
				<span className={classes.row}>
					<span>
						Of{" "}
						<Link to="/calls/$id" params={{ id: value.call }}>
							one call
						</Link>
					</span>
					<Button onClick={() => set({ call: undefined })}>Of all calls</Button>
				</span>
			)}
		</div>
	);
}

function Nothing({ filter, onClear }: { filter: SentFilter; onClear: () => void }) {
	if (Object.keys(filter).length > 0) {
		return (
			<EmptyState
				icon="filter"
				title="No delivery is like that"
				action={<Button onClick={onClear}>Show all deliveries</Button>}
			>
				{filter.status === "dead" ? "Nothing was given up." : "Others may be there without the filter."}
			</EmptyState>
		);
	}
	return (
		<EmptyState icon="outbound" title="Nothing was sent yet">
			When something happens in a call that a{" "}
			<Link to="/settings/$section" params={{ section: "webhooks" }}>
				webhook
			</Link>{" "}
			or an agent's own address asks for, each delivery is here with what your server answered.
		</EmptyState>
	);
}

const columns: Column[] = [
	{ label: "Made" },
	{ label: "State" },
	{ label: "Event" },
	{ label: "To", wide: true },
	{ label: "Last answer", wide: true },
	{ label: "Attempts", align: "end", wide: true },
	{ label: "Next", wide: true },
];

/** Those that stay while the drawer takes its part of the width. */
const beside = columns.slice(0, 3);

interface RowProps {
	delivery: Sent;
	selected: boolean;
	narrow: boolean;
	onOpen: () => void;
}

function Row({ delivery: d, selected, narrow, onOpen }: RowProps) {
	// The type leaves out that there is none before the first attempt.
	const last = d.last_attempt as Sent["last_attempt"] | null;
	return (
		// The button in the row is the keyboard's way; J and K step.
		<tr data-clickable data-selected={selected || undefined} onClick={onOpen}>
			<Cell>
				<UnstyledButton className={classes.open} aria-expanded={selected} onClick={onOpen}>
					<When at={d.created_at} />
				</UnstyledButton>
			</Cell>
			<Cell>
				<SentBadge status={d.status} />
			</Cell>
			<Cell>
				<Raw value={d.event}>{eventWords(d.event)}</Raw>
			</Cell>
			{!narrow && (
				<>
					<Cell wide cut title={last?.host}>
						{last?.host || <span className="rs-dim">—</span>}
					</Cell>
					<Cell wide cut title={capital(trouble(d)) || undefined}>
						{last ? `${answerWords(last)}, ${latency(last.latency_ms)}` : <span className="rs-dim">—</span>}
					</Cell>
					<Cell align="end" wide>
						{count(d.attempt_count)}
					</Cell>
					<Cell wide>
						<When at={d.next_attempt_at} />
					</Cell>
				</>
			)}
		</tr>
	);
}
