import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import { Icon } from "../../components/Icon";
import { useSettings } from "../../lib/settings";
import { CallRow } from "./CallRow";
import classes from "./CallsTable.module.css";
import { type Column, nextSort, shownColumns, tracks } from "./columns";
import type { Sort } from "./search";
import type { CallItem } from "./types";

interface TableProps {
	calls: CallItem[];
	/** How many there are in all, loaded or not. */
	total: number;
	/** Index of the selected call; -1 when none is. */
	at: number;
	narrow: boolean;
	sort: Sort | undefined;
	onSort: (sort: Sort | undefined) => void;
	onSelect: (index: number) => void;
	/** The end of what is loaded is near. */
	onEnd: () => void;
	loadingMore: boolean;
}

const matchHeight = 24;

/** The head stays in sight above the rows, and takes this much of the scrolled length. */
const headHeight = 30;

/** The height of one row in px. */
export function rowHeight(density: string, narrow: boolean, searching: boolean): number {
	const base = narrow ? 78 : density === "compact" ? 30 : 36;
	return searching ? base + matchHeight : base;
}

export function CallsTable(props: TableProps) {
	const { calls, total, at, narrow, sort, onSort, onSelect, onEnd, loadingMore } = props;
	const { density, columns: chosen } = useSettings();
	const shown = useMemo(() => shownColumns(chosen), [chosen]);
	const { template, least } = tracks(shown);
	const searching = calls.some((c) => (c.matches?.length ?? 0) > 0);
	const height = rowHeight(density, narrow, searching);
	const head = narrow ? 0 : headHeight;
	const box = useRef<HTMLDivElement>(null);
	const rows = useVirtualizer({
		count: calls.length,
		getScrollElement: () => box.current,
		estimateSize: () => height,
		overscan: 12,
		scrollMargin: head,
		scrollPaddingStart: head,
	});
	const items = rows.getVirtualItems();
	const last = items.at(-1)?.index ?? 0;

	// biome-ignore lint/correctness/useExhaustiveDependencies: a new height is the reason to measure
	useEffect(() => rows.measure(), [rows, height]);
	useEffect(() => {
		if (at >= 0) rows.scrollToIndex(at, { align: "auto" });
	}, [at, rows]);
	useEffect(() => {
		if (calls.length > 0 && last >= calls.length - 30) onEnd();
	}, [last, calls.length, onEnd]);

	const onKey = (e: KeyboardEvent) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (!step || e.target !== e.currentTarget) return;
		e.preventDefault();
		e.stopPropagation();
		onSelect(Math.max(0, Math.min(calls.length - 1, at + step)));
	};
	return (
		<div
			ref={box}
			className={classes.box}
			role="grid"
			tabIndex={0}
			aria-label="Calls"
			aria-rowcount={total + 1}
			aria-activedescendant={at >= 0 && calls[at] ? `row-${calls[at].id}` : undefined}
			data-narrow={narrow || undefined}
			style={{ "--tracks": template, "--least": `${least}px` } as CSSProperties}
			onKeyDown={onKey}
		>
			<Head columns={shown} sort={sort} onSort={onSort} />
			<div className={classes.body} role="rowgroup" style={{ height: rows.getTotalSize() }}>
				{items.map((v) => {
					const call = calls[v.index];
					return call ? (
						<CallRow
							key={call.id}
							call={call}
							index={v.index}
							top={v.start - head}
							height={height}
							selected={v.index === at}
							columns={shown}
							narrow={narrow}
							onSelect={onSelect}
						/>
					) : null;
				})}
			</div>
			{loadingMore && <div className={classes.more}>Loading more…</div>}
		</div>
	);
}

function Head({
	columns,
	sort,
	onSort,
}: {
	columns: Column[];
	sort: Sort | undefined;
	onSort: TableProps["onSort"];
}) {
	return (
		<div className={classes.headGroup} role="rowgroup">
			<div className={classes.head} role="row" aria-rowindex={1}>
				{columns.map((c) => (
					<HeadCell key={c.id} column={c} sort={sort} onSort={onSort} />
				))}
			</div>
		</div>
	);
}

function HeadCell({
	column,
	sort,
	onSort,
}: {
	column: Column;
	sort: Sort | undefined;
	onSort: TableProps["onSort"];
}) {
	const key = column.sort;
	if (!key) {
		return (
			<span role="columnheader" className={classes.headCell} data-align={column.align}>
				{column.title}
			</span>
		);
	}
	const current = sort ?? "-started_at";
	const order = current === key ? "ascending" : current === `-${key}` ? "descending" : "none";
	return (
		<span role="columnheader" className={classes.headCell} data-align={column.align} aria-sort={order}>
			<button type="button" className={classes.sort} onClick={() => onSort(nextSort(key, sort))}>
				{column.title}
				{order !== "none" && <Icon name={order === "ascending" ? "up" : "down"} size={12} />}
			</button>
		</span>
	);
}
