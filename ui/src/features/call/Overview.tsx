import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Badge, DirectionBadge, ProviderBadge, Raw, StatusBadge } from "../../components/Badge";
import { CopyButton, CopyID } from "../../components/Copy";
import { JsonView } from "../../components/JsonView";
import { Fact, Facts, Section } from "../../components/Page";
import { SkeletonText } from "../../components/States";
import { Duration, LatencyValue, PhoneNumber, When } from "../../components/Values";
import { latency, offset, plural, share } from "../../lib/format";
import { enders, humanise, providerName, reasonWords, recordingKinds, wordOf } from "../../lib/words";
import { AnalysisBlock } from "./AnalysisBlock";
import { CostSection } from "./CostSection";
import { expiredWords } from "./expired";
import { LatencySection } from "./LatencySection";
import classes from "./Overview.module.css";
import { Success } from "./outcome";
import type { Call, Measured, Recording } from "./types";
import { VendorAnalysis } from "./VendorAnalysis";

const SoundCard = lazy(() => import("./SoundCard").then((m) => ({ default: m.SoundCard })));

/** Everything that is known about a call, but for what was said. */
export function Overview({ call }: { call: Call }) {
	const provider = call.analysis?.provider;
	const measured = call.analysis?.measured;
	const audio = call.analysis?.audio;
	return (
		<div className={classes.columns}>
			<Honesty call={call} />
			<AnalysisBlock call={call} />
			{audio && (
				<div className={classes.full}>
					<Suspense
						fallback={
							<Section title="Sound">
								<SkeletonText lines={8} />
							</Section>
						}
					>
						<SoundCard call={call} audio={audio} />
					</Suspense>
				</div>
			)}
			<div className={classes.column}>
				<Ended call={call} />
				{provider && <VendorAnalysis analysis={provider} vendor={providerName(call.provider)} />}
				{measured && <MeasuredSection measured={measured} />}
				<Bag title="Metadata" values={call.metadata} none="The vendor and the sender attached none." />
				<Bag title="Variables" values={call.variables} none="The agent was given none." />
			</div>
			<div className={classes.column}>
				<Identity call={call} />
				<Times call={call} />
				{call.cost && <CostSection cost={call.cost} />}
				<RanOn call={call} />
				<Recordings call={call} />
			</div>
			<div className={classes.full}>
				<LatencySection stats={call.latency ?? []} vendor={providerName(call.provider)} />
			</div>
		</div>
	);
}

const withheldWords: Record<string, string> = {
	transcript: "the transcript",
	recording: "the recording",
	personal_data: "personal data",
};

/** What is missing and what had to be guessed, before anything that rests on it. */
function Honesty({ call }: { call: Call }) {
	const withheld = call.withheld ?? [];
	const warnings = call.warnings ?? [];
	const gone = [expiredWords(call, "transcript"), expiredWords(call, "recording")].filter(Boolean);
	if (withheld.length === 0 && warnings.length === 0 && gone.length === 0) return null;
	const things = withheld.map((w) => withheldWords[w] ?? humanise(w).toLowerCase());
	return (
		<div className={classes.notes}>
			{things.length > 0 && (
				<p data-tone="info">
					<Badge tone="info" icon="lock">
						Withheld
					</Badge>
					{providerName(call.provider)} was told not to store or send{" "}
					{new Intl.ListFormat("en").format(things)}.
				</p>
			)}
			{gone.length > 0 && (
				<p data-tone="info">
					<Badge tone="info" icon="clock">
						Removed
					</Badge>
					{gone.join(" ")} Figures and scores stay.
				</p>
			)}
			{warnings.map((w, i) => (
				<p key={i} data-tone="watch">
					<Badge tone="watch" icon="alert">
						Note
					</Badge>
					{w}
				</p>
			))}
		</div>
	);
}

