import { memo, useMemo } from "react";
import { Icon } from "../../components/Icon";
import { latency, plural } from "../../lib/format";
import { providerName } from "../../lib/words";
import { type Lanes, lanesOf, pathOf } from "./lanes";
import {
	longest,
	medianTotal,
	partNames,
	partsUsed,
	partWord,
	type TurnLatency,
	turnLatencies,
} from "./latency";
import { useCursor } from "./playback";
import "./parts.css";
import classes from "./Strip.module.css";
import { Axis, Cursor, type Drawn, Markers, Scrubber, Transport } from "./Timeline";
import type { Note } from "./types";

const units = 1000;

interface StripProps {
	call: Drawn;
	notes: Note[];
	/** A recording can be played. */
	playable: boolean;
	/** A marker was pressed: the turn it belongs to, if any. */
	onTurn: (turn: number) => void;
	/** The call goes on, or has just ended: nothing appears that takes room of its own. */
	live?: boolean;
	/** A waveform is about to take its place: as much room as that. */
	tall?: boolean;
	/** It will have waits, as far as the figures tell. */
	waits?: boolean;
}

/** The whole call on one axis: who spoke, what the agent did, how long the caller waited. */
export function Strip({ call, notes, playable, onTurn, live, tall, waits }: StripProps) {
	const lanes = useMemo(() => lanesOf(call), [call]);
	const latencies = useMemo(() => turnLatencies(call.turns ?? []), [call]);
	const recorded = useCursor((s) => s.length ?? 0);
	// Also before anything is known it is an axis that things can be placed on.
	const length = Math.max(1, lanes.length, recorded);
	const empty = lanes.length + recorded === 0 || (lanes.segments.length === 0 && recorded === 0);
	if (empty && !live && !tall) return <NoLanes call={call} />;
	const keep = live || waits;
	return (
		<section className={classes.strip} aria-label="Timeline" data-tall={tall || undefined}>
			<div className={classes.labels}>
				<Transport playable={playable} />
				<span data-role="agent">Agent</span>
				<span data-role="user">Caller</span>
				{(keep || latencies.length > 0) && <span className={classes.waitLabel}>Wait</span>}
			</div>
			<div className={classes.plot}>
				<Axis length={length} />
				<Markers lanes={lanes} notes={notes} length={length} onTurn={onTurn} keep={live || tall} />
				<Scrubber call={call} lanes={lanes} length={length}>
					<Drawing lanes={lanes} latencies={latencies} length={length} keep={keep} />
				</Scrubber>
				<Cursor length={length} />
			</div>
			<Legend
				call={call}
				lanes={lanes}
				latencies={latencies}
				none={live ? "No wait measured yet." : tall && "The waveform is on its way."}
			/>
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

interface DrawingProps {
	lanes: Lanes;
	latencies: TurnLatency[];
	length: number;
	keep?: boolean;
}

const Drawing = memo(function Drawing({ lanes, latencies, length, keep }: DrawingProps) {
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
export function Waits({ latencies, length }: { latencies: TurnLatency[]; length: number }) {
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

interface LegendProps extends Pick<DrawingProps, "lanes" | "latencies"> {
	call: Drawn;
	/** Said where there are no bars. */
	none: string | false | undefined;
}

/** What the bars mean and whose word they are. */
function Legend({ call, lanes, latencies, none }: LegendProps) {
	if (latencies.length === 0 && !lanes.guessed && !none) return null;
	const claimed = latencies.some((l) => l.claimed);
	return (
		<p className={classes.legend}>
			{none && latencies.length === 0 && <span>{none}</span>}
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
