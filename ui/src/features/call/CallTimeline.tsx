import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { sentence } from "../../api/error";
import { Icon } from "../../components/Icon";
import { audioQuery } from "./queries";
import type { Source } from "./recordings";
import { Strip } from "./Strip";
import classes from "./Strip.module.css";
import type { Call, Note } from "./types";

// It and the report that it draws come behind the strip, which has its size.
const Waveform = lazy(() => import("./Waveform").then((m) => ({ default: m.Waveform })));

interface TimelineProps {
	call: Call;
	notes: Note[];
	source: Source | undefined;
	onTurn: (turn: number) => void;
}

/** The waveform of a recording that was heard; else the lanes as the transcript's times draw them. */
export function CallTimeline({ call, notes, source, onTurn }: TimelineProps) {
	const audio = call.kept ? (call.analysis?.audio ?? undefined) : undefined;
	const heard = useQuery(audioQuery(call.id, audio));
	const playable = source !== undefined;
	const strip = (
		<Strip
			call={call}
			notes={notes}
			playable={playable}
			onTurn={onTurn}
			tall={audio !== undefined}
			waits={(audio?.responses ?? 0) > 0}
		/>
	);
	if (audio === undefined || heard.isPending) return strip;
	if (heard.error) {
		return (
			<>
				<Strip call={call} notes={notes} playable={playable} onTurn={onTurn} />
				<p className={classes.none} role="alert">
					<Icon name="alert" size={14} />
					<span>The waveform could not be loaded: {sentence(heard.error)}</span>
					<Button size="compact-xs" onClick={() => void heard.refetch()}>
						Try again
					</Button>
				</p>
			</>
		);
	}
	return (
		<Suspense fallback={strip}>
			<Waveform
				call={call}
				report={heard.data}
				notes={notes}
				playable={playable}
				heardPlays={source?.kept ?? false}
				onTurn={onTurn}
			/>
		</Suspense>
	);
}
