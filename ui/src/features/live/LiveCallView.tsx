import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { useMay } from "../../api/may";
import { SimulationBadge, StatusBadge } from "../../components/Badge";
import { ScoreBadge } from "../../components/Judgement";
import { Page, Section } from "../../components/Page";
import { noteRecent } from "../../lib/settings";
import callClasses from "../call/CallView.module.css";
import { Success } from "../call/outcome";
import { Playback, PlaybackProvider } from "../call/playback";
import { QualityCard } from "../call/QualityCard";
import { inProgress, liveCallQuery, notesQuery } from "../call/queries";
import { Strip } from "../call/Strip";
import type { Tab } from "../call/search";
import type { Target } from "../call/Transcript";
import { useCrumb } from "../frame/crumb";
import { AlertsCard } from "./AlertsCard";
import { Controls, listenButton } from "./Controls";
import { useSecond } from "./clock";
import { EventsCard } from "./EventsCard";
import { elapsedMs } from "./fold";
import classes from "./LiveCallView.module.css";
import { LiveLead } from "./LiveLead";
import { LiveNotes } from "./LiveNotes";
import { NowLine } from "./NowLine";
import { agentName } from "./order";
import { ProposalsCard } from "./ProposalsCard";
import { undecided } from "./proposals";
import { ResponsesCard } from "./ResponsesCard";
import { partsOf, withWaits } from "./recorded";
import { Said } from "./Said";
import type { LiveDetail } from "./types";
import { useOne } from "./useOne";
import { statusOf } from "./words";

const ListenBar = lazy(() => import("./ListenBar").then((m) => ({ default: m.ListenBar })));

const tabWords: [Tab, string][] = [
	["overview", "Overview"],
	["transcript", "Media & transcript"],
	["logs", "Debug logs"],
	["raw", "Raw"],
];

interface LiveCallViewProps {
	/** As the address calls it. */
	name: string;
	detail: LiveDetail;
}

/** A call while it goes on. When it ends it stays where it is and shows what was recorded. */
export function LiveCallView({ name, detail }: LiveCallViewProps) {
	const { one, link, heard } = useOne(name, detail);
	const now = useSecond();
	const navigate = useNavigate();
	const { change: mayAct } = useMay();
	const [playback] = useState(() => new Playback(0));
	const [target, setTarget] = useState<Target | null>(null);
	const jump = (turn: number) => setTarget({ turn });
	const [listening, setListening] = useState(false);
	const stopListening = () => {
		setListening(false);
		document.getElementById(listenButton)?.focus();
	};
	const over = one.ended !== null;
	const { data } = useQuery({ ...liveCallQuery(detail.id), enabled: over });
	const recorded = over && data && !inProgress(data.status) ? data : undefined;
	const call = one.call ?? detail;
	const proposals = call.proposals ?? [];
	const elapsed = one.ended
		? (recorded?.duration_ms ?? one.ended.duration * 1000)
		: elapsedMs(call.startedAt, now, one.skew);
	const status = one.ended ? one.ended.status : statusOf(call.status); // empty: the end was missed
	const axis = Math.ceil((elapsed + 1) / 30_000);
	// biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when the axis grows, not each second
	const parts = useMemo(
		() => (recorded ? withWaits(recorded, detail.responses ?? []) : partsOf(one, detail, elapsed)),
		[recorded, one.lines, detail, axis],
	);
	const notes = useQuery(notesQuery(detail.id)).data?.notes ?? [];
	const title = agentName(call);
	useCrumb(detail.shortId || detail.id.slice(0, 13));
	useEffect(() => {
		noteRecent(`/live/${detail.id}`, `${title}, ${detail.shortId}, live`);
	}, [detail.id, detail.shortId, title]);

	return (
		<PlaybackProvider value={playback}>
			<Page
				mode="fill"
				title={title}
				badges={
					recorded ? (
						<>
							<StatusBadge status={recorded.status} />
							{recorded.ended_at && <Success outcome={recorded.outcome} bare={false} />}
							<ScoreBadge quality={recorded.quality} />
							{recorded.is_simulation && <SimulationBadge />}
						</>
					) : (
						<>
							{status && <StatusBadge status={status} />}
							<ScoreBadge
								quality={call.currentScore === null ? null : { score: call.currentScore, method: "local" }}
							/>
							{call.isSimulation && <SimulationBadge />}
						</>
					)
				}
				actions={
					over ? (
						<Button
							variant="filled"
							renderRoot={(props) => (
								<Link to="/calls/$id" params={{ id: detail.id }} search={{ tab: "transcript" }} {...props} />
							)}
						>
							Open the recorded call
						</Button>
					) : (
						<Controls
							id={detail.id}
							agent={detail.agentId ?? ""}
							controls={detail.controls}
							mayAct={mayAct}
							listening={listening}
							onListen={listening ? stopListening : () => setListening(true)}
						/>
					)
				}
				lead={<LiveLead call={call} elapsed={elapsed} />}
			>
				<NowLine call={call} one={one} recorded={recorded} link={link} heard={heard} now={now} />
				<Suspense>{listening && <ListenBar id={detail.id} over={over} onClose={stopListening} />}</Suspense>
				<div className={callClasses.body}>
					<Strip call={parts} notes={notes} playable={false} onTurn={jump} live />
					<div className={classes.split}>
						<Tabs
							className={callClasses.tabs}
							value="transcript"
							onChange={(tab) =>
								void navigate({
									to: "/calls/$id",
									params: { id: detail.id },
									search: { tab: (tab ?? "overview") as Tab },
								})
							}
						>
							<Tabs.List>
								{tabWords.map(([tab, words]) => (
									<Tabs.Tab
										key={tab}
										value={tab}
										disabled={!over && tab !== "transcript"}
										title={over || tab === "transcript" ? undefined : "When the call has ended"}
									>
										{words}
									</Tabs.Tab>
								))}
							</Tabs.List>
							<Tabs.Panel className={callClasses.panel} value="transcript">
								<Said id={detail.id} parts={parts} one={one} target={target} />
							</Tabs.Panel>
						</Tabs>
						<aside
							className={classes.aside}
							aria-label="How it goes"
							data-first={!over && proposals.some(undecided) ? true : undefined}
						>
							<div className={classes.proposals} aria-live="polite">
								{proposals.length > 0 && (
									<ProposalsCard proposals={proposals} skew={one.skew} over={over} mayAct={mayAct} />
								)}
							</div>
							<AlertsCard alerts={call.alerts ?? []} resolved={one.resolved} mayAct={mayAct} onTurn={jump} />
							<Score quality={recorded ? recorded.quality : detail.quality} over={over} />
							<ResponsesCard responses={detail.responses ?? []} median={call.responseMs} onTurn={jump} />
							<LiveNotes id={detail.id} notes={notes} elapsedMs={over ? null : elapsed} mayAct={mayAct} />
							<EventsCard spans={detail.spans ?? []} />
						</aside>
					</div>
				</div>
			</Page>
		</PlaybackProvider>
	);
}

function Score({ quality, over }: { quality: LiveDetail["quality"] | null | undefined; over: boolean }) {
	if (quality && (over || quality.score !== null)) {
		// While the call goes on, what can't be measured yet only takes room.
		const parts = (quality.parts ?? []).filter((p) => over || p.score !== null);
		return <QualityCard quality={{ ...quality, parts }} />;
	}
	if (over) return null;
	return (
		<Section title="Score">
			<p className="rs-dim">Not yet. It begins with the first turns.</p>
		</Section>
	);
}
