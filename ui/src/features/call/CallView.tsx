import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "../../api/session";
import { SimulationBadge, StatusBadge } from "../../components/Badge";
import { ScoreBadge } from "../../components/Judgement";
import { Page } from "../../components/Page";
import { SkeletonRows } from "../../components/States";
import { useNow } from "../../components/Values";
import { noteRecent, useSettings } from "../../lib/settings";
import type { Filters } from "../calls/search";
import { useCrumb } from "../frame/crumb";
import { Actions } from "./Actions";
import { CallTimeline } from "./CallTimeline";
import classes from "./CallView.module.css";
import { Lead } from "./Lead";
import { lanesOf } from "./lanes";
import { Notes } from "./Notes";
import { Overview } from "./Overview";
import { Success } from "./outcome";
import { Playback, PlaybackProvider } from "./playback";
import { notesQuery } from "./queries";
import { type Source, sourcesOf } from "./recordings";
import { type CallSearch, type Tab, tabOf } from "./search";
import type { Target } from "./Transcript";
import type { Call } from "./types";

const loadMedia = () => import("./MediaTab").then((m) => ({ default: m.MediaTab }));
const MediaTab = lazy(loadMedia);
const LogTab = lazy(() => import("./LogTab").then((m) => ({ default: m.LogTab })));
const RawTab = lazy(() => import("./RawTab").then((m) => ({ default: m.RawTab })));

interface CallViewProps {
	call: Call;
	search: CallSearch;
	filters: Filters;
}

const tabWords: Record<Tab, string> = {
	overview: "Overview",
	transcript: "Media & transcript",
	logs: "Debug logs",
	raw: "Raw",
};

/** Where the link points to: a moment, or the start of a turn. A recording tells its own end. */
function startOf(call: Call, search: CallSearch, playable: boolean): number {
	if (search.t === undefined) return (call.turns ?? []).find((t) => t.index === search.turn)?.start_ms ?? 0;
	return playable ? search.t * 1000 : Math.min(search.t * 1000, lanesOf(call).length);
}

const nameOf = (call: Call): string => call.agent?.name || call.agent?.source_id || "Call without an agent";

/** The whole page of one call. Its key is the call's id: the cursor starts anew with each. */
export function CallView({ call, search, filters }: CallViewProps) {
	const navigate = useNavigate({ from: "/calls/$id" });
	const canWrite = useSession().user?.role !== "viewer";
	const { speed, skipSilence } = useSettings();
	const media = useMedia(call);
	const playable = media.source !== undefined;
	const [playback] = useState(
		() => new Playback(startOf(call, search, playable), { speed, skip: skipSilence }),
	);
	const [target, setTarget] = useState<Target | null>(null);
	const notes = useQuery(notesQuery(call.id)).data?.notes ?? [];
	const tab = tabOf(search);
	const name = nameOf(call);
	useCrumb(call.short_id || call.id.slice(0, 13));
	useEffect(() => {
		noteRecent(`/calls/${call.id}`, `${name}, ${call.short_id}`);
	}, [call.id, call.short_id, name]);

	// Most go there next.
	useEffect(() => {
		loadMedia().catch(() => {}); // whoever opens the tab is told
	}, []);

	// Also when a quote or a finding on this page leads to its turn.
	// biome-ignore lint/correctness/useExhaustiveDependencies: moves only when a turn is asked for
	useEffect(() => {
		if (search.turn === undefined) return;
		setTarget({ turn: search.turn });
		const at = startOf(call, search, playable);
		if (at > 0) playback.seek(at);
	}, [search.turn]);

	const change = (part: Partial<CallSearch>, replace = true) =>
		void navigate({ search: (now) => ({ ...now, ...part }), replace });
	const open = (next: string | null) =>
		change({ tab: (next ?? "overview") as Tab, t: undefined, turn: undefined, find: undefined }, false);

	return (
		<PlaybackProvider value={playback}>
			<Page
				mode="fill"
				title={name}
				badges={
					<>
						<StatusBadge status={call.status} />
						{call.ended_at && <Success outcome={call.outcome} bare={false} />}
						<ScoreBadge quality={call.quality} />
						{call.is_simulation && <SimulationBadge />}
					</>
				}
				actions={
					<Actions call={call} search={search} filters={filters} canWrite={canWrite} sound={playable} />
				}
				lead={<Lead call={call} />}
			>
				{media.source && <Audio key={media.source.url} url={media.source.url} playback={playback} />}
				<div className={classes.body}>
					<CallTimeline
						call={call}
						notes={notes}
						source={media.source}
						onTurn={(turn) => setTarget({ turn })}
					/>
					<div className={classes.split}>
						<Tabs className={classes.tabs} value={tab} onChange={open}>
							<Tabs.List>
								{(Object.keys(tabWords) as Tab[]).map((t) => (
									<Tabs.Tab key={t} value={t}>
										{tabWords[t]}
									</Tabs.Tab>
								))}
							</Tabs.List>
							<Tabs.Panel className={classes.panel} value={tab} data-tab={tab}>
								{tab === "overview" && <Overview call={call} />}
								{/* A boundary for each tab: one that waits must not keep the tab before it alive. */}
								<Suspense key={tab} fallback={<SkeletonRows rows={10} />}>
									{tab === "transcript" && (
										<MediaTab
											call={call}
											media={media}
											target={target}
											find={search.find ?? ""}
											onFind={(find) => change({ tab: "transcript", find: find || undefined })}
										/>
									)}
									{tab === "logs" && (
										<LogTab call={call} kinds={search.kinds} onKinds={(kinds) => change({ kinds })} />
									)}
									{tab === "raw" && <RawTab call={call} />}
								</Suspense>
							</Tabs.Panel>
						</Tabs>
						<aside className={classes.aside} aria-label="Notes on this call">
							<Notes id={call.id} canWrite={canWrite} />
						</aside>
					</div>
				</div>
			</Page>
		</PlaybackProvider>
	);
}

export interface Media {
	sources: Source[];
	source: Source | undefined;
	choose: (s: Source) => void;
	now: Date;
}

/** What can be played, and what the person chose of it. A link that dies stays while it is open. */
function useMedia(call: Call): Media {
	const now = useNow();
	const [opened] = useState(now);
	const [chosen, setChosen] = useState("");
	const sources = useMemo(() => sourcesOf(call, opened), [call, opened]);
	return {
		sources,
		source: sources.find((s) => s.url === chosen) ?? sources[0],
		choose: (s) => setChosen(s.url),
		now: opened,
	};
}

function Audio({ url, playback }: { url: string; playback: Playback }) {
	const element = useRef<HTMLAudioElement>(null);
	useEffect(() => (element.current ? playback.attach(element.current) : undefined), [playback]);
	// biome-ignore lint/a11y/useMediaCaption: the transcript stands beside it
	return <audio ref={element} src={url} preload="metadata" className={classes.audio} />;
}
