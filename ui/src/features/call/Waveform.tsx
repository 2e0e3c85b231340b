import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Icon } from "../../components/Icon";
import { latency, offset, plural } from "../../lib/format";
import { providerName } from "../../lib/words";
import { LaneCanvas } from "./LaneCanvas";
import { lanesOf } from "./lanes";
import { middle, turnLatencies } from "./latency";
import { useCursor, usePlayback } from "./playback";
import { callAlertsQuery } from "./queries";
import { Waits } from "./Strip";
import stripClasses from "./Strip.module.css";
import {
	type Response,
	responseAt,
	responsesOf,
	responseWords,
	type SoundReport,
	silencesOf,
	soundLanes,
	told,
	withHeard,
} from "./sound";
import { Axis, Cursor, Markers, Scrubber, Transport } from "./Timeline";
import type { Call, Note } from "./types";
import { WaitsCanvas } from "./WaitsCanvas";
import classes from "./Waveform.module.css";
import { gainOf } from "./wave";

interface WaveformProps {
	call: Call;
	report: SoundReport;
	notes: Note[];
	/** What plays is the recording that was heard: its silences can be skipped. */
	playable: boolean;
	heardPlays: boolean;
	onTurn: (turn: number) => void;
}

const laneWords = { agent: "Agent", user: "Caller", both: "Both" } as const;
const wordsID = "waveform-in-words";
/** As much of the axis as a pair of bars takes, for the pointer. */
const reach = 1 / 60;

/** The call as it sounds: a lane for each side, what happened, how long the caller waited. */
export function Waveform({ call, report, notes, playable, heardPlays, onTurn }: WaveformProps) {
	const alerts = useQuery(callAlertsQuery(call.id)).data?.items;
	const view = useMemo(() => withHeard(lanesOf(call), report, alerts ?? []), [call, report, alerts]);
	const lanes = useMemo(() => soundLanes(report), [report]);
	const silences = useMemo(() => silencesOf(report), [report]);
	const responses = useMemo(() => responsesOf(report, call.turns ?? []), [report, call.turns]);
	const latencies = useMemo(() => turnLatencies(call.turns ?? []), [call.turns]);
	const recorded = useCursor((s) => s.length ?? 0);
	const length = Math.max(view.length, recorded);
	const gain = useMemo(() => gainOf(report.peaks?.channels ?? []), [report]);
	const mono = lanes[0]?.role === "both";
	const playback = usePlayback();
	useEffect(() => {
		playback.setSilences(heardPlays ? silences : []);
		return () => playback.setSilences([]);
	}, [playback, silences, heardPlays]);
	const more = (ms: number) => {
		const r = mono ? undefined : responseAt(responses, ms, length * reach);
		return r ? responseWords(r) : "";
	};
	return (
		<section className={stripClasses.strip} aria-label="Timeline" data-tall>
			<div className={stripClasses.labels}>
				<Transport playable={playable} />
				{lanes.map((l) => (
					<span key={l.role} data-role={l.role} className={classes.label}>
						{laneWords[l.role]}
					</span>
				))}
				{(responses.length > 0 || latencies.length > 0) && (
					<span className={stripClasses.waitLabel}>Wait</span>
				)}
			</div>
			<div className={stripClasses.plot}>
				<Axis length={length} />
				<Markers lanes={view} notes={notes} length={length} onTurn={onTurn} keep />
				<Scrubber call={call} lanes={view} length={length} more={more} told={wordsID}>
					{lanes.map((l) => (
						<LaneCanvas
							key={l.role}
							lane={l}
							silences={silences}
							perSecond={report.peaks?.per_second ?? 0}
							gain={gain}
							length={length}
						/>
					))}
					{mono
						? latencies.length > 0 && <Waits latencies={latencies} length={length} />
						: responses.length > 0 && <WaitsCanvas responses={responses} length={length} />}
				</Scrubber>
				<Cursor length={length} />
			</div>
			<p id={wordsID} className="rs-sr">
				{told(report)}
			</p>
			<Legend call={call} report={report} responses={responses} mono={mono} />
			{!mono && <Twin responses={responses} />}
		</section>
	);
}

interface LegendProps {
	call: Call;
	report: SoundReport;
	responses: Response[];
	mono: boolean;
}

const known = (list: (number | null)[]): number[] => list.filter((n) => n !== null);

/** What the bars mean and whose word they are, and what a reader should know. */
function Legend({ call, report, responses, mono }: LegendProps) {
	const heard = known(responses.map((r) => r.heard));
	const claimed = known(responses.map((r) => r.claimed));
	const vendor = providerName(call.provider);
	return (
		<div className={stripClasses.legend}>
			{!mono && heard.length > 0 && (
				<span className={classes.key} data-key="heard">
					Wait heard before {plural(heard.length, "turn")}, median{" "}
					{latency(report.metrics.p50_ms ?? middle(heard))}, longest {latency(Math.max(...heard))}
				</span>
			)}
			{claimed.length > 0 && (
				<span className={classes.key} data-key="claimed">
					Claimed by {vendor}, median {latency(middle(claimed))}
				</span>
			)}
			{(report.silences ?? []).length > 0 && (
				<span className={classes.key} data-key="silence">
					Silence of 2 s or longer
				</span>
			)}
			{(report.redactions ?? []).length > 0 && (
				<span className={classes.key} data-key="muted">
					Personal data is muted in {plural((report.redactions ?? []).length, "place")}
				</span>
			)}
			{mono && <Told>Nothing can be told of who speaks. {(report.notes ?? []).join(" ")}</Told>}
			{!mono && (report.notes ?? []).map((n) => <Told key={n}>{n}</Told>)}
		</div>
	);
}

function Told({ children }: { children: React.ReactNode }) {
	return (
		<span className={classes.told}>
			<Icon name="info" size={14} />
			<span>{children}</span>
		</span>
	);
}

/** The bars again, for a screen reader. */
function Twin({ responses }: { responses: Response[] }) {
	if (responses.length === 0) return null;
	return (
		<div className="rs-sr">
			<table>
				<caption>Wait before each of the agent's turns</caption>
				<thead>
					<tr>
						<th>At</th>
						<th>Heard</th>
						<th>Claimed</th>
					</tr>
				</thead>
				<tbody>
					{responses.map((r) => (
						<tr key={`${r.at} ${r.heard}`}>
							<th scope="row">{offset(r.at)}</th>
							<td>{latency(r.heard)}</td>
							<td>{latency(r.claimed)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
