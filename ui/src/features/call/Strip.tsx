import { ActionIcon } from "@mantine/core";
import { type KeyboardEvent, memo, type PointerEvent, useMemo, useState } from "react";
import { Icon } from "../../components/Icon";
import { findingIcon, severityTone } from "../../components/Judgement";
import { latency, offset, plural } from "../../lib/format";
import { providerName, severities, wordOf } from "../../lib/words";
import { asides, type Lanes, lanesOf, type Marker, pathOf, ticks, turnAt } from "./lanes";
import {
	longest,
	medianTotal,
	partNames,
	partsUsed,
	partWord,
	type TurnLatency,
	turnLatencies,
} from "./latency";
import { useCursor, usePlayback } from "./playback";
import "./parts.css";
import classes from "./Strip.module.css";
import type { Call, Note } from "./types";

const units = 1000;
/** So many fit beside each other; of more the ones that matter most are drawn. */
const mostMarkers = 60;
const asideWidth = 14;

export type Drawn = Pick<
	Call,
	"provider" | "turns" | "tool_calls" | "interruptions" | "findings" | "duration_ms"
>;

interface StripProps {
	call: Drawn;
	notes: Note[];
	/** A recording can be played. */
	playable: boolean;
	/** A marker was pressed: the turn it belongs to, if any. */
	onTurn: (turn: number) => void;
	/** The call goes on, or has just ended: nothing appears that takes room of its own. */
	live?: boolean;
}

/** The whole call on one axis: who spoke, what the agent did, how long the caller waited. */
export function Strip({ call, notes, playable, onTurn, live }: StripProps) {
	const lanes = useMemo(() => lanesOf(call), [call]);
	const latencies = useMemo(() => turnLatencies(call.turns ?? []), [call]);
	const recorded = useCursor((s) => s.length ?? 0);
	const length = Math.max(lanes.length, recorded);
	const empty = length === 0 || (lanes.segments.length === 0 && recorded === 0);
	if (empty && !live) return <NoLanes call={call} />;
	return (
		<section className={classes.strip} aria-label="Timeline">
			<div className={classes.labels}>
				<Transport playable={playable} />
				<span data-role="agent">Agent</span>
				<span data-role="user">Caller</span>
				{(live || latencies.length > 0) && <span className={classes.waitLabel}>Wait</span>}
			</div>
			<div className={classes.plot}>
				<Axis length={length} />
				<Markers lanes={lanes} notes={notes} length={length} onTurn={onTurn} keep={live} />
				<Scrubber call={call} lanes={lanes} latencies={latencies} length={length} keep={live} />
				<Cursor length={length} />
			</div>
			<Legend call={call} lanes={lanes} latencies={latencies} keep={live} />
		</section>
	);
}

function NoLanes({ call }: { call: Drawn }) {
	if ((call.turns ?? []).length === 0) return null;
	return (
		<p className={classes.none}>
			<Icon name="info" size={14} />
			{providerName(call.provider)} gave no times for this transcript, so there is no timeline to draw.
		</p>
	);
}

