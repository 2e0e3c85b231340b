import { Button } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { Icon } from "../../components/Icon";
import { EmptyState } from "../../components/States";
import { count, offset } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { roles, wordOf } from "../../lib/words";
import { findingsByTurn } from "../call/analysis";
import { linkToCall } from "../call/links";
import { usePlayback } from "../call/playback";
import { Rows, type RowsHandle } from "../call/Rows";
import { type Row, rowsOf } from "../call/said";
import { ToolRow } from "../call/ToolRow";
import type { Target } from "../call/Transcript";
import turnClasses from "../call/Transcript.module.css";
import { TurnRow } from "../call/TurnRow";
import type { Finding } from "../call/types";
import classes from "./LiveCallView.module.css";
import { type One, sayingOf } from "./one";
import type { Parts } from "./recorded";
import type { Line } from "./types";
import { roleOf } from "./words";

interface SaidProps {
	id: string;
	parts: Parts;
	one: One;
	/** A turn to bring into sight. */
	target: Target | null;
}

const noRanges: [number, number][] = [];
const noFindings: Finding[] = [];

/** What is said, as it is said. The list stays at its end until it is scrolled away from it. */
export function Said({ id, parts, one, target }: SaidProps) {
	const playback = usePlayback();
	const list = useRef<RowsHandle>(null);
	const rows = useMemo(() => rowsOf(parts), [parts]);
	const saying = sayingOf(one);
	const findings = useMemo(() => findingsByTurn(parts.findings ?? []), [parts]);
	const [stick, setStick] = useState(true);
	const seen = useRef(rows.length);
	if (stick) seen.current = rows.length;
	const fresh = rows.length - seen.current;
	const toNow = () => setStick(true);
	useKeys([{ keys: "End", label: "Jump to now", group: "Live call", run: toNow }]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: moves only when a turn is asked for
	useEffect(() => {
		if (!target) return;
		setStick(false);
		list.current?.reveal(rows.findIndex((r) => r.kind === "turn" && r.turn.index === target.turn));
	}, [target]);
	if (rows.length + saying.length === 0) {
		return (
			<EmptyState icon="note" title="Nothing said yet">
				{one.ended ? "The call ended before anybody spoke." : "Words appear here as they are said."}
			</EmptyState>
		);
	}
	return (
		<div className={`${turnClasses.said} ${classes.said}`}>
			<Rows
				ref={list}
				label="Transcript"
				count={rows.length + saying.length}
				estimate={74}
				keyOf={(i) => rows[i]?.key ?? `saying-${saying[i - rows.length]?.speaker}`}
				stick={stick}
				onEnd={setStick}
				render={(i) => {
					const row = rows[i];
					const line = saying[i - rows.length];
					if (row)
						return (
							<OneRow
								row={row}
								id={id}
								live={one.ended === null}
								active={row.kind === "turn" && row.turn.index === target?.turn}
								findings={findings}
								onSeek={playback.seek}
							/>
						);
					return line ? <SayingRow line={line} /> : null;
				}}
			/>
			{!stick && (
				<Button
					size="xs"
					variant="filled"
					className={classes.toNow}
					leftSection={<Icon name="down" size={14} />}
					onClick={toNow}
				>
					{one.ended ? "Jump to the end" : "Jump to now"}
					{fresh > 0 && ` (${count(fresh)} new)`}
				</Button>
			)}
			<Newest row={rows.at(-1)} />
		</div>
	);
}

interface OneRowProps {
	row: Row;
	id: string;
	live: boolean;
	active: boolean;
	findings: Map<number, Finding[]>;
	onSeek: (ms: number) => void;
}

function OneRow({ row, id, live, active, findings, onSeek }: OneRowProps) {
	switch (row.kind) {
		case "turn":
			return (
				<TurnRow
					turn={row.turn}
					cut={row.cut}
					current={false}
					active={active}
					ranges={noRanges}
					found={findings.get(row.turn.index) ?? noFindings}
					link={linkToCall(id, { tab: "transcript", turn: row.turn.index })}
					onSeek={onSeek}
				/>
			);
		case "tool":
			return <ToolRow tool={row.tool} at={row.at} found={false} active={false} live={live} onSeek={onSeek} />;
		default:
			return null;
	}
}

/** Words that may still change. They are not read out: the turn that they become is. */
function SayingRow({ line }: { line: Line }) {
	const role = roleOf(line.speaker) ?? "user";
	return (
		<div className={turnClasses.line} data-role={role} aria-live="off">
			<div className={turnClasses.turn} data-role={role}>
				<div className={turnClasses.turnHead}>
					<span className={turnClasses.speaker}>{wordOf(roles, role).text}</span>
					<span className={turnClasses.noTime}>{offset(line.timestamp * 1000)}</span>
					<span>is speaking</span>
				</div>
				<p className={`${turnClasses.bubble} ${classes.saying}`}>{line.text}</p>
			</div>
		</div>
	);
}

/** For a screen reader: the newest turn alone. */
function Newest({ row }: { row: Row | undefined }) {
	return (
		<div className="rs-sr" role="log" aria-live="polite" aria-label="Newest turn">
			{row?.kind === "turn" && `${wordOf(roles, row.turn.role).text}: ${row.turn.text}`}
		</div>
	);
}
