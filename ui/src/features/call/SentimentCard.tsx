import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { MethodLabel, SentimentBadge } from "../../components/Judgement";
import { Section } from "../../components/Page";
import { offset, plural } from "../../lib/format";
import classes from "./Analysis.module.css";
import { barPath, type Lean, type Mood, markPath, moodsOf, moodWords } from "./moods";
import { TurnLink } from "./TurnLink";
import type { Sentiment, Turn } from "./types";

const most = 60;

interface SentimentProps {
	sentiment: Sentiment;
	turns: Turn[];
	model: string | undefined;
}

/** How the customer sounded, over the call and from turn to turn. */
export function SentimentCard({ sentiment: s, turns, model }: SentimentProps) {
	const moods = useMemo(() => moodsOf(s.turns ?? [], turns, most), [s, turns]);
	const size = Math.max(1, ...moods.map((m) => m.n));
	return (
		<Section title="Sentiment" actions={<MethodLabel method={s.method} model={model} />}>
			<div className={classes.mood}>
				<SentimentBadge label={s.label} />
				{s.score != null && (
					<span className="rs-dim">{s.score.toFixed(2).replace("-", "−")} on a scale from −1 to 1</span>
				)}
			</div>
			{moods.length === 0 ? (
				<p className={classes.small}>There are no words of the customer's that tell.</p>
			) : (
				<>
					<Bars moods={moods} />
					<p className={classes.small}>
						The customer's turns in order; a bar leads to its turn.
						{size > 1 && ` Each stands for ${plural(size, "turn")}.`}
					</p>
				</>
			)}
		</Section>
	);
}

const leans: Lean[] = ["positive", "neutral", "negative"];

function Bars({ moods }: { moods: Mood[] }) {
	const frustrated = markPath(moods);
	return (
		<div className={classes.bars}>
			<span className={classes.barLabel}>Positive</span>
			<span className={classes.barLabel} data-row="negative">
				Negative
			</span>
			{frustrated && (
				<span className={classes.barLabel} data-row="frustrated">
					Frustration
				</span>
			)}
			<div className={classes.plot}>
				<svg
					className={classes.chart}
					viewBox={`0 0 ${moods.length} 2`}
					preserveAspectRatio="none"
					aria-hidden="true"
				>
					{leans.map((lean) => (
						<path key={lean} data-lean={lean} d={barPath(moods, lean)} />
					))}
				</svg>
				{frustrated && (
					<svg
						className={classes.marks}
						viewBox={`0 0 ${moods.length} 1`}
						preserveAspectRatio="none"
						aria-hidden="true"
					>
						<path d={frustrated} />
					</svg>
				)}
				<Targets moods={moods} />
			</div>
		</div>
	);
}

/** What can be clicked over the bars: one stop for the tab key, left and right from there. */
function Targets({ moods }: { moods: Mood[] }) {
	const list = useRef<HTMLUListElement>(null);
	const [at, setAt] = useState(0);
	const move = (e: KeyboardEvent) => {
		const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: moods.length - 1 }[e.key];
		if (to === undefined) return;
		e.preventDefault();
		e.stopPropagation();
		const next = Math.max(0, Math.min(moods.length - 1, to));
		setAt(next);
		list.current?.querySelectorAll("a")[next]?.focus();
	};
	return (
		<ul ref={list} className={classes.targets} aria-label="Sentiment by turn" onKeyDown={move}>
			{moods.map((m, i) => (
				<li key={m.turn}>
					<TurnLink
						turn={m.turn}
						className={classes.target}
						tabIndex={i === at ? 0 : -1}
						title={describe(m)}
						aria-label={describe(m)}
					/>
				</li>
			))}
		</ul>
	);
}

const shownText = 90;

function describe(m: Mood): string {
	const place = m.at === null ? `Turn ${m.turn + 1}` : offset(m.at);
	const text = m.text.length > shownText ? `${m.text.slice(0, shownText)}…` : m.text;
	return `${place}: ${moodWords(m)}${text && `. “${text}”`}`;
}
