import { memo } from "react";
import { Badge } from "../../components/Badge";
import { CopyButton } from "../../components/Copy";
import { Highlight } from "../../components/Highlight";
import { offset } from "../../lib/format";
import { roles, wordOf } from "../../lib/words";
import { cutIn } from "./lanes";
import classes from "./Transcript.module.css";
import type { Interruption, Turn } from "./types";
import { Wait } from "./Wait";

interface TurnRowProps {
	turn: Turn;
	cut: Interruption | null;
	current: boolean;
	/** The search stands at this turn. */
	active: boolean;
	ranges: [number, number][];
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
	link,
	onSeek,
}: TurnRowProps) {
	const start = turn.start_ms;
	const seek = () => {
		if (start !== null && window.getSelection()?.isCollapsed !== false) onSeek(start);
	};
	return (
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
				<span className={classes.link}>
					<CopyButton value={link} label="Copy a link to this turn" />
				</span>
			</div>
			{/* biome-ignore lint/a11y/useKeyWithClickEvents: the time above is the control; this makes the whole bubble its target */}
			<p className={classes.bubble} data-seeks={start !== null || undefined} onClick={seek}>
				{turn.text ? (
					<Highlight text={turn.text} ranges={ranges} />
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
	);
});
