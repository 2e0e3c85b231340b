import { Button } from "@mantine/core";
import { useEffect, useId, useState, useSyncExternalStore } from "react";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { KeyHint } from "../../components/KeyHint";
import { useKeys } from "../../lib/keys";
import classes from "./ListenBar.module.css";
import { type Hearing, Listener } from "./listener";

interface ListenProps {
	id: string;
	/** Whether the call has ended. */
	over: boolean;
	onClose: () => void;
}

/** The sound of the call: it plays from when the bar is there until it goes. */
export function ListenBar({ id, over, onClose }: ListenProps) {
	const [listener] = useState(() => new Listener(`/v1/live-calls/${encodeURIComponent(id)}/listen`));
	const phase = useHearing(listener, (h) => h.phase);
	useEffect(() => {
		listener.start();
		return listener.close;
	}, [listener]);
	useEffect(() => {
		if (over) listener.end("The call has ended.");
	}, [over, listener]);
	useKeys([{ keys: "Escape", label: "Stop listening", group: "Live call", run: onClose }]);
	const on = phase === "connecting" || phase === "listening";
	return (
		<section className={classes.bar} aria-label="Listening">
			<State listener={listener} />
			{phase === "listening" && <Meter listener={listener} />}
			{on && <Volume listener={listener} />}
			{on && (
				<span className={classes.note}>
					Nobody in the call hears you. The audit log says that you listened.
				</span>
			)}
			<span className={classes.acts}>
				{phase === "failed" && (
					<Button size="compact-sm" leftSection={<Icon name="refresh" size={14} />} onClick={listener.start}>
						Try again
					</Button>
				)}
				<Button
					size="compact-sm"
					variant="subtle"
					color="gray"
					rightSection={<KeyHint keys="Escape" />}
					onClick={onClose}
				>
					{on ? "Stop listening" : "Close"}
				</Button>
			</span>
		</section>
	);
}

function useHearing<T>(listener: Listener, of: (h: Hearing) => T): T {
	return useSyncExternalStore(listener.subscribe, () => of(listener.read()));
}

function State({ listener }: { listener: Listener }) {
	const phase = useHearing(listener, (h) => h.phase);
	const reason = useHearing(listener, (h) => h.reason);
	const held = useHearing(listener, (h) => h.held);
	const silent = useHearing(listener, (h) => h.silent);
	return (
		<>
			<span className={classes.state} role="status">
				{phase === "connecting" && <Badge icon="clock">Connecting to the sound</Badge>}
				{phase === "listening" && (
					<Badge tone="live" icon="wave">
						Listening
					</Badge>
				)}
				{phase === "listening" && held && "The browser holds the sound back."}
				{phase === "listening" && !held && silent && "No sound arrives."}
				{phase === "ended" && <Badge icon="check">Not listening any more</Badge>}
				{phase === "failed" && (
					<Badge tone="bad" icon="alert">
						Not listening
					</Badge>
				)}
				{reason}
			</span>
			{phase === "listening" && held && (
				<Button size="compact-sm" leftSection={<Icon name="play" size={14} />} onClick={listener.resume}>
					Play
				</Button>
			)}
		</>
	);
}

const meterWidth = 96;

/** How loud the call is, whatever the volume. */
function Meter({ listener }: { listener: Listener }) {
	const level = useHearing(listener, (h) => Math.round(h.level * 100));
	return (
		<svg
			className={classes.meter}
			viewBox={`0 0 ${meterWidth} 8`}
			role="meter"
			aria-label="Level of the call"
			aria-valuemin={0}
			aria-valuemax={100}
			aria-valuenow={level}
		>
			<rect data-well width={meterWidth} height={8} rx={2} />
			<rect width={(level / 100) * meterWidth} height={8} rx={2} />
		</svg>
	);
}

function Volume({ listener }: { listener: Listener }) {
	const [volume, setVolume] = useState(80);
	const [muted, setMuted] = useState(false);
	const field = useId();
	useEffect(() => listener.setVolume(muted ? 0 : volume / 100), [listener, muted, volume]);
	return (
		<span className={classes.volume}>
			<label htmlFor={field}>Volume</label>
			<input
				id={field}
				type="range"
				min={0}
				max={100}
				step={5}
				value={volume}
				disabled={muted}
				onChange={(e) => setVolume(e.currentTarget.valueAsNumber)}
			/>
			<Button
				size="compact-sm"
				variant={muted ? "filled" : undefined}
				aria-pressed={muted}
				onClick={() => setMuted(!muted)}
			>
				Mute
			</Button>
		</span>
	);
}
