import { Button } from "@mantine/core";
import { useEffect } from "react";
import { Icon } from "../../components/Icon";
import { count } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { useSettings } from "../../lib/settings";
import { clock } from "../../lib/time";
import { alertSeverities, alertTypes, scoreTone, wordOf } from "../../lib/words";
import { useSecond } from "./clock";
import { secondsUntil } from "./fold";
import { LinkState } from "./LinkState";
import { Elapsed } from "./marks";
import { type Group, grouped, type Row, severityOrder, sumOf } from "./order";
import { stepIcons, undecided } from "./proposals";
import type { CallAlert, Proposal } from "./types";
import classes from "./Wall.module.css";

interface WallProps {
	rows: Row[];
	/** All calls in progress, whatever the filters. */
	total: number;
	filtered: boolean;
	skew: number | null;
	onClear: () => void;
	onClose: () => void;
}

/** The live calls for a screen on the wall: a tile for each agent, readable from four metres. */
export function Wall({ rows, total, filtered, skew, onClear, onClose }: WallProps) {
	useKeys([{ keys: "Escape", label: "Leave the wall view", group: "Live", run: onClose }]);
	useAwake();
	const going = rows.filter((r) => !r.ended);
	const sum = sumOf(going);
	const groups = grouped(going);
	return (
		<section className={classes.wall} aria-label="Wall view">
			<header className={classes.head}>
				<h2 className={classes.big}>
					<b>{count(sum.active)}</b> live
					{filtered && <small> of {count(total)}, filtered</small>}
				</h2>
				<span className={classes.big} data-bad={sum.alerts > 0 || undefined}>
					<b>{count(sum.alerts)}</b> {sum.alerts === 1 ? "alert" : "alerts"}
				</span>
				<span className={classes.big}>
					<Score value={sum.score} /> average score
				</span>
				<span className={classes.end}>
					<LinkState />
					<Time />
					{filtered && (
						<Button onClick={onClear} leftSection={<Icon name="filter" size={14} />}>
							Clear filters
						</Button>
					)}
					<Button
						onClick={() => void document.documentElement.requestFullscreen?.().catch(() => {})}
						leftSection={<Icon name="screen" size={14} />}
					>
						Full screen
					</Button>
					<Button onClick={onClose} leftSection={<Icon name="close" size={14} />}>
						Close
					</Button>
				</span>
			</header>
			{groups.length === 0 ? (
				<p className={classes.calm}>{total > 0 ? "No live call matches" : "No call is in progress"}</p>
			) : (
				<ul className={classes.tiles}>
					{groups.map((g) => (
						<Tile key={g.key} group={g} skew={skew} />
					))}
				</ul>
			)}
		</section>
	);
}

function Score({ value }: { value: number | null }) {
	if (value === null) return <b>—</b>;
	return <b data-tone={scoreTone(value)}>{Math.round(value)}</b>;
}

function Tile({ group, skew }: { group: Group; skew: number | null }) {
	const sum = sumOf(group.rows);
	const worst = worstOf(group);
	return (
		<li className={classes.tile} data-tone={worst && wordOf(alertSeverities, worst.severity).tone}>
			<h3 className={classes.name}>{group.name}</h3>
			<div className={classes.figures}>
				<span className={classes.figure}>
					<b>{count(sum.active)}</b>
					active
				</span>
				<span className={classes.figure}>
					<Score value={sum.score} />
					score
				</span>
				<span className={classes.figure}>
					{sum.longest && (
						<b>
							<Elapsed since={sum.longest.startedAt} skew={skew} />
						</b>
					)}
					longest
				</span>
			</div>
			<p className={classes.alert}>
				{worst ? (
					<>
						<Icon name="alert" size={28} />
						<span>
							{wordOf(alertTypes, worst.type).text}
							{sum.alerts > 1 && `, ${count(sum.alerts - 1)} more`}
						</span>
					</>
				) : (
					<span className="rs-dim">No open alerts</span>
				)}
			</p>
			<Proposed group={group} skew={skew} />
		</li>
	);
}

/** What a rule proposes in one of the calls, and how long until it is done. */
function Proposed({ group, skew }: { group: Group; skew: number | null }) {
	const now = useSecond();
	const open = group.rows
		.filter((r) => !r.ended)
		.flatMap((r) => r.call.proposals ?? [])
		.filter(undecided);
	const next = open.toSorted((a, b) => dueAt(a) - dueAt(b))[0];
	if (!next) return null;
	return (
		<p className={classes.alert} data-proposal>
			<Icon name={stepIcons[next.do.action]} size={28} />
			<span>
				{next.dueAt
					? `${shortStep[next.do.action]} in ${secondsUntil(next.dueAt, now, skew)} s`
					: `${shortStep[next.do.action]} proposed`}
				{open.length > 1 && `, ${count(open.length - 1)} more`}
			</span>
		</p>
	);
}

const shortStep = { say: "Words", transfer: "Transfer", end: "End of the call" };

/** What a person decides on comes after what is done by itself. */
const dueAt = (p: Proposal) => (p.dueAt ? Date.parse(p.dueAt) : Number.POSITIVE_INFINITY);

function worstOf(group: Group): CallAlert | undefined {
	const rank = (a: CallAlert) => severityOrder.indexOf(a.severity);
	return group.rows.flatMap((r) => r.call.alerts ?? []).sort((a, b) => rank(b) - rank(a))[0];
}

function Time() {
	const now = useSecond();
	const { zone } = useSettings();
	return <time className={classes.time}>{clock(new Date(now), zone)}</time>;
}

/** Keeps the screen from going dark, where the browser lets it. */
function useAwake() {
	useEffect(() => {
		let lock: WakeLockSentinel | undefined;
		let off = false;
		const take = async () => {
			if (document.visibilityState !== "visible") return;
			lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
			if (off) void lock?.release();
		};
		void take();
		document.addEventListener("visibilitychange", take);
		return () => {
			off = true;
			document.removeEventListener("visibilitychange", take);
			void lock?.release();
		};
	}, []);
}
