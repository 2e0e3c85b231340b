import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { memo, useMemo, useState } from "react";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { JsonView } from "../../components/JsonView";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { count, latency, offset } from "../../lib/format";
import classes from "./LogTab.module.css";
import { chosenKinds, detailOf, filterLog, kindCounts, kindWord, titleOf, withoutEchoes } from "./log";
import { usePlayback } from "./playback";
import { inProgress, logQuery } from "./queries";
import { Rows } from "./Rows";
import { TurnWaits } from "./TurnWaits";
import type { Call, Latency, LogEntry } from "./types";
import { Wait } from "./Wait";

interface LogTabProps {
	call: Call;
	kinds: string | undefined;
	onKinds: (kinds: string | undefined) => void;
}

/** All that happened in the call, in order. */
export function LogTab({ call, kinds, onKinds }: LogTabProps) {
	const { data, error, refetch } = useQuery(logQuery(call.id, inProgress(call.status)));
	const entries = useMemo(() => withoutEchoes(data?.entries ?? []), [data]);
	const places = useMemo(() => new Map(entries.map((e, i) => [e, i])), [entries]);
	const chosen = chosenKinds(kinds);
	const shown = useMemo(() => filterLog(entries, chosenKinds(kinds)), [entries, kinds]);
	if (!data && error)
		return <ErrorState doing="load the debug log" error={error} retry={() => void refetch()} />;
	if (!data) return <SkeletonRows rows={10} />;
	if (entries.length === 0) {
		return (
			<EmptyState icon="inbox" title="Nothing to log">
				No delivery about this call tells of a turn, a tool or a step. Raw has what came.
			</EmptyState>
		);
	}
	const turns = call.turns ?? [];
	const waitBefore = (e: LogEntry) =>
		e.kind === "turn" ? turns.find((t) => t.index === e.turn)?.latency : undefined;
	const toggle = (kind: string) => {
		const next = chosen.includes(kind) ? chosen.filter((k) => k !== kind) : [...chosen, kind];
		onKinds(next.length > 0 ? next.join(",") : undefined);
	};
	return (
		<div className={classes.log}>
			<TurnWaits call={call} />
			<fieldset className={classes.kinds}>
				<legend className="rs-sr">Show only</legend>
				<Kind text="All" count={entries.length} on={chosen.length === 0} onClick={() => onKinds(undefined)} />
				{kindCounts(entries).map((k) => (
					<Kind
						key={k.kind}
						text={k.text}
						count={k.count}
						bad={k.kind === "errors"}
						on={chosen.includes(k.kind)}
						onClick={() => toggle(k.kind)}
					/>
				))}
			</fieldset>
			{shown.length === 0 ? (
				<EmptyState icon="filter" title="None of these kinds">
					The log has {count(entries.length)} entries of other kinds. Choose All to see them.
				</EmptyState>
			) : (
				<Rows
					label="Debug log"
					count={shown.length}
					estimate={34}
					keyOf={(i) => String(shown[i] ? places.get(shown[i]) : i)}
					render={(i) => (shown[i] ? <Entry entry={shown[i]} wait={waitBefore(shown[i])} /> : null)}
				/>
			)}
		</div>
	);
}

interface KindProps {
	text: string;
	count: number;
	on: boolean;
	bad?: boolean;
	onClick: () => void;
}

function Kind({ text, count: n, on, bad, onClick }: KindProps) {
	return (
		<UnstyledButton className={classes.kind} data-bad={bad || undefined} aria-pressed={on} onClick={onClick}>
			{text} <span className={classes.count}>{count(n)}</span>
		</UnstyledButton>
	);
}

const isTool = (e: LogEntry) => e.kind === "tool_call" || e.kind === "tool_result";

const Entry = memo(function Entry({ entry: e, wait }: { entry: LogEntry; wait: Latency | undefined }) {
	const playback = usePlayback();
	const [opened, setOpened] = useState(isTool(e));
	const word = kindWord(e);
	const at = e.offset_ms;
	const hasData = e.data != null;
	const detail = detailOf(e);
	return (
		<div className={classes.entry} data-bad={e.error ? true : undefined}>
			{at == null ? (
				<span className={classes.noTime} title="Nobody says when">
					—
				</span>
			) : (
				<button
					type="button"
					className={classes.at}
					title="Go to this moment"
					onClick={() => playback.seek(at)}
				>
					{offset(at)}
				</button>
			)}
			<span className={classes.word}>
				<Badge bare tone={word.tone} icon={word.icon}>
					{word.text}
				</Badge>
			</span>
			<div className={classes.what}>
				{hasData ? (
					<button
						type="button"
						className={classes.toggle}
						aria-expanded={opened}
						onClick={() => setOpened(!opened)}
					>
						<Icon name={opened ? "down" : "right"} size={12} />
						<span className={isTool(e) ? "rs-mono" : classes.title}>{titleOf(e)}</span>
					</button>
				) : (
					<span className={isTool(e) ? "rs-mono" : classes.title}>{titleOf(e)}</span>
				)}
				{wait && (
					<span className={classes.wait}>
						<Wait latency={wait} />
					</span>
				)}
				{detail && <span className={classes.detail}>{detail}</span>}
				{e.error && <p className={classes.error}>{e.error}</p>}
				{hasData && opened && <JsonView value={e.data} label={`${word.text}: ${e.title}`} open={2} />}
			</div>
			<span className={classes.took}>{e.duration_ms == null ? "" : latency(e.duration_ms)}</span>
		</div>
	);
});
