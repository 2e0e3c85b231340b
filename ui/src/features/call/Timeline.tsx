// The parts that every drawing of a call on one axis has: the clock, the axis,
// the pins, the place to click, the cursor.

import { ActionIcon } from "@mantine/core";
import { type KeyboardEvent, memo, type PointerEvent, type ReactNode, useState } from "react";
import { Icon, type IconName } from "../../components/Icon";
import { findingIcon, severityTone } from "../../components/Judgement";
import { duration, offset } from "../../lib/format";
import { alertSeverities, roles, severities, wordOf } from "../../lib/words";
import { asides, type Lanes, type Marker, ticks, turnAt } from "./lanes";
import { useCursor, usePlayback } from "./playback";
import classes from "./Strip.module.css";
import type { Call, Note } from "./types";

/** So many fit beside each other; of more the ones that matter most are drawn. */
const mostMarkers = 60;
const asideWidth = 14;
/** A moment nearer to the end than this would have its words cut off. */
const labelUpTo = 0.95;

export type Drawn = Pick<
	Call,
	"provider" | "turns" | "tool_calls" | "interruptions" | "findings" | "duration_ms"
>;

export function Transport({ playable }: { playable: boolean }) {
	const playback = usePlayback();
	const playing = useCursor((s) => s.playing);
	const failed = useCursor((s) => s.failed);
	const tenths = useCursor((s) => Math.floor(s.ms / 100));
	return (
		<div className={classes.transport}>
			{playable && !failed && (
				<ActionIcon size="xs" aria-label={playing ? "Pause" : "Play"} onClick={playback.toggle}>
					<Icon name={playing ? "pause" : "play"} size={14} />
				</ActionIcon>
			)}
			<span className={classes.now}>{offset(tenths * 100)}</span>
		</div>
	);
}

export const Axis = memo(function Axis({ length }: { length: number }) {
	return (
		<div className={classes.axis} aria-hidden="true">
			{ticks(length, 8).map((ms) => (
				<span key={ms} style={{ left: `${(ms / length) * 100}%` }}>
					{ms / length < labelUpTo && duration(ms)}
				</span>
			))}
		</div>
	);
});

interface MarkersProps {
	/** Takes its room although there is nothing in it. */
	keep?: boolean;
	lanes: Lanes;
	notes: Note[];
	length: number;
	onTurn: (turn: number) => void;
}

type Pin = Omit<Marker, "kind"> & { kind: Marker["kind"] | "note" };

const pinIcons: Record<Exclude<Pin["kind"], "finding">, IconName> = {
	tool: "tool",
	interruption: "alert",
	note: "note",
	alert: "bell",
	silence: "clock",
	beep: "pulse",
	redaction: "lock",
};

const pinWords: Record<Exclude<Pin["kind"], "finding">, string> = {
	tool: "Tool call",
	interruption: "Interruption",
	note: "Note",
	alert: "Alert",
	silence: "Silence",
	beep: "Beep",
	redaction: "Redaction",
};

const severityRank: Record<string, number> = { critical: 1, high: 1, warning: 2, medium: 2 };

/** What a person wrote and what failed comes before what is only noted. */
function rankOf(p: Pin): number {
	if (p.kind === "note") return 0;
	if (p.kind === "finding" || p.kind === "alert") return severityRank[p.severity ?? ""] ?? 4;
	if (p.kind === "silence") return 5;
	return p.bad ? 1 : 3;
}

const pinIcon = (p: Pin) => (p.kind === "finding" ? findingIcon(p.finding ?? "") : pinIcons[p.kind]);
const pinTone = (p: Pin) =>
	p.kind === "alert" ? wordOf(alertSeverities, p.severity).tone : p.severity && severityTone(p.severity);

function pinWord(p: Pin): string {
	if (p.kind === "alert") return `Alert, ${wordOf(alertSeverities, p.severity).text.toLowerCase()}`;
	if (p.kind === "finding") return `Finding, ${wordOf(severities, p.severity).text.toLowerCase()}`;
	return pinWords[p.kind];
}

