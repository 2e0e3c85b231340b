import { ActionIcon } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import { Icon } from "../../components/Icon";
import { ScoreValue } from "../../components/Judgement";
import { plural } from "../../lib/format";
import { useSettings } from "../../lib/settings";
import { LiveRow } from "./LiveRow";
import classes from "./LiveTable.module.css";
import { Elapsed } from "./marks";
import { type Group, type Row, sumOf } from "./order";
import type { LiveSort } from "./search";

interface TableProps {
	rows: Row[];
	/** Empty: not grouped. */
	groups: Group[];
	/** The selected call. */
	at: string | undefined;
	narrow: boolean;
	skew: number | null;
	sort: LiveSort | undefined;
	onSort: (sort: LiveSort | undefined) => void;
	/** Sorts anew by what has changed since. */
	onSortAgain: () => void;
	onSelect: (id: string) => void;
	onOpen: (row: Row) => void;
}

type Item = { kind: "group"; group: Group } | { kind: "row"; row: Row };

const headHeight = 30;

function heights(density: string, narrow: boolean) {
	if (narrow) return { row: 86, group: 62 };
	return density === "compact" ? { row: 50, group: 34 } : { row: 58, group: 40 };
}

/** What stands in the table, line by line. */
export function itemsOf(rows: Row[], groups: Group[]): Item[] {
	if (groups.length === 0) return rows.map((row) => ({ kind: "row", row }));
	return groups.flatMap((group): Item[] => [
		{ kind: "group", group },
		...group.rows.map((row): Item => ({ kind: "row", row })),
	]);
}

const idOf = (i: Item | undefined) => (i?.kind === "row" ? i.row.call.id : i && `group-${i.group.key}`);

export function LiveTable(props: TableProps) {
	const { rows, groups, at, narrow, skew, sort, onSort, onSortAgain, onSelect, onOpen } = props;
	const { density } = useSettings();
	const items = useMemo(() => itemsOf(rows, groups), [rows, groups]);
	const height = heights(density, narrow);
	const head = narrow ? 0 : headHeight;
	const box = useRef<HTMLDivElement>(null);
	const list = useVirtualizer({
		count: items.length,
		getScrollElement: () => box.current,
		estimateSize: (i) => height[items[i]?.kind ?? "row"],
		getItemKey: (i) => idOf(items[i]) ?? i,
		overscan: 10,
		scrollMargin: head,
		scrollPaddingStart: head,
	});
	const shape = items.map((i) => i.kind).join("");
	// biome-ignore lint/correctness/useExhaustiveDependencies: new heights are the reason to measure
	useEffect(() => list.measure(), [list, height.row, shape]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: moves when another call is selected, not when rows move
	useEffect(() => {
		const index = items.findIndex((i) => i.kind === "row" && i.row.call.id === at);
		if (index >= 0) list.scrollToIndex(index, { align: "auto" });
	}, [at, list]);
	const calls = items.flatMap((i) => (i.kind === "row" ? i.row.call.id : []));
	const onKey = (e: KeyboardEvent) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (!step || e.target !== e.currentTarget) return;
		e.preventDefault();
		e.stopPropagation();
		const to = calls[Math.max(0, Math.min(calls.length - 1, calls.indexOf(at ?? "") + step))];
		if (to) onSelect(to);
	};
	return (
		<div
			ref={box}
			className={classes.box}
			role="grid"
			tabIndex={0}
			aria-label="Live calls"
			aria-rowcount={items.length + 1}
			aria-activedescendant={at && calls.includes(at) ? `row-${at}` : undefined}
			data-narrow={narrow || undefined}
			onKeyDown={onKey}
		>
			<Head sort={sort} onSort={onSort} onSortAgain={onSortAgain} />
			<div className={classes.body} role="rowgroup" style={{ height: list.getTotalSize() }}>
				{list.getVirtualItems().map((v) => {
					const item = items[v.index];
					if (!item) return null;
					const place = { index: v.index, top: v.start - head, height: v.size };
					if (item.kind === "group")
						return <GroupRow key={v.key} group={item.group} narrow={narrow} skew={skew} {...place} />;
					return (
						<LiveRow
							key={v.key}
							row={item.row}
							selected={item.row.call.id === at}
							narrow={narrow}
							skew={skew}
							onOpen={onOpen}
							{...place}
						/>
					);
				})}
			</div>
		</div>
	);
}

const columns: { title: string; sort?: "duration" | "score"; align?: "right" }[] = [
	{ title: "Agent" },
	{ title: "Time", sort: "duration", align: "right" },
	{ title: "From → to" },
	{ title: "About" },
	{ title: "Score", sort: "score" },
	{ title: "Tool" },
	{ title: "Alerts" },
];

/** Down, up, and back to the usual order. */
export function nextSort(key: "duration" | "score", now: LiveSort | undefined): LiveSort | undefined {
	const first: LiveSort = key === "score" ? "score" : "-duration";
	const second: LiveSort = key === "score" ? "-score" : "duration";
	if (now === first) return second;
	return now === second ? undefined : first;
}

function Head({ sort, onSort, onSortAgain }: Pick<TableProps, "sort" | "onSort" | "onSortAgain">) {
	return (
		<div className={classes.headGroup} role="rowgroup">
			<div className={classes.head} role="row" aria-rowindex={1}>
				{columns.map(({ title, sort: key, align }) => {
					const order = !key || !sort?.endsWith(key) ? "none" : sort === key ? "ascending" : "descending";
					return (
						<span
							key={title}
							role="columnheader"
							className={classes.headCell}
							data-align={align}
							aria-sort={key && order}
						>
							{key ? (
								<button type="button" className={classes.sort} onClick={() => onSort(nextSort(key, sort))}>
									{title}
									{order !== "none" && <Icon name={order === "ascending" ? "up" : "down"} size={12} />}
								</button>
							) : (
								title
							)}
							{key === "score" && order !== "none" && (
								<ActionIcon
									size="xs"
									aria-label="Sort again by the scores of now"
									title="Sort again by the scores of now"
									onClick={onSortAgain}
								>
									<Icon name="refresh" size={12} />
								</ActionIcon>
							)}
						</span>
					);
				})}
			</div>
		</div>
	);
}

interface GroupProps {
	group: Group;
	index: number;
	top: number;
	height: number;
	narrow: boolean;
	skew: number | null;
}

/** An agent's line over its calls: how it is doing now. */
function GroupRow({ group, index, top, height, skew }: GroupProps) {
	const sum = sumOf(group.rows);
	return (
		<div
			className={classes.group}
			role="row"
			aria-rowindex={index + 2}
			style={{ transform: `translateY(${top}px)`, height }}
		>
			<div role="gridcell" className={classes.groupCells}>
				<span className={classes.groupName}>{group.name}</span>
				<span>
					<b>{sum.active}</b> active
				</span>
				<span>
					score <ScoreValue value={sum.score} />
				</span>
				<span data-bad={sum.alerts > 0 || undefined}>
					{sum.alerts > 0 ? plural(sum.alerts, "open alert") : "no open alerts"}
				</span>
				{sum.longest && (
					<span>
						longest{" "}
						<b>
							<Elapsed since={sum.longest.startedAt} skew={skew} />
						</b>
					</span>
				)}
			</div>
		</div>
	);
}
