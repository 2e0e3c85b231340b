import { Button, SegmentedControl } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, data } from "../../api/client";
import { Badge } from "../../components/Badge";
import { FormNote } from "../../components/Gate";
import { SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { count, duration, plural, share } from "../../lib/format";
import { problemsOf } from "../../lib/forms";
import { ms } from "../../lib/time";
import classes from "./dialog.module.css";
import type { Backtest as Result, RuleBody } from "./queries";
import { placeOf } from "./words";

interface BacktestProps {
	/** What is tried; null while the form has something wrong. */
	rule: RuleBody | null;
}

/** What can't be tried, and why. */
const untold: Record<string, string> = {
	error_rate: "A share of failed calls is about many calls together, so it can't be tried on past ones.",
	custom_rule: "Each past call would have to be shown to the language model, so this can't be tried on them.",
};

/** Tries the rule as it stands in the form on calls that are over. Nothing is kept. */
export function Backtest({ rule }: BacktestProps) {
	const [days, setDays] = useState(7);
	const [tried, setTried] = useState("");
	const test = useMutation({
		mutationFn: (body: RuleBody) => {
			const from = new Date(Date.now() - days * ms.day).toISOString();
			return data(api.POST("/v1/alert-rules/backtest", { body: { rule: body, from } }));
		},
	});
	const now = JSON.stringify([rule, days]);
	const run = () => {
		if (!rule) return;
		setTried(now);
		test.mutate(rule);
	};
	const { fields, rest } = problemsOf(test.error, ["/rule"]);
	const wrong = fields["/rule"] ?? rest;
	const why = rule?.condition && untold[rule.condition.type];
	if (why) return <FormNote tone="info">{why}</FormNote>;
	return (
		<section className={classes.form} aria-label="Try it on past calls">
			<div className={classes.tryBar}>
				<SegmentedControl
					aria-label="Which calls"
					data={[
						{ value: "7", label: "Last 7 days" },
						{ value: "30", label: "Last 30 days" },
					]}
					value={String(days)}
					onChange={(v) => setDays(Number(v))}
				/>
				<Button disabled={!rule} loading={test.isPending} onClick={run}>
					Try it on past calls
				</Button>
			</div>
			{!rule && <FormNote tone="watch">Correct the fields of the rule first.</FormNote>}
			{!test.data && !test.isPending && !test.isError && rule && (
				<p className="rs-dim">
					Shows on which calls of yours it would have fired, and at which second. Nothing is saved, and nobody
					is told.
				</p>
			)}
			{wrong && <FormNote tone="bad">{wrong}</FormNote>}
			{test.isPending && <SkeletonText lines={6} />}
			{test.data && !test.isPending && (
				<>
					{tried !== now && <FormNote tone="watch">The rule was changed since. Try it again.</FormNote>}
					<ResultView result={test.data} />
				</>
			)}
		</section>
	);
}

/** What it came to, in a sentence. */
function summary(r: Result): string {
	if (r.calls === 0) return "There is no call in this time to try it on.";
	if (r.fired === 0) return `It would not have fired: none of ${plural(r.calls, "call")}.`;
	const alerts = r.alerts === r.fired ? "" : `, ${plural(r.alerts, "alert")} in all`;
	return `It would have fired on ${count(r.fired)} of ${plural(r.calls, "call")}${alerts}.`;
}

/** How it met the calls that are known to be bad. */
function marked({ marked: m, calls }: Result): string {
	if (calls === 0) return "";
	if (m.bad === 0) return "None of these calls is marked bad, so what it would miss can't be told.";
	const met = `It met ${count(m.bad_fired)} of the ${plural(m.bad, "call")} marked bad.`;
	if (m.precision == null) return met;
	const n = m.bad_fired + m.fine_fired;
	return `${met} Of those it fired on and something is known of, ${share(m.precision, 0)} are bad (n = ${count(n)}).`;
}

function ResultView({ result: r }: { result: Result }) {
	return (
		<>
			<div className={classes.summary} role="status">
				<p>
					<strong>{summary(r)}</strong>
				</p>
				<p className="rs-dim">{marked(r)}</p>
				{r.left_out > 0 && (
					<p className="rs-dim">
						{plural(r.left_out, "older call")} {r.left_out === 1 ? "was" : "were"} left out
						{r.left_out_reason ? `: ${r.left_out_reason}` : ""}.
					</p>
				)}
			</div>
			<CallList title="Calls with an alert" calls={r.items} of={r.fired} />
			<CallList
				title="Marked bad, without an alert"
				calls={r.missed}
				of={Math.max(r.missed.length, r.marked.bad - r.marked.bad_fired)}
			/>
		</>
	);
}

const reasons: Record<string, string> = {
	success_false: "not successful",
	human_fail: "failed by a person",
	quality_below_60: "quality below 60",
};

/** So many calls are shown before one asks for more. */
const atFirst = 8;

interface ListProps {
	title: string;
	calls: Result["items"];
	/** How many there are in all. */
	of: number;
}

function CallList({ title, calls, of }: ListProps) {
	const [all, setAll] = useState(false);
	if (calls.length === 0) return null;
	const shown = all ? calls : calls.slice(0, atFirst);
	return (
		<section aria-label={title} className={classes.tested}>
			<h3>
				{title} <span className="rs-dim">{count(of)}</span>
			</h3>
			<ul>
				{shown.map((c) => (
					<TestedCall key={c.call.id} tested={c} />
				))}
			</ul>
			{calls.length > shown.length && (
				<Button size="compact-sm" onClick={() => setAll(true)}>
					Show {count(calls.length - shown.length)} more
				</Button>
			)}
			{all && of > calls.length && <p className="rs-dim">The newest {count(calls.length)} are shown.</p>}
		</section>
	);
}

function TestedCall({ tested: { call, alerts, bad, times_guessed } }: { tested: Result["items"][number] }) {
	return (
		<li>
			<span className={classes.line}>
				<Link to="/calls/$id" params={{ id: call.short_id }} target="_blank" className="rs-mono">
					{call.short_id}
				</Link>
				<span className="rs-dim">
					{call.agent?.name && `${call.agent.name}, `}
					<When at={call.started_at} form="exact" />
				</span>
				{bad.length > 0 && (
					<Badge bare tone="bad" icon="alert">
						Marked bad: {bad.map((b) => reasons[b] ?? b).join(", ")}
					</Badge>
				)}
			</span>
			{alerts.map((a) => (
				<span key={`${a.at_ms}/${a.cause ?? ""}`} className={classes.moment}>
					<Link to="/calls/$id" params={{ id: call.short_id }} search={placeOf(a)} target="_blank">
						{times_guessed ? "about " : ""}
						{duration(a.at_ms)}
					</Link>
					<span>{a.message}</span>
				</span>
			))}
		</li>
	);
}