export const Markers = memo(function Markers({ lanes, notes, length, onTurn, keep }: MarkersProps) {
	const playback = usePlayback();
	const pins: Pin[] = [...lanes.markers];
	for (const n of notes) {
		if (n.at_ms != null) pins.push({ kind: "note", at: n.at_ms, label: n.text, bad: false, turn: null });
	}
	if (pins.length === 0) return keep ? <div className={classes.markers} /> : null;
	const drawn = pins
		.sort((a, b) => rankOf(a) - rankOf(b))
		.slice(0, mostMarkers)
		.sort((a, b) => a.at - b.at);
	const aside = asides(
		drawn.map((p) => p.at),
		length,
	);
	return (
		<div className={classes.markers}>
			{drawn.map((m, i) => (
				<button
					key={i}
					type="button"
					className={classes.marker}
					data-kind={m.kind}
					data-bad={m.bad || undefined}
					data-tone={pinTone(m)}
					style={{
						left: `${(Math.min(m.at, length) / length) * 100}%`,
						transform: `translateX(${(aside[i] ?? 0) * asideWidth}px)`,
					}}
					aria-label={`${pinWord(m)} at ${offset(m.at)}: ${m.label}`}
					title={`${offset(m.at)}  ${m.label.slice(0, 200)}`}
					onClick={() => {
						playback.seek(m.at);
						if (m.turn !== null) onTurn(m.turn);
					}}
				>
					<Icon name={pinIcon(m)} size={12} />
				</button>
			))}
		</div>
	);
});

interface ScrubberProps {
	call: Drawn;
	lanes: Lanes;
	length: number;
	/** What more is known of a moment, for who points at it. */
	more?: (ms: number) => string;
	/** The id of what tells the drawing in words. */
	told?: string;
	/** The drawing. */
	children: ReactNode;
}

/** What is clicked and dragged along to seek; a slider to the keyboard. */
export function Scrubber({ call, lanes, length, more, told, children }: ScrubberProps) {
	const playback = usePlayback();
	const [hover, setHover] = useState<number | null>(null);
	const seconds = useCursor((s) => Math.floor(s.ms / 1000));
	const at = (e: PointerEvent<HTMLDivElement>) => {
		const box = e.currentTarget.getBoundingClientRect();
		return Math.min(1, Math.max(0, (e.clientX - box.left) / (box.width || 1))) * length;
	};
	const key = (e: KeyboardEvent) => {
		const moves: Record<string, number> = {
			ArrowLeft: -1000,
			ArrowRight: 1000,
			PageUp: 10_000,
			PageDown: -10_000,
		};
		if (e.key === "Home") playback.seek(0);
		else if (e.key === "End") playback.seek(length);
		else if (moves[e.key]) playback.seek(Math.min(length, playback.read().ms + (moves[e.key] ?? 0)));
		else return;
		e.preventDefault();
	};
	return (
		<>
			<div
				className={classes.scrubber}
				role="slider"
				tabIndex={0}
				aria-label="Position in the call"
				aria-describedby={told}
				aria-valuemin={0}
				aria-valuemax={Math.round(length / 1000)}
				aria-valuenow={Math.min(seconds, Math.round(length / 1000))}
				aria-valuetext={offset(seconds * 1000)}
				onKeyDown={key}
				onPointerDown={(e) => {
					if (e.button !== 0) return;
					e.currentTarget.setPointerCapture(e.pointerId);
					playback.seek(at(e));
				}}
				onPointerMove={(e) => {
					setHover(at(e));
					if (e.buttons === 1) playback.seek(at(e));
				}}
				onPointerLeave={() => setHover(null)}
			>
				{children}
			</div>
			{hover !== null && <Hover call={call} lanes={lanes} ms={hover} length={length} more={more?.(hover)} />}
		</>
	);
}

export function Cursor({ length }: { length: number }) {
	const ms = useCursor((s) => Math.round(s.ms));
	return <div className={classes.cursor} style={{ left: `${(Math.min(ms, length) / length) * 100}%` }} />;
}

interface HoverProps {
	call: Drawn;
	lanes: Lanes;
	ms: number;
	length: number;
	more: string | undefined;
}

function Hover({ call, lanes, ms, length, more }: HoverProps) {
	const share = ms / length;
	const current = turnAt(lanes.segments, ms);
	const segment = lanes.segments.find((s) => s.turn === current && s.end >= ms);
	const turn = segment && (call.turns ?? []).find((t) => t.index === segment.turn);
	return (
		<div className={classes.hover} style={{ left: `${share * 100}%` }} aria-hidden="true">
			<div className={classes.tip} style={{ transform: `translateX(-${share * 100}%)` }}>
				<b>{offset(ms)}</b>
				{more && <span>{more}</span>}
				{turn && (
					<span data-role={turn.role}>
						{wordOf(roles, turn.role).text}: {turn.text.slice(0, 90)}
						{turn.text.length > 90 && "…"}
					</span>
				)}
			</div>
		</div>
	);
}
