import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { Icon } from "../../components/Icon";
import { StepBadge } from "../../components/Judgement";
import { bytes, share } from "../../lib/format";
import { toast } from "../../lib/toast";
import { expiredWords } from "./expired";
import classes from "./KeptNote.module.css";
import { inProgress } from "./queries";
import type { Call, Step } from "./types";
import { mostBytes, putFile } from "./upload";

/** How often it is asked whether a recording that was given has been heard. */
const hearingMs = 1500;
const over: Step["status"][] = ["done", "skipped", "failed", "lost"];

/** The server's words as a sentence. */
const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

const stepOf = (call: Call) => call.pipeline?.find((s) => s.step === "recording");

interface KeptNoteProps {
	call: Call;
	/** Why nothing can be played, where that is so. */
	why: string | undefined;
}

/** Why Ringside keeps no recording of the call, or could not hear it, and a way to give it one. */
export function KeptNote({ call, why }: KeptNoteProps) {
	const may = useMay();
	/** When the step had last been done as a file was given: until it is done again it is being heard. */
	const [since, setSince] = useState<string | null>(null);
	const step = stepOf(call);
	const hearing = since !== null && ((step?.at ?? "") === since || !over.includes(step?.status ?? "waiting"));
	const client = useQueryClient();
	useEffect(() => {
		if (!hearing) return;
		// The page may know the call by another of its ids.
		const again = () => void client.invalidateQueries({ queryKey: ["calls", "one"] });
		const timer = window.setInterval(again, hearingMs);
		return () => window.clearInterval(timer);
	}, [hearing, client]);
	const ongoing = inProgress(call.status);
	if (!why && (ongoing || (call.kept && call.analysis?.audio))) return null;
	if (hearing) {
		return (
			<p className={classes.note} role="status">
				<Icon name="wave" />
				<span>The recording is kept and is being listened to. Its waveform comes in a moment.</span>
			</p>
		);
	}
	return (
		<div className={classes.note}>
			<Icon name="info" />
			<span className={classes.words}>
				<span>
					{expiredWords(call, "recording") ??
						why ??
						(call.kept
							? "Ringside keeps this recording and shows no waveform of it."
							: "Ringside keeps no copy of this recording.")}
				</span>
				{!ongoing && step && (step.reason || step.status !== "done") && (
					<span className={classes.step}>
						<StepBadge status={step.status} />
						{step.reason && <span>{step.reason}</span>}
					</span>
				)}
			</span>
			{may.change && !ongoing && (
				<Give
					id={call.id}
					label={call.kept ? "Give another" : "Give a recording"}
					onGiven={() => setSince(step?.at ?? "")}
				/>
			)}
		</div>
	);
}

const takes = ".wav,.mp3,.ogg,.opus,.flac,audio/wav,audio/mpeg,audio/ogg,audio/flac";

function Give({ id, label, onGiven }: { id: string; label: string; onGiven: () => void }) {
	const input = useRef<HTMLInputElement>(null);
	const stop = useRef<AbortController>(null);
	const [sent, setSent] = useState(0);
	const client = useQueryClient();
	/** The file goes on its way while somebody looks at another tab or call; then it is told how it ended. */
	const gone = useRef(false);
	useEffect(() => {
		gone.current = false;
		return () => {
			gone.current = true;
		};
	}, []);
	const give = useMutation({
		mutationFn: async (file: File) => {
			if (file.size > mostBytes)
				throw new Error(`${file.name} has ${bytes(file.size)}; Ringside takes up to ${bytes(mostBytes)}.`);
			setSent(0);
			stop.current = new AbortController();
			await putFile(`/v1/calls/${encodeURIComponent(id)}/recording`, file, setSent, stop.current.signal);
		},
		onSuccess: () => {
			onGiven();
			if (gone.current)
				toast({ title: "The recording was taken", detail: "It is being listened to.", tone: "good" });
			return client.invalidateQueries({ queryKey: ["calls", "one"] });
		},
		onError: (e) => {
			if (gone.current && !(e instanceof DOMException))
				toast({ title: "The recording was not taken", detail: ended(sentence(e)), tone: "bad" });
		},
	});
	const cancelled = give.error instanceof DOMException;
	return (
		<>
			<input
				ref={input}
				type="file"
				hidden
				accept={takes}
				aria-label="Recording to give"
				onChange={(e) => {
					const file = e.currentTarget.files?.[0];
					e.currentTarget.value = ""; // the same file may be chosen again
					if (file) give.mutate(file);
				}}
			/>
			{give.isPending ? (
				<span className={classes.sending} role="status">
					<progress max={1} value={sent} aria-label="Sent of the recording" />
					<span className={classes.share}>{share(sent, 0)}</span>
					<Button size="compact-sm" onClick={() => stop.current?.abort()}>
						Cancel
					</Button>
				</span>
			) : (
				<Button
					size="compact-sm"
					title="WAV, MP3, Ogg Opus or FLAC, up to 512 MiB"
					onClick={() => input.current?.click()}
				>
					{label}
				</Button>
			)}
			{give.error && !cancelled && (
				<p className={classes.refused} role="alert">
					<Icon name="alert" size={14} />
					<span>The recording was not taken: {ended(sentence(give.error))}</span>
				</p>
			)}
		</>
	);
}
