import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { api, data } from "../../api/client";
import { useSession } from "../../api/session";
import { Icon } from "../../components/Icon";
import { Page } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows, SkeletonText } from "../../components/States";
import { plural } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { AlarmMenu } from "./AlarmMenu";
import { useSecond } from "./clock";
import { LinkState } from "./LinkState";
import { LiveFilters } from "./LiveFilters";
import { LiveTable } from "./LiveTable";
import { type Lesson, newLesson } from "./lesson";
import classes from "./live.module.css";
import { anyFilter, type Row, rowsOf } from "./order";
import { useLive } from "./store";
import { useHold } from "./useHold";
import { useOrder } from "./useOrder";
import { useView } from "./useView";
import { Wall } from "./Wall";

const FirstLive = lazy(() => import("./FirstLive").then((m) => ({ default: m.FirstLive })));
const EndLesson = lazy(() => import("./FirstLive").then((m) => ({ default: m.EndLesson })));

/** A workspace's live calls; another workspace starts afresh. */
export function LiveRoute() {
	return <LivePage key={useSession().workspace.id} />;
}

function LivePage() {
	const { search, change, clear } = useView();
	const state = useLive((l) => l.state);
	const [lesson, setLesson] = useState(newLesson);
	const teaching = { lesson, onChange: (c: Partial<Lesson>) => setLesson((l) => ({ ...l, ...c })) };
	const now = useSecond();
	const rows = rowsOf(state, search, now);
	const wall = search.view === "wall";
	useKeys([
		{ keys: "w", label: "Wall view", group: "Live", run: () => change({ view: wall ? undefined : "wall" }) },
		{
			keys: "a",
			label: "Group by agent",
			group: "Live",
			run: () => change({ group: search.group ? undefined : "agent" }),
		},
	]);
	if (wall && state.ready)
		return (
			<Page title="Live">
				<Wall
					rows={rows}
					total={state.calls.size}
					filtered={anyFilter(search)}
					skew={state.skew}
					onClear={clear}
					onClose={() => change({ view: undefined })}
				/>
			</Page>
		);
	const total = state.calls.size;
	const calm = state.ready && total === 0 && rows.length === 0 && !anyFilter(search);
	return (
		<Page
			title="Live"
			mode={calm ? "scroll" : "fill"}
			badges={
				<>
					{state.ready && !calm && <span className="rs-dim">{plural(total, "call")} in progress</span>}
					<LinkState />
				</>
			}
			actions={
				<>
					<Button
						variant={search.group ? "light" : "default"}
						aria-pressed={search.group === "agent"}
						leftSection={<Icon name="agents" size={14} />}
						onClick={() => change({ group: search.group ? undefined : "agent" })}
					>
						By agent
					</Button>
					<Button leftSection={<Icon name="screen" size={14} />} onClick={() => change({ view: "wall" })}>
						Wall
					</Button>
					<AlarmMenu />
				</>
			}
		>
			{calm ? (
				<Suspense fallback={<SkeletonText lines={6} />}>
					<FirstLive {...teaching} />
				</Suspense>
			) : (
				<>
					<Suspense>{lesson.begun && <EndLesson {...teaching} />}</Suspense>
					<LiveFilters state={state} />
					<div className={classes.list}>{state.ready || total > 0 ? <List rows={rows} /> : <Waiting />}</div>
				</>
			)}
		</Page>
	);
}

const noStream = new Error(
	"Ringside answers, but its live stream does not get through. A proxy in between must pass text/event-stream without buffering it.",
);

/** Before the first picture: bones, or why there is none. */
function Waiting() {
	const link = useLive((l) => l.link);
	const lost = link === "reconnecting" || link === "refused";
	const queryFn = () => data(api.GET("/v1/live-calls/stats"));
	const why = useQuery({ queryKey: ["live", "why"], queryFn, enabled: lost, retry: false });
	if (!lost || why.isFetching) return <SkeletonRows />;
	return (
		<ErrorState
			doing="follow the live calls"
			error={why.error ?? noStream}
			retry={() => window.location.reload()}
		/>
	);
}

function List({ rows: all }: { rows: Row[] }) {
	const { search, change, clear } = useView();
	const state = useLive((l) => l.state);
	const [asked, setAsked] = useState(0);
	const hold = useHold();
	const { rows, groups, waiting } = useOrder(all, state, search, hold.held, asked);
	const narrow = useMediaQuery("(max-width: 760px)", undefined, { getInitialValueInEffect: false }) ?? false;
	const navigate = useNavigate();
	const open = useCallback(
		({ call, ended }: Row) =>
			void (ended
				? navigate({ to: "/calls/$id", params: { id: call.id } })
				: navigate({ to: "/live/$callId", params: { callId: call.id } })),
		[navigate],
	);
	const select = (at: string) => change({ at }, "replace");
	const inOrder = useMemo(() => (groups.length > 0 ? groups.flatMap((g) => g.rows) : rows), [groups, rows]);
	useListKeys(inOrder, search.at, select, open);
	if (rows.length === 0) {
		return anyFilter(search) ? (
			<EmptyState
				icon="filter"
				title="No live call matches"
				action={<Button onClick={clear}>Clear filters</Button>}
			>
				{plural(state.calls.size, "call")} in progress. Take a filter off to see more.
			</EmptyState>
		) : (
			<EmptyState icon="pulse" title="No call is in progress">
				One appears here by itself as soon as it begins.
			</EmptyState>
		);
	}
	return (
		<>
			{waiting > 0 && (
				<p className={classes.waiting} role="status">
					{plural(waiting, "change")} held back while you point here
				</p>
			)}
			<div className={classes.hold} {...hold.on}>
				<LiveTable
					rows={rows}
					groups={groups}
					at={search.at}
					narrow={narrow}
					skew={state.skew}
					sort={search.sort}
					onSort={(sort) => change({ sort })}
					onSortAgain={() => setAsked(asked + 1)}
					onSelect={select}
					onOpen={open}
				/>
			</div>
		</>
	);
}

function useListKeys(
	rows: Row[],
	at: string | undefined,
	select: (id: string) => void,
	open: (row: Row) => void,
) {
	const here = rows.findIndex((r) => r.call.id === at);
	const step = (n: number) => () => {
		const to = rows[here < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, here + n))];
		if (to) select(to.call.id);
	};
	const selected = rows[here];
	useKeys([
		{ keys: "j", label: "Next call", group: "Live", run: step(1) },
		{ keys: "k", label: "Previous call", group: "Live", run: step(-1) },
		{ keys: "ArrowDown", run: step(1) },
		{ keys: "ArrowUp", run: step(-1) },
		{
			keys: "Enter",
			label: "Open the selected call",
			group: "Live",
			run: () => selected && open(selected),
		},
	]);
}