function Ended({ call }: { call: Call }) {
	const o = call.outcome;
	return (
		<Section title="How it ended">
			{o.explanation && <p className={classes.explained}>{o.explanation}</p>}
			<Facts>
				<Fact name="Outcome">
					<Success outcome={o} />
				</Fact>
				<Fact name="Status">
					<StatusBadge status={call.status} bare />
				</Fact>
				{call.ended_reason && (
					<Fact name="Vendor's reason">
						<Raw value={call.ended_reason}>{reasonWords(call.ended_reason)}</Raw>
					</Fact>
				)}
				{call.ended_at && (
					<Fact name="Ended by">
						<Raw value={o.ended_by}>{wordOf(enders, o.ended_by).text}</Raw>
					</Fact>
				)}
				{o.component && (
					<Fact name="What failed">
						<Raw value={o.component}>{humanise(o.component)}</Raw>
					</Fact>
				)}
				<Fact name="Last event">
					{call.last_event ? (
						<Raw value={call.last_event}>{humanise(call.last_event)}</Raw>
					) : (
						<span className="rs-dim">—</span>
					)}
				</Fact>
			</Facts>
		</Section>
	);
}

function Identity({ call }: { call: Call }) {
	return (
		<Section title="Session">
			<Facts>
				<Fact name="Session id">
					<CopyID value={call.id} label="Copy the session id" />
				</Fact>
				{call.provider_call_id && (
					<Fact name={`Id at ${providerName(call.provider)}`}>
						<CopyID value={call.provider_call_id} label="Copy the provider's call id" />
					</Fact>
				)}
				<Fact name="Provider">
					<ProviderBadge provider={call.provider} />
				</Fact>
				<Fact name="Agent">
					<AgentLink call={call} />
				</Fact>
				{call.agent?.source_id && (
					<Fact name="Agent's id there">
						<CopyID value={call.agent.source_id} label="Copy the agent's id at the provider" />
					</Fact>
				)}
				{call.agent_version && <Fact name="Agent version">{call.agent_version}</Fact>}
				<Fact name="Direction">
					<DirectionBadge direction={call.direction} />
				</Fact>
				<NumberFact name="From" value={call.from} />
				<NumberFact name="To" value={call.to} />
				{(call.customer_name || call.customer_key) && (
					<Fact name="Customer">
						{call.customer_name || <PhoneNumber number={call.customer_key} />}
						{call.customer_name && call.customer_key && (
							<span className="rs-dim"> ({call.customer_key})</span>
						)}
					</Fact>
				)}
				{call.campaign && (
					<Fact name="Campaign">
						<CopyID value={call.campaign} label="Copy the campaign" />
					</Fact>
				)}
				{call.scenario && <Fact name="Scenario">{call.scenario}</Fact>}
			</Facts>
		</Section>
	);
}

function AgentLink({ call }: { call: Call }) {
	if (!call.agent) return <span className="rs-dim">No delivery names an agent</span>;
	const name = call.agent.name || call.agent.source_id || "Without a name";
	if (!call.agent.id) return name;
	return (
		<Link to="/agents/$id" params={{ id: call.agent.id }}>
			{name}
		</Link>
	);
}

function NumberFact({ name, value }: { name: string; value: string }) {
	if (!value) return null;
	return (
		<Fact name={name}>
			<PhoneNumber number={value} />{" "}
			<CopyButton value={value} label={`Copy the number: ${name.toLowerCase()}`} />
		</Fact>
	);
}

function Times({ call }: { call: Call }) {
	const rows: [string, string | null | undefined][] = [
		["Made", call.created_at],
		["Ringing", call.ringing_at],
		["Started", call.started_at],
		["Answered", call.answered_at],
		["Ended", call.ended_at],
		["First received here", call.received_at],
	];
	return (
		<Section title="Times">
			<Facts>
				{rows
					.filter(([name, at]) => at || name === "Answered" || name === "Ended")
					.map(([name, at]) => (
						<Fact key={name} name={name}>
							{at ? (
								<>
									<When at={at} form="exact" />
									<span className="rs-dim">
										{" · "}
										<When at={at} />
									</span>
								</>
							) : (
								<span className="rs-dim">Not known</span>
							)}
						</Fact>
					))}
				<Fact name="Duration">
					<Duration ms={call.duration_ms} />
				</Fact>
				<Fact name="Turns">{plural((call.turns ?? []).length, "turn")}</Fact>
				<Fact name="Tool calls">{plural((call.tool_calls ?? []).length, "call")}</Fact>
			</Facts>
		</Section>
	);
}