function Transport({ playable }: { playable: boolean }) {
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

const Axis = memo(function Axis({ length }: { length: number }) {
	return (
		<div className={classes.axis} aria-hidden="true">
			{ticks(length, 8).map((ms) => (
				<span key={ms} style={{ left: `${(ms / length) * 100}%` }}>
					{offset(ms).replace(/\.0$/, "")}
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

const pinIcons = { tool: "tool", interruption: "alert", note: "note" } as const;
const pinWords = { tool: "Tool call", interruption: "Interruption", note: "Note" } as const;

const severityRank: Record<string, number> = { critical: 1, warning: 2 };

/** What a person wrote and what failed comes before what is only noted. */
function rankOf(p: Pin): number {
	if (p.kind === "note") return 0;
	if (p.kind === "finding") return severityRank[p.severity ?? ""] ?? 4;
	return p.bad ? 1 : 3;
}

const pinIcon = (p: Pin) => (p.kind === "finding" ? findingIcon(p.finding ?? "") : pinIcons[p.kind]);
const pinWord = (p: Pin) =>
	p.kind === "finding" ? `Finding, ${wordOf(severities, p.severity).text.toLowerCase()}` : pinWords[p.kind];

const Markers = memo(function Markers({ lanes, notes, length, onTurn, keep }: MarkersProps) {
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
					data-tone={m.severity && severityTone(m.severity)}
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
	latencies: TurnLatency[];
	length: number;
	keep?: boolean;
}

function Scrubber({ call, lanes, latencies, length, keep }: ScrubberProps) {
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
				aria-valuemin={0}
				aria-valuemax={Math.round(length / 1000)}
				aria-valuenow={Math.min(seconds, Math.round(length / 1000))}
				aria-valuetext={offset(seconds * 1000)}
				onKeyDown={key}
				onPointerDown={(e) => {
					e.currentTarget.setPointerCapture(e.pointerId);
					playback.seek(at(e));
				}}
				onPointerMove={(e) => {
					setHover(at(e));
					if (e.buttons === 1) playback.seek(at(e));
				}}
				onPointerLeave={() => setHover(null)}
			>
				<Drawing lanes={lanes} latencies={latencies} length={length} keep={keep} />
			</div>
			{hover !== null && <Hover call={call} lanes={lanes} ms={hover} length={length} />}
		</>
	);
}

const Drawing = memo(function Drawing({ lanes, latencies, length, keep }: Omit<ScrubberProps, "call">) {
	return (
		<>
			{(["agent", "user"] as const).map((role) => {
				const own = lanes.segments.filter((s) => s.role === role);
				return (
					<svg
						key={role}
						className={classes.lane}
						data-role={role}
						viewBox={`0 0 ${units} 1`}
						preserveAspectRatio="none"
						aria-hidden="true"
					>
						<path
							className={classes.known}
							d={pathOf(
								own.filter((s) => !s.guessed),
								length,
								units,
							)}
						/>
						<path
							className={classes.guessed}
							d={pathOf(
								own.filter((s) => s.guessed),
								length,
								units,
							)}
						/>
					</svg>
				);
			})}
			{(keep || latencies.length > 0) && <Waits latencies={latencies} length={length} />}
		</>
	);
});

const barWidth = 7;

/** Upright bars at the turn that was waited for, one colour a part, as tall as the wait. */
function Waits({ latencies, length }: { latencies: TurnLatency[]; length: number }) {
	const top = longest(latencies);
	const box = (l: TurnLatency, from: number, ms: number) => {
		const x = Math.min(units - barWidth, ((l.at ?? 0) / length) * units);
		const h = ms / top;
		return `M${x.toFixed(1)} ${(1 - from / top - h).toFixed(4)}h${barWidth}v${h.toFixed(4)}h-${barWidth}z`;
	};
	const placed = latencies.filter((l) => l.at !== null);
	return (
		<svg className={classes.waits} viewBox={`0 0 ${units} 1`} preserveAspectRatio="none" aria-hidden="true">
			{partNames.map((name) => (
				<path
					key={name}
					data-part={name}
					d={placed
						.flatMap((l) => l.parts.filter((p) => p.name === name).map((p) => box(l, p.from, p.ms)))
						.join("")}
				/>
			))}
			<path
				data-part="total"
				d={placed
					.filter((l) => l.parts.length === 0)
					.map((l) => box(l, 0, l.total))
					.join("")}
			/>
		</svg>
	);
}

function Cursor({ length }: { length: number }) {
	const ms = useCursor((s) => Math.round(s.ms));
	return <div className={classes.cursor} style={{ left: `${(Math.min(ms, length) / length) * 100}%` }} />;
}

interface HoverProps {
	call: Drawn;
	lanes: Lanes;
	ms: number;
	length: number;
}

function Hover({ call, lanes, ms, length }: HoverProps) {
	const share = ms / length;
	const segment = lanes.segments.find((s) => s.turn === turnAt(lanes.segments, ms) && s.end >= ms);
	const turn = segment && (call.turns ?? []).find((t) => t.index === segment.turn);
	return (
		<div className={classes.hover} style={{ left: `${share * 100}%` }} aria-hidden="true">
			<div className={classes.tip} style={{ transform: `translateX(-${share * 100}%)` }}>
				<b>{offset(ms)}</b>
				{turn && (
					<span data-role={turn.role}>
						{turn.role === "agent" ? "Agent" : "Caller"}: {turn.text.slice(0, 90)}
						{turn.text.length > 90 && "…"}
					</span>
				)}
			</div>
		</div>
	);
}

/** What the bars mean and whose word they are. */
function Legend({ call, lanes, latencies, keep }: Omit<ScrubberProps, "length">) {
	if (latencies.length === 0 && !lanes.guessed && !keep) return null;
	const claimed = latencies.some((l) => l.claimed);
	return (
		<p className={classes.legend}>
			{keep && latencies.length === 0 && <span>No wait measured yet.</span>}
			{latencies.length > 0 && (
				<>
					<span>
						Wait before {plural(latencies.length, "turn")}, median {latency(medianTotal(latencies))}, longest{" "}
						{latency(Math.max(...latencies.map((l) => l.total)))}
						{claimed && `, claimed by ${providerName(call.provider)}`}
					</span>
					{partsUsed(latencies).map((name) => (
						<span key={name} className={classes.key}>
							<i data-part={name} />
							{partWord(name)}
						</span>
					))}
				</>
			)}
			{lanes.guessed && <span>Paler: the vendor gave no end, so the length is an estimate.</span>}
		</p>
	);
}
