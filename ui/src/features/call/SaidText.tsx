import { Highlight, type Quoted } from "../../components/Highlight";
import { Icon } from "../../components/Icon";
import { hiddenName, hiddenPieces } from "./hidden";
import classes from "./SaidText.module.css";
import type { Turn } from "./types";

interface SaidTextProps {
	turn: Pick<Turn, "text" | "redacted">;
	ranges: [number, number][];
	quotes: Quoted[];
}

/** What was said; what is hidden in it is named in its place. */
export function SaidText({ turn, ranges, quotes }: SaidTextProps) {
	const redacted = turn.redacted ?? [];
	if (redacted.length === 0) return <Highlight text={turn.text} ranges={ranges} quotes={quotes} />;
	const moved = ([from, to]: readonly [number, number], by: number): [number, number] => [from - by, to - by];
	return hiddenPieces(turn.text, redacted).map((p) =>
		p.hidden ? (
			<span key={p.start} className={classes.hidden} title="Hidden by the agent's redaction settings">
				<Icon name="lock" size={12} />
				<span className="rs-sr">Hidden: </span>
				{hiddenName(p.hidden)}
			</span>
		) : (
			<Highlight
				key={p.start}
				text={p.text}
				ranges={ranges.map((r) => moved(r, p.start))}
				quotes={quotes.map((q) => ({ ...q, range: moved(q.range, p.start) }))}
			/>
		),
	);
}
