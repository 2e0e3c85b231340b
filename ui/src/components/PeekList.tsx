import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useKeys } from "../lib/keys";
import { neighbour } from "../lib/neighbour";
import { Section } from "./Page";
import classes from "./PeekList.module.css";
import { ErrorState, SkeletonRows } from "./States";
import { type Column, Table } from "./Table";

/** A list that is loaded page by page, as the query client gives it. */
interface Pages {
	isPending: boolean;
	isError: boolean;
	isSuccess: boolean;
	error: Error | null;
	hasNextPage: boolean;
	isFetchingNextPage: boolean;
	refetch: () => unknown;
	fetchNextPage: () => unknown;
}

interface PeekListProps<T> {
	pages: Pages;
	items: T[];
	/** "Deliveries", and one of them. */
	label: string;
	one: string;
	/** "load the inbox", for what failed. */
	doing: string;
	/** Under which its keys are listed. */
	group: string;
	columns: Column[];
	row: (item: T) => ReactNode;
	/** In place of an empty list. */
	nothing: ReactNode;
	selected: string | undefined;
	/** Undefined closes. */
	onOpen: (id: string | undefined) => void;
	/** What stands beside the list while one is selected. */
	peek: (id: string) => ReactNode;
}

/** A list with the selected one beside it; J and K step. */
export function PeekList<T extends { id: string }>(props: PeekListProps<T>) {
	const { pages, items, label, one, doing, group, columns, row, nothing, selected, onOpen, peek } = props;
	const step = (by: 1 | -1) => () => {
		const id = neighbour(items, selected, by);
		if (id) onOpen(id);
	};
	useKeys([
		{ keys: "j", label: `Next ${one}`, group, run: step(1) },
		{ keys: "k", label: `Previous ${one}`, group, run: step(-1) },
		{ keys: "Escape", run: () => onOpen(undefined) },
	]);
	return (
		<div className={classes.fill}>
			<Section flush>
				{pages.isPending && <SkeletonRows rows={8} />}
				{pages.isError && items.length === 0 && (
					<ErrorState doing={doing} error={pages.error} retry={() => void pages.refetch()} />
				)}
				{pages.isSuccess && items.length === 0 && nothing}
				{items.length > 0 && (
					<Table label={label} columns={columns}>
						{items.map(row)}
					</Table>
				)}
				{pages.hasNextPage && (
					<div className={classes.more}>
						<Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
							Load more
						</Button>
					</div>
				)}
			</Section>
			{selected && <div className={classes.beside}>{peek(selected)}</div>}
		</div>
	);
}
