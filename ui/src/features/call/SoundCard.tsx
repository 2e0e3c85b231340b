import { Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { sentence } from "../../api/error";
import { Badge } from "../../components/Badge";
import { Icon, type IconName } from "../../components/Icon";
import { Section } from "../../components/Page";
import { latency, plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { limitsQuery, type Verdict } from "../../lib/sound";
import { providerName } from "../../lib/words";
import { audioQuery } from "./queries";
import classes from "./SoundCard.module.css";
import type { Acoustics, Call } from "./types";
import { againstClaim, explained, type Figure, figuresOf, type Missing } from "./verdicts";

const icons: Record<Verdict, IconName> = { good: "check", watch: "alert", bad: "stop" };
const verdictWords: Record<Verdict, string> = { good: "Good", watch: "Watch", bad: "Bad" };

interface SoundCardProps {
	call: Call;
	audio: Acoustics;
}

/** What the kept recording's sound tells in figures, and what each means. */
export function SoundCard({ call, audio }: SoundCardProps) {
	const report = useQuery(audioQuery(call.id, audio)).data; // the figures stand without it
	const judged = useQuery(limitsQuery(call.agent?.id ?? ""));
	const limits = judged.data ?? [];
	const { figures, missing } = figuresOf(audio, limits, report);
	const low = audio.confidence === "low" || audio.confidence === "medium";
	return (
		<Section
			title="Sound"
			lead="Heard in the recording that Ringside keeps, not what the vendor claims."
			actions={
				low && (
					<Badge tone="watch" icon="alert">
						Estimate: {audio.confidence} confidence
					</Badge>
				)
			}
		>
			<dl className={classes.figures}>
				{figures.map((f) => (
					<OneFigure
						key={f.measure.name}
						figure={f}
						why={explained(f.measure, audio, limits, report)}
						audio={audio}
					/>
				))}
			</dl>
			{judged.isError && (
				<p className={classes.note}>
					No verdicts: what the figures are judged by could not be loaded. {capital(sentence(judged.error))}
				</p>
			)}
			<Claim call={call} heard={audio.response_p50_ms} />
			<Voices call={call} />
			<Unmeasured missing={missing} />
			{(audio.agent_channel == null ? [] : (audio.notes ?? [])).map((n) => (
				<p key={n} className={classes.note}>
					{n}
				</p>
			))}
		</Section>
	);
}

function OneFigure({ figure: f, why, audio }: { figure: Figure; why: string; audio: Acoustics }) {
	const { name, words } = f.measure;
	return (
		<div className={classes.figure}>
			<dt>
				{name}
				{f.measure.basis === "p50_ms" && <span className={classes.n}>n = {audio.responses}</span>}
			</dt>
			<dd className={classes.value}>{f.measure.show(f.value)}</dd>
			<dd className={classes.verdict}>
				{f.verdict && (
					<>
						<Badge bare tone={f.verdict} icon={icons[f.verdict]}>
							{verdictWords[f.verdict]}
						</Badge>
						<span className={classes.words}>{words?.[f.verdict]}</span>
					</>
				)}
				<Tooltip label={why} events={{ hover: true, focus: true, touch: true }}>
					<button type="button" className={classes.why} aria-label={`${name}: ${why}`}>
						<Icon name="info" size={14} />
					</button>
				</Tooltip>
			</dd>
		</div>
	);
}

/** Both medians, where the vendor claims one and one was heard. */
function Claim({ call, heard }: { call: Call; heard: number | null }) {
	const claimed = call.response_ms;
	if (heard == null || claimed == null) return null;
	return (
		<section className={classes.claim} aria-label="Heard against claimed">
			<span className={classes.claimTitle}>Heard against claimed</span>
			<span>
				Median response <b>{latency(heard)}</b> heard, <b>{latency(claimed)}</b> claimed by{" "}
				{providerName(call.provider)}
			</span>
			<span className="rs-dim">{againstClaim(heard, claimed)}</span>
		</section>
	);
}

/** What the estimates of how the customer sounds come to. */
function Voices({ call }: { call: Call }) {
	const e = call.analysis?.expression;
	if (!e) return null;
	const upset = e.upset ?? [];
	return (
		<section className={classes.claim} aria-label="How the customer sounds">
			<span className={classes.claimTitle}>How the customer sounds</span>
			<span>
				{upset.length === 0
					? "No turn sounds upset"
					: `${plural(upset.length, "turn sounds", "turns sound")} upset`}
				, of {e.estimated} that could be held against the caller's first turns
			</span>
			<span className="rs-dim">
				Estimate from sound and words: it is in the transcript, turn by turn, and no finding rests on the
				sound alone.
			</span>
		</section>
	);
}

function Unmeasured({ missing }: { missing: Missing[] }) {
	return missing.map((m) => (
		<p key={m.reason} className={classes.note}>
			<b>Not measured:</b> {new Intl.ListFormat("en").format(m.names.map(lower))}. Why:{" "}
			{m.reason.replace(/\.$/, "")}.
		</p>
	));
}

const lower = (name: string) => (/^P\d/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1));
