import { memo, useMemo } from "react";
import { Badge } from "../../components/Badge";
import { CopyButton } from "../../components/Copy";
import { severityTone } from "../../components/Judgement";
import { offset } from "../../lib/format";
import { roles, wordOf } from "../../lib/words";
import { rangeOf } from "./analysis";
import { cutIn } from "./lanes";
import { Margin } from "./Margin";
import { SaidText } from "./SaidText";
import classes from "./Transcript.module.css";
import type { Finding, Interruption, Turn } from "./types";
import { VoiceLabel } from "./VoiceLabel";
import type { Voice } from "./voice";
import { Wait } from "./Wait";

interface TurnRowProps {
	turn: Turn;
	cut: Interruption | null;
	current: boolean;
	/** The search stands at this turn. */
	active: boolean;
	ranges: [number, number][];
	/** What was found in it. */
	found: Finding[];
	/** How it sounds, where the recording tells. */
	voice?: Voice;
	link: string;
	onSeek: (ms: number) => void;
}

/** What one side said. It is somebody else's text: shown as text and nothing else. */
export const TurnRow = memo(function TurnRow({
	turn,
	cut,
	current,
	active,
	ranges,
	found,
	voice,
	link,
	onSeek,
}: TurnRowProps) {
	const quotes = useMemo(() => quotesIn(turn.text, found), [turn.text, found]);
	const start = turn.start_ms;
	const seek = () => {
		if (start !== null && window.getSelection()?.isCollapsed !== false) onSeek(start);
	};
	return (
		<div className={classes.line} data-role={turn.role}>
			<div
				className={classes.turn}
				data-role={turn.role}
				data-current={current || undefined}
				data-active={active || undefined}
				aria-current={current || undefined}
			>
				<div className={classes.turnHead}>
					<span className={classes.speaker}>{turn.speaker || wordOf(roles, turn.role).text}</span>
					{start === null ? (
						<span className={classes.noTime} title="The vendor gave no time">
							no time
						</span>
					) : (
						<button
							type="button"
							className={classes.time}
							onClick={() => onSeek(start)}
							title="Go to this moment"
						>
							{offset(start)}
						</button>
					)}
					{turn.latency && <Wait latency={turn.latency} />}
					{voice && <VoiceLabel voice={voice} />}
					<span className={classes.link}>
						<CopyButton value={link} label="Copy a link to this turn" />
					</span>
				</div>
				{/* biome-ignore lint/a11y/useKeyWithClickEvents: the time above is the control; this makes the whole bubble its target */}
				<p className={classes.bubble} data-seeks={start !== null || undefined} onClick={seek}>
					{turn.text ? (
						<SaidText turn={turn} ranges={ranges} quotes={quotes} />
					) : (
						<span className="rs-dim">(no words)</span>
					)}
				</p>
				{(turn.interrupted || cut) && (
					<div className={classes.cut}>
						<Badge bare tone="watch" icon="alert">
							{cut ? `${cutIn(cut.by)}${cut.at_ms == null ? "" : ` at ${offset(cut.at_ms)}`}` : "Cut off"}
						</Badge>
					</div>
				)}
			</div>
			{found.length > 0 && <Margin found={found} role={turn.role} />}
		</div>
	);
});

/** Where the findings' words stand in a turn. */
function quotesIn(text: string, found: Finding[]) {
	return found.flatMap((f) => {
		const range = rangeOf(text, f.quote);
		return range ? [{ range, tone: severityTone(f.severity) }] : [];
	});
}