function MeasuredSection({ measured: m }: { measured: Measured }) {
	return (
		<Section
			title="From the transcript"
			lead="Worked out by Ringside from the vendor's turn times, not from the audio: an estimate."
		>
			<Facts>
				<Fact name="Response, median">
					{m.response_p50_ms == null ? <span className="rs-dim">—</span> : latency(m.response_p50_ms)}
					<span className="rs-dim"> n = {m.responses}</span>
				</Fact>
				{m.response_p95_ms != null && <Fact name="Response, p95">{latency(m.response_p95_ms)}</Fact>}
				{m.talk_ratio != null && <Fact name="Agent's share of talk">{share(m.talk_ratio, 0)}</Fact>}
				<Fact name="Words">
					agent {m.agent_words}, caller {m.customer_words}
				</Fact>
				{m.first_agent_ms != null && <Fact name="Agent's first word">after {latency(m.first_agent_ms)}</Fact>}
				{m.longest_gap_ms != null && (
					<Fact name="Longest gap">
						{latency(m.longest_gap_ms)}
						{m.longest_gap_at_ms != null && <span className="rs-dim"> at {offset(m.longest_gap_at_ms)}</span>}
					</Fact>
				)}
			</Facts>
		</Section>
	);
}

function RanOn({ call }: { call: Call }) {
	const m = call.model ?? {};
	if (!m.language_model && !m.voice && !m.transcriber && !m.prompt_hash && call.response_ms == null)
		return null;
	return (
		<Section title="What it ran on">
			<Facts>
				{m.language_model && <Fact name="Language model">{m.language_model}</Fact>}
				{m.voice && <Fact name="Voice">{m.voice}</Fact>}
				{m.transcriber && <Fact name="Transcriber">{m.transcriber}</Fact>}
				{m.prompt_hash && (
					<Fact name="Prompt">
						<CopyID value={m.prompt_hash} label="Copy the prompt's fingerprint" />
						<div className="rs-dim">Fingerprint: the same prompt has the same one.</div>
					</Fact>
				)}
				{call.response_ms != null && (
					<Fact name="Response">
						<LatencyValue ms={call.response_ms} />
						<span className="rs-dim"> median, claimed by {providerName(call.provider)}</span>
					</Fact>
				)}
			</Facts>
		</Section>
	);
}

function Recordings({ call }: { call: Call }) {
	const list = call.recordings ?? [];
	if (list.length === 0) return null;
	return (
		<Section title="Recordings">
			<ul className={classes.recordings}>
				{list.map((r) => (
					<OneRecording key={r.kind} recording={r} />
				))}
			</ul>
		</Section>
	);
}

function OneRecording({ recording: r }: { recording: Recording }) {
	const over = r.expires_at && new Date(r.expires_at) <= new Date();
	return (
		<li>
			<span>{wordOf(recordingKinds, r.kind).text}</span>
			{r.url && !over && /^https?:\/\//.test(r.url) && (
				<a href={r.url} target="_blank" rel="noreferrer noopener">
					Open at the vendor
				</a>
			)}
			{r.expires_at && (
				<span className="rs-dim">
					{over ? "link expired " : "link expires "}
					<When at={r.expires_at} />
				</span>
			)}
			{r.via && (!r.url || over) && (
				<span className={classes.via}>
					<code>{r.via}</code>
					<CopyButton value={r.via} label="Copy the vendor's API path" />
				</span>
			)}
		</li>
	);
}

function Bag({
	title,
	values,
	none,
}: {
	title: string;
	values: Record<string, unknown> | null | undefined;
	none: string;
}) {
	const empty = !values || Object.keys(values).length === 0;
	return (
		<Section title={title}>
			{empty ? <p className="rs-dim">{none}</p> : <JsonView value={values} label={title} open={2} />}
		</Section>
	);
}
