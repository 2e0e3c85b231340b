import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ProviderBadge, SimulationBadge, StatusBadge } from "../../components/Badge";
import { CopyID } from "../../components/Copy";
import { Highlight } from "../../components/Highlight";
import { Icon } from "../../components/Icon";
import {
	FindingBadge,
	MethodLabel,
	ResolutionBadge,
	ScoreValue,
	SentimentBadge,
} from "../../components/Judgement";
import { KeyHint } from "../../components/KeyHint";
import { Fact, Facts } from "../../components/Page";
import { Peek } from "../../components/Peek";
import { ErrorState, SkeletonText } from "../../components/States";
import { Duration, LatencyValue, Money, When } from "../../components/Values";
import { worstFirst } from "../../lib/findings";
import { offset, plural } from "../../lib/format";
import { roles, wordOf } from "../../lib/words";
import classes from "./CallPeek.module.css";
import { AgentName, callTime, EndedReason, Numbers, OutcomeBadge } from "./columns";
import { callQuery, filtersOf } from "./queries";
import type { CallsSearch } from "./search";
import type { CallDetail, CallItem, Match } from "./types";

interface PeekProps {
	id: string;
	/** The row, when the list has it: it is shown at once, while the rest loads. */
	item: CallItem | undefined;
	search: CallsSearch;
	onClose: () => void;
}

/** The key facts of a call beside the list, and how it began. */
export function CallPeek({ id, item, search, onClose }: PeekProps) {
	const { data: call, error, refetch } = useQuery(callQuery(id));
	const head = item ?? (call && headOf(call));
	return (
		<Peek
			label="Selected call"
			onClose={onClose}
			head={
				<div className={classes.head}>
					{head && <StatusBadge status={head.status} />}
					<strong className={classes.name}>{head ? <AgentName call={head} /> : "Call"}</strong>
					{head?.is_simulation && <SimulationBadge />}
				</div>
			}
		>
			<div className={classes.body}>
				<Button
					renderRoot={(props) => (
						<Link to="/calls/$id" params={{ id }} search={filtersOf(search)} {...props} />
					)}
					fullWidth
					rightSection={<KeyHint keys="Enter" />}
				>
					Open the call
				</Button>
				{head && <KeyFacts call={head} />}
				{error && !call && <ErrorState doing="load the call" error={error} retry={() => void refetch()} />}
				{!call && !error && <SkeletonText lines={6} />}
				{call && <Body call={call} matches={item?.matches ?? []} />}
			</div>
		</Peek>
	);
}

/** A whole call in the shape of a row. */
function headOf(call: CallDetail): CallItem {
	return {
		...call,
		quality: call.quality?.score ?? null,
		sentiment: call.sentiment?.label ?? "",
		findings: (call.findings ?? []).map((f) => f.kind),
		turns: call.turns?.length ?? 0,
		tool_calls: call.tool_calls?.length ?? 0,
	} as unknown as CallItem;
}

function KeyFacts({ call }: { call: CallItem }) {
	return (
		<Facts>
			<Fact name="When">
				<When at={callTime(call)} form="exact" />
			</Fact>
			<Fact name="Numbers">
				<Numbers call={call} />
			</Fact>
			<Fact name="Duration">
				<Duration ms={call.duration_ms} />
			</Fact>
			<Fact name="Outcome">
				<OutcomeBadge call={call} />
			</Fact>
			<Fact name="Score">
				<ScoreValue value={call.quality} />
			</Fact>
			<Fact name="Sentiment">
				<SentimentBadge label={call.sentiment} bare />
			</Fact>
			<Fact name="Ended">
				{call.outcome.explanation || <EndedReason call={call} />}
				{call.outcome.explanation && call.ended_reason && (
					<div className="rs-dim">
						<EndedReason call={call} />
					</div>
				)}
			</Fact>
			<Fact name="Cost">
				<Money cost={call.cost} />
			</Fact>
			<Fact name="Response, claimed">
				<LatencyValue ms={call.response_ms} />
			</Fact>
			<Fact name="Provider">
				<ProviderBadge provider={call.provider} />
			</Fact>
			<Fact name="Call id">
				<CopyID value={call.id} short={call.short_id} label="Copy the call id" />
			</Fact>
		</Facts>
	);
}

const excerptTurns = 8;

function Body({ call, matches }: { call: CallDetail; matches: Match[] }) {
	const turns = call.turns ?? [];
	const tools = call.tool_calls ?? [];
	const summary = call.analysis?.provider?.summary;
	const around = matches[0] ? Math.max(0, matches[0].turn - 2) : 0;
	const rest = turns.length - around - excerptTurns;
	return (
		<>
			{call.summary && <Summary call={call} />}
			<Found call={call} />
			{summary && (
				<section>
					<h2 className={classes.heading}>Summary by the vendor</h2>
					<p>{summary}</p>
				</section>
			)}
			{tools.length > 0 && (
				<p className={classes.tools}>
					<Icon name="tool" size={14} /> {plural(tools.length, "tool call")}
					{tools.some((t) => t.error) && (
						<span className={classes.bad}>, {tools.filter((t) => t.error).length} failed</span>
					)}
				</p>
			)}
			<section>
				<h2 className={classes.heading}>{around > 0 ? "Around the match" : "How it began"}</h2>
				{turns.length === 0 ? (
					<p className="rs-dim">
						{call.withheld?.includes("transcript")
							? "The vendor was told not to store the transcript."
							: "No transcript has come."}
					</p>
				) : (
					<ol className={classes.turns}>
						{turns.slice(around, around + excerptTurns).map((t) => (
							<li key={t.index} className={classes.turn} data-role={t.role}>
								<span className={classes.who}>
									{wordOf(roles, t.role).text}{" "}
									<span className="rs-dim">{t.start_ms == null ? "" : offset(t.start_ms)}</span>
								</span>
								<p>
									<Said text={t.text} match={matches.find((m) => m.turn === t.index)} />
								</p>
							</li>
						))}
					</ol>
				)}
				{rest > 0 && <p className="rs-dim">{plural(rest, "more turn")} on the call's page.</p>}
			</section>
		</>
	);
}

function Summary({ call }: { call: CallDetail }) {
	const { overview, outcome, method } = call.summary;
	return (
		<section>
			<h2 className={classes.heading}>
				Summary
				{outcome && <ResolutionBadge bare outcome={outcome} />}
				<MethodLabel method={method} model={call.judge?.model} />
			</h2>
			<p>{overview}</p>
		</section>
	);
}

const shownFindings = 5;

function Found({ call }: { call: CallDetail }) {
	const found = worstFirst(call.findings ?? []);
	if (found.length === 0) return null;
	const rest = found.length - shownFindings;
	return (
		<section>
			<h2 className={classes.heading}>Findings</h2>
			<ul className={classes.findings}>
				{found.slice(0, shownFindings).map((f, i) => (
					<li key={i}>
						<FindingBadge bare kind={f.kind} severity={f.severity} />
						<p>{f.detail}</p>
					</li>
				))}
			</ul>
			{rest > 0 && <p className="rs-dim">{plural(rest, "more finding")} on the call's page.</p>}
		</section>
	);
}

/** A turn, with its match where the server's cut of the text is all of it or stands in it. */
function Said({ text, match }: { text: string; match: Match | undefined }) {
	if (!match) return text;
	const cut = match.text.replace(/^…|…$/g, "");
	const at = text.indexOf(cut);
	if (at < 0) return text;
	const shift = at - (match.text.startsWith("…") ? 1 : 0);
	return <Highlight text={text} ranges={(match.ranges ?? []).map((r) => r?.map((n) => n + shift) ?? null)} />;
}
