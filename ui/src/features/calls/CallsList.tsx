import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { Icon } from "../../components/Icon";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { useKeys } from "../../lib/keys";
import { CallPeek } from "./CallPeek";
import classes from "./CallsList.module.css";
import { CallsTable } from "./CallsTable";
import { anyFilter } from "./filters";
import { callsQuery, filtersOf, newestQuery } from "./queries";
import type { CallsSearch } from "./search";
import type { CallItem } from "./types";
import { useView } from "./useView";

/** The list with its drawer, keys and states. */
export function CallsList() {
	const { search, change, clear } = useView();
	const list = useInfiniteQuery(callsQuery(search));
	const calls = useMemo(() => list.data?.pages.flatMap((p) => p.items ?? []) ?? [], [list.data]);
	const narrow = useMediaQuery("(max-width: 760px)", undefined, { getInitialValueInEffect: false });
	const at = search.peek ? calls.findIndex((c) => c.id === search.peek) : -1;
	const select = useCallback(
		(i: number) => {
			const call = calls[i];
			if (call) change({ peek: call.id }, search.peek ? "replace" : "step");
		},
		[calls, change, search.peek],
	);
	const close = useCallback(() => change({ peek: undefined }, "replace"), [change]);
	const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
	const more = useCallback(() => {
		if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
	}, [hasNextPage, isFetchingNextPage, fetchNextPage]);
	useListKeys(search, calls, at, select, close);

	if (list.isPending) return <div className={classes.list}>{<SkeletonRows />}</div>;
	if (list.error && calls.length === 0) {
		return (
			<div className={classes.list}>
				<ErrorState doing="load the calls" error={list.error} retry={() => void list.refetch()} />
			</div>
		);
	}
	const total = list.data?.pages[0]?.total ?? 0;
	return (
		<div className={classes.list} data-stale={list.isPlaceholderData || undefined}>
			<div className={classes.column}>
				<NewCalls search={search} first={calls[0]} />
				{calls.length === 0 ? (
					<NoMatch filtered={anyFilter(search)} onClear={clear} />
				) : (
					<CallsTable
						calls={calls}
						total={total}
						at={at}
						narrow={narrow ?? false}
						sort={search.sort}
						onSort={(sort) => change({ sort })}
						onSelect={select}
						onEnd={more}
						loadingMore={isFetchingNextPage}
					/>
				)}
			</div>
			{search.peek && <CallPeek id={search.peek} item={calls[at]} search={search} onClose={close} />}
		</div>
	);
}

function useListKeys(
	search: CallsSearch,
	calls: CallItem[],
	at: number,
	select: (i: number) => void,
	close: () => void,
) {
	const navigate = useNavigate();
	// A held key repeats faster than the URL follows: each press goes on from the last.
	const cursor = useRef(at);
	useEffect(() => {
		cursor.current = at;
	}, [at]);
	const step = (n: number) => () => {
		cursor.current = cursor.current < 0 ? 0 : Math.max(0, Math.min(calls.length - 1, cursor.current + n));
		select(cursor.current);
	};
	const open = () => {
		if (search.peek)
			void navigate({ to: "/calls/$id", params: { id: search.peek }, search: filtersOf(search) });
	};
	useKeys([
		{ keys: "j", label: "Next call", group: "Calls", run: step(1) },
		{ keys: "k", label: "Previous call", group: "Calls", run: step(-1) },
		{ keys: "ArrowDown", run: step(1) },
		{ keys: "ArrowUp", run: step(-1) },
		{ keys: "Enter", label: "Open the selected call", group: "Calls", run: open },
	]);
	useKeys([{ keys: "Escape", label: "Close the drawer", group: "Calls", run: close }], !!search.peek);
}

/** Says when newer calls have come than the list shows; nothing moves until it is asked to. */
function NewCalls({ search, first }: { search: CallsSearch; first: CallItem | undefined }) {
	const client = useQueryClient();
	const byTime = !search.sort || search.sort === "-started_at";
	const newest = useQuery({ ...newestQuery(search), enabled: byTime });
	const call = newest.data?.items?.[0];
	if (!byTime || !call) return null;
	if (first && (call.id === first.id || time(call) <= time(first))) return null;
	const show = () => void client.invalidateQueries({ queryKey: ["calls"] });
	return (
		<Button
			size="xs"
			variant="light"
			className={classes.fresh}
			leftSection={<Icon name="up" size={14} />}
			onClick={show}
		>
			Newer calls have come
		</Button>
	);
}

const time = (c: CallItem) => Date.parse(c.started_at ?? c.created_at ?? c.received_at);

function NoMatch({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
	if (!filtered)
		return (
			<EmptyState icon="calls" title="No calls">
				Those that were here have been deleted.
			</EmptyState>
		);
	return (
		<EmptyState
			icon="filter"
			title="No call matches"
			action={<Button onClick={onClear}>Clear filters</Button>}
		>
			Widen the dates, or take a filter off.
		</EmptyState>
	);
}
