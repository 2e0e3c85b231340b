import { FindingBadge, MethodLabel } from "../../components/Judgement";
import { Section } from "../../components/Page";
import { worstFirst } from "../../lib/findings";
import { offset } from "../../lib/format";
import { severities, wordOf } from "../../lib/words";
import classes from "./Analysis.module.css";
import { findingTime, sameMethod } from "./analysis";
import { Shortened } from "./Shortened";
import { TurnLink } from "./TurnLink";
import type { Call, Finding, Turn } from "./types";

const most = 6;

/** What somebody should know about the call, worst first. */
export function FindingsCard({ call }: { call: Call }) {
	const found = worstFirst(call.findings ?? []);
	const method = sameMethod(found);
	const model = call.judge?.model;
	return (
		<Section
			title={found.length > 1 ? `Findings (${found.length})` : "Findings"}
			actions={<MethodLabel method={method} model={model} />}
		>
			{found.length === 0 ? (
				<p className="rs-dim">Nothing was found that needs a look.</p>
			) : (
				<Shortened
					items={found}
					most={most}
					what="findings"
					render={(f) => (
						<OneFinding
							finding={f}
							turns={call.turns ?? []}
							by={method ? undefined : f.method}
							model={model}
						/>
					)}
				/>
			)}
		</Section>
	);
}

/** "0:34.2", or the turn's number where it has no time. */
const placeOf = (at: number | null, turn: number) => (at === null ? `turn ${turn + 1}` : offset(at));

interface OneProps {
	finding: Finding;
	turns: Turn[];
	/** The method, where the card does not say it for all. */
	by: string | undefined;
	model: string | undefined;
}

function OneFinding({ finding: f, turns, by, model }: OneProps) {
	const at = findingTime(f, turns);
	const turn = f.turn;
	return (
		<article className={classes.item}>
			<div className={classes.itemHead}>
				<span className={classes.itemName}>
					<FindingBadge bare kind={f.kind} severity={f.severity} />
					<span className={classes.small}>
						{wordOf(severities, f.severity).text}
						{by && " · "}
						<MethodLabel method={by} model={model} />
					</span>
				</span>
				{turn != null && (
					<TurnLink turn={turn} className={classes.at} title="Open the transcript there">
						{placeOf(at, turn)}
					</TurnLink>
				)}
				{turn == null && <span className={classes.whole}>{at === null ? "whole call" : offset(at)}</span>}
			</div>
			<p className={classes.detail}>{f.detail}</p>
			{f.kind === "knowledge_gap" && f.topic && <p className={classes.small}>About: {f.topic}</p>}
			{f.quote && <Quote quote={f.quote} turn={turn} />}
		</article>
	);
}

/** Words of the call; where their turn is known they lead to it. */
export function Quote({ quote, turn, at }: { quote: string; turn: number | null; at?: number | null }) {
	if (turn === null) return <q className={classes.quote}>{quote}</q>;
	return (
		<TurnLink turn={turn} className={classes.quote} title="Open the transcript there">
			<q>{quote}</q>
			{at !== undefined && <span className={classes.quoteAt}>{placeOf(at, turn)}</span>}
		</TurnLink>
	);
}
