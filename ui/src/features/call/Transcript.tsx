import { ActionIcon, Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { EmptyState } from "../../components/States";
import { count, offset } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { providerName } from "../../lib/words";
import { findingsByTurn } from "./analysis";
import { expiredWords, wordless } from "./expired";
import { cutIn, lanesOf, turnAt } from "./lanes";
import { useCursor, usePlayback } from "./playback";
import { audioQuery } from "./queries";
import { Rows, type RowsHandle } from "./Rows";
import { type Found, findIn, type Row, rowsOf, whyEmpty } from "./said";
import { ToolRow } from "./ToolRow";
import classes from "./Transcript.module.css";
import { TurnRow } from "./TurnRow";
import type { Call, Finding } from "./types";
import { type Voice, voicesByTurn } from "./voice";

/** A turn to bring into sight; a new object each time it is asked for. */
export interface Target {
	turn: number;
}

interface TranscriptProps {
	call: Call;
	target: Target | null;
	find: string;
	onFind: (find: string) => void;
	linkTo: (turn: number) => string;
}

export function Transcript({ call, target, find, onFind, linkTo }: TranscriptProps) {
	const rows = useMemo(() => rowsOf(call), [call]);
	if (wordless(call)) {
		return (
			<EmptyState icon="clock" title="The transcript was removed">
				{expiredWords(call, "transcript")} Who spoke when, figures and scores stay.
			</EmptyState>
		);
	}
	if (rows.length === 0) {
		const { title, text } = whyEmpty(call, providerName(call.provider));
		return (
			<EmptyState icon="note" title={title}>
				{text}
			</EmptyState>
		);
	}
	return <Said call={call} rows={rows} target={target} find={find} onFind={onFind} linkTo={linkTo} />;
}

function Said({ call, rows, target, find, onFind, linkTo }: TranscriptProps & { rows: Row[] }) {
	const playback = usePlayback();
	const list = useRef<RowsHandle>(null);
	const [following, setFollowing] = useState(true);
	const segments = useMemo(() => lanesOf(call).segments, [call]);
	const findings = useMemo(() => findingsByTurn(call.findings ?? []), [call]);
	const voices = useVoices(call);
	const current = useCursor((s) => (s.ms > 0 ? turnAt(segments, s.ms) : -1));
	const playing = useCursor((s) => s.playing);
	const found = useMemo(() => findIn(rows, find), [rows, find]);
	const [step, setStep] = useState(0);
	const at = found.length > 0 ? ((step % found.length) + found.length) % found.length : 0;
	const active = found[at]?.row ?? -1;
	/** The turn that was asked for, where no time can mark it. */
	const pointed = (row: Row | undefined) =>
		row?.kind === "turn" && row.turn.start_ms === null && row.turn.index === target?.turn;
	const placeOf = (turn: number) => rows.findIndex((r) => r.kind === "turn" && r.turn.index === turn);

	// biome-ignore lint/correctness/useExhaustiveDependencies: moves only when another turn begins
	useEffect(() => {
		if (current >= 0 && (following || !playing)) list.current?.reveal(placeOf(current));
	}, [current]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: moves only when a turn is asked for
	useEffect(() => {
		if (target) list.current?.reveal(placeOf(target.turn));
	}, [target]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: moves only from one find to another
	useEffect(() => {
		if (active >= 0) list.current?.reveal(active);
	}, [active, find]);

	return (
		<div className={classes.said}>
			<div className={classes.bar}>
				<FindBar
					find={find}
					onFind={(text) => {
						setStep(0);
						onFind(text);
					}}
					found={found.length}
					at={at}
					onStep={(by) => setStep(at + by)}
				/>
				{call.turns_from && (
					<span className="rs-dim">Made from the recording by {call.turns_from.model}</span>
				)}
				{playing && !following && (
					<Button
						size="compact-sm"
						onClick={() => {
							setFollowing(true);
							if (current >= 0) list.current?.reveal(placeOf(current));
						}}
					>
						Follow along
					</Button>
				)}
			</div>
			<Rows
				ref={list}
				label="Transcript"
				count={rows.length}
				estimate={74}
				keyOf={(i) => rows[i]?.key ?? String(i)}
				onMoved={() => setFollowing(false)}
				render={(i) => (
					<OneRow
						row={rows[i]}
						found={found}
						index={i}
						active={i === active || pointed(rows[i])}
						findings={findings}
						voices={voices}
						current={current}
						linkTo={linkTo}
						onSeek={playback.seek}
					/>
				)}
			/>
		</div>
	);
}

/** How the turns sound; none while nothing was heard. */
function useVoices(call: Call) {
	const { data } = useQuery(audioQuery(call.id, call.analysis?.audio ?? undefined));
	return useMemo(() => voicesByTurn(data), [data]);
}

interface OneRowProps {
	row: Row | undefined;
	index: number;
	found: Found[];
	active: boolean;
	/** By the turn that they stand in. */
	findings: Map<number, Finding[]>;
	voices: Map<number, Voice>;
	current: number;
	linkTo: (turn: number) => string;
	onSeek: (ms: number) => void;
}

const noRanges: [number, number][] = [];
const noFindings: Finding[] = [];

function OneRow({ row, index, found, active, findings, voices, current, linkTo, onSeek }: OneRowProps) {
	switch (row?.kind) {
		case "turn": {
			const ranges = found.flatMap((f) => (f.row === index && f.range ? [f.range] : []));
			return (
				<TurnRow
					turn={row.turn}
					cut={row.cut}
					current={current === row.turn.index}
					active={active}
					ranges={ranges.length > 0 ? ranges : noRanges}
					voice={voices.get(row.turn.index)}
					found={findings.get(row.turn.index) ?? noFindings}
					link={linkTo(row.turn.index)}
					onSeek={onSeek}
				/>
			);
		}
		case "tool":
			return (
				<ToolRow
					tool={row.tool}
					at={row.at}
					found={found.some((f) => f.row === index)}
					active={active}
					onSeek={onSeek}
				/>
			);
		case "interruption":
			return (
				<div className={classes.event}>
					<Badge bare tone="watch" icon="alert">
						{cutIn(row.cut.by)}
						{row.cut.at_ms != null && ` at ${offset(row.cut.at_ms)}`}
					</Badge>
				</div>
			);
		default:
			return null;
	}
}

interface FindBarProps {
	find: string;
	onFind: (find: string) => void;
	found: number;
	at: number;
	onStep: (by: number) => void;
}

const settleMs = 200;

function FindBar({ find, onFind, found, at, onStep }: FindBarProps) {
	const input = useRef<HTMLInputElement>(null);
	const [text, setText] = useState(find);
	const [last, setLast] = useState(find);
	// What the address says now, unless it says what was typed here.
	if (last !== find) {
		setLast(find);
		if (last === text) setText(find);
	}
	const latest = useRef(onFind);
	latest.current = onFind;
	useEffect(() => {
		if (text === find) return;
		const timer = window.setTimeout(() => latest.current(text), settleMs);
		return () => window.clearTimeout(timer);
	}, [text, find]);
	useKeys([{ keys: "/", label: "Find in the transcript", group: "Call", run: () => input.current?.focus() }]);
	return (
		<div className={classes.find} role="search">
			<TextInput
				ref={input}
				className={classes.findInput}
				aria-label="Find in the transcript"
				placeholder="Find in the transcript"
				leftSection={<Icon name="search" size={14} />}
				value={text}
				onChange={(e) => setText(e.currentTarget.value)}
				onKeyDown={(e) => {
					if (e.key === "Enter") onStep(e.shiftKey ? -1 : 1);
					else if (e.key === "Escape" && text) setText("");
					else if (e.key === "Escape") input.current?.blur();
				}}
			/>
			{find && (
				<>
					<span className={classes.findCount} role="status">
						{found === 0 ? "Not found" : `${count(at + 1)} of ${count(found)}`}
					</span>
					<ActionIcon
						aria-label="Previous place (Shift Enter)"
						disabled={found === 0}
						onClick={() => onStep(-1)}
					>
						<Icon name="up" />
					</ActionIcon>
					<ActionIcon aria-label="Next place (Enter)" disabled={found === 0} onClick={() => onStep(1)}>
						<Icon name="down" />
					</ActionIcon>
				</>
			)}
		</div>
	);
}
