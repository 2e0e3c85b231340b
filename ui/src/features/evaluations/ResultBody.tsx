import { Link } from "@tanstack/react-router";
import { Badge } from "../../components/Badge";
import { FormNote } from "../../components/Gate";
import { asText } from "../../components/JsonView";
import { MethodLabel, ScoreValue, VerdictBadge } from "../../components/Judgement";
import { Fact, Facts } from "../../components/Page";
import { Money } from "../../components/Values";
import { count, latency, plural, share } from "../../lib/format";
import type { Judgement, Result, Score } from "./queries";
import classes from "./result.module.css";
import { points } from "./scorecard";

type Category = Result["categories"][number];
type Graded = Category["criteria"][number];

interface BodyProps {
	result: Result;
	scores: Score[];
	usage: Judgement["usage"] | null | undefined;
	/** What limits the result. */
	note?: string;
	/** The call's short id: where the quotes lead. */
	call: string;
}

/** A call's result by a scorecard: the score, and how each criterion adds to it. */
export function ResultBody({ result, scores, usage, note, call }: BodyProps) {
	const byKey = new Map(scores.map((s) => [s.criterion, s]));
	return (
		<div className={classes.result}>
			<div className={classes.total}>
				<ScoreValue big value={result.score} />
				<span className="rs-dim">of 100, passed from {points(result.pass_mark)} on</span>
				<VerdictBadge verdict={result.verdict} />
			</div>
			<p>{result.reason}</p>
			{result.coverage < 1 && (
				<p className="rs-dim">
					{share(result.coverage, 0)} of the weight could be judged; what could not be judged is left out of
					the score.
				</p>
			)}
			{note && <FormNote tone="watch">{note}</FormNote>}
			{result.categories.map((c, i) => (
				<OneCategory key={i} category={c} byKey={byKey} call={call} />
			))}
			{usage ? <UsageFacts usage={usage} /> : <p className="rs-dim">No language model was asked.</p>}
		</div>
	);
}

interface CategoryProps {
	category: Category;
	byKey: Map<string, Score>;
	call: string;
}

function OneCategory({ category: c, byKey, call }: CategoryProps) {
	return (
		<section className={classes.category} aria-label={c.name}>
			<header className={classes.head}>
				<h3>{c.name}</h3>
				<span className="rs-dim">
					+{points(c.contribution)} of the score, weight {points(c.weight)} %
				</span>
				<span className={classes.end}>
					<ScoreValue value={c.score} />
				</span>
			</header>
			<ul className={classes.criteria}>
				{c.criteria.map((k) => (
					<li key={k.key}>
						<OneCriterion graded={k} score={byKey.get(k.key)} call={call} />
					</li>
				))}
			</ul>
		</section>
	);
}

/** "+12.5 of the score, weight 25 %": the contributions add up to the score. */
function contribution(k: Graded): string {
	if (k.weight === 0) return "Does not count";
	if (k.contribution == null) return `Left out of the score, weight ${points(k.weight)} %`;
	return `+${points(k.contribution)} of the score, weight ${points(k.weight)} %`;
}

function OneCriterion({
	graded: k,
	score,
	call,
}: {
	graded: Graded;
	score: Score | undefined;
	call: string;
}) {
	return (
		<article className={classes.criterion}>
			<div className={classes.head}>
				<b>{k.name}</b>
				<VerdictBadge verdict={k.verdict} />
				{k.critical && (
					<Badge bare tone={k.verdict === "fail" ? "bad" : "quiet"} icon="alert">
						Critical
					</Badge>
				)}
				<span className={classes.end}>
					<ScoreValue value={k.score} />
				</span>
			</div>
			<p className={classes.small}>
				{contribution(k)}
				{k.method && " · "}
				<MethodLabel method={k.method} model={score?.model} />
			</p>
			{score?.answer != null && <p>Answer: {asText(score.answer)}</p>}
			{score?.reason && <p>{score.reason}</p>}
			{score?.evidence?.map((e, i) => (
				<Link
					key={i}
					to="/calls/$id"
					params={{ id: call }}
					search={{ turn: e.turn }}
					className={classes.quote}
					title="Open the transcript there"
				>
					<q>{e.quote}</q> <span className={classes.turn}>turn {e.turn + 1}</span>
				</Link>
			))}
		</article>
	);
}

function UsageFacts({ usage: u }: { usage: Judgement["usage"] }) {
	return (
		<Facts>
			<Fact name="Model">{u.model}</Fact>
			<Fact name="Tokens">
				{count(u.prompt_tokens)} in, {count(u.completion_tokens)} out
				<span className="rs-dim"> in {plural(u.requests, "request")}</span>
			</Fact>
			<Fact name="Cost">
				{u.cost_usd == null ? (
					<span className="rs-dim">Not known: the model has no price set</span>
				) : (
					<Money cost={{ total: u.cost_usd, currency: "USD" }} />
				)}
			</Fact>
			<Fact name="Took">{latency(u.duration_ms)}</Fact>
		</Facts>
	);
}
