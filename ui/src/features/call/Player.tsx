import { ActionIcon, Button, Menu, SegmentedControl } from "@mantine/core";
import { CopyButton } from "../../components/Copy";
import { Icon } from "../../components/Icon";
import { duration, offset } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { changeSettings } from "../../lib/settings";
import classes from "./Player.module.css";
import { speeds, useCursor, usePlayback } from "./playback";
import type { Download, Source } from "./recordings";

interface PlayerProps {
	sources: Source[];
	source: Source;
	onSource: (s: Source) => void;
	/** A link to this call at a moment, in seconds. */
	linkAt: (seconds: number) => string;
}

const step = 5000;
const leap = 10_000;

/** The controls of the recording; the audio element itself belongs to the page. */
export function Player({ sources, source, onSource, linkAt }: PlayerProps) {
	const playback = usePlayback();
	const failed = useCursor((s) => s.failed);
	useKeys(
		[
			{ keys: " ", label: "Play or pause", group: "Player", run: playback.toggle },
			{ keys: "k", label: "Play or pause", group: "Player", run: playback.toggle },
			{ keys: "j", label: "Back 10 s", group: "Player", run: () => playback.step(-leap) },
			{ keys: "l", label: "Forward 10 s", group: "Player", run: () => playback.step(leap) },
			{ keys: "ArrowLeft", label: "Back 5 s", group: "Player", run: () => playback.step(-step) },
			{ keys: "ArrowRight", label: "Forward 5 s", group: "Player", run: () => playback.step(step) },
		],
		!failed,
	);
	if (failed) {
		return (
			<Silent text={failure(source)}>
				<Button size="compact-sm" leftSection={<Icon name="refresh" size={14} />} onClick={playback.retry}>
					Try again
				</Button>
				{!source.kept && (
					<a href={source.url} target="_blank" rel="noreferrer noopener">
						Open it at {source.host}
					</a>
				)}
				<SaveMenu downloads={source.downloads} />
			</Silent>
		);
	}
	return (
		<div className={classes.player} role="toolbar" aria-label="Player">
			<PlayButton />
			<ActionIcon aria-label="Back 10 s (J)" title="Back 10 s (J)" onClick={() => playback.step(-leap)}>
				<Icon name="left" />
			</ActionIcon>
			<ActionIcon aria-label="Forward 10 s (L)" title="Forward 10 s (L)" onClick={() => playback.step(leap)}>
				<Icon name="right" />
			</ActionIcon>
			<Clock />
			<Speed />
			<SkipSilence />
			<div className={classes.end}>
				<SourceMenu sources={sources} source={source} onSource={onSource} />
				<LinkHere linkAt={linkAt} />
				<SaveMenu downloads={source.downloads} />
			</div>
		</div>
	);
}

function failure(s: Source): string {
	if (s.kept)
		return "The recording that Ringside keeps could not be played: the server did not send it, the browser does not know its format, or the file is damaged.";
	return `The recording could not be played from ${s.host}: its link may have expired, or it asks for a sign-in.`;
}

function Silent({ text, children }: { text: string; children?: React.ReactNode }) {
	return (
		<div className={classes.silent} role="alert">
			<Icon name="info" />
			<span>{text}</span>
			{children}
		</div>
	);
}

function PlayButton() {
	const playback = usePlayback();
	const playing = useCursor((s) => s.playing);
	return (
		<ActionIcon
			variant="filled"
			color="accent"
			aria-label={playing ? "Pause" : "Play"}
			onClick={playback.toggle}
		>
			<Icon name={playing ? "pause" : "play"} />
		</ActionIcon>
	);
}

function Clock() {
	const tenths = useCursor((s) => Math.floor(s.ms / 100));
	const length = useCursor((s) => s.length);
	return (
		<span className={classes.clock}>
			{offset(tenths * 100)} <span className="rs-dim">/ {length === null ? "…" : duration(length)}</span>
		</span>
	);
}

function Speed() {
	const playback = usePlayback();
	const speed = useCursor((s) => s.speed);
	return (
		<SegmentedControl
			aria-label="Speed"
			classNames={{ label: classes.speed }}
			value={String(speed)}
			data={speeds.map((s) => ({ value: String(s), label: `${s}×` }))}
			onChange={(v) => {
				playback.setSpeed(Number(v));
				changeSettings({ speed: Number(v) });
			}}
		/>
	);
}

function SkipSilence() {
	const playback = usePlayback();
	const on = useCursor((s) => s.skip);
	const silent = useCursor((s) => s.silent);
	if (!silent) return null;
	return (
		<Button
			size="compact-sm"
			variant={on ? "light" : "subtle"}
			color={on ? undefined : "gray"}
			aria-pressed={on}
			title="Jumps over silences of 2 s or longer"
			leftSection={on ? <Icon name="check" size={14} /> : undefined}
			onClick={() => {
				playback.setSkip(!on);
				changeSettings({ skipSilence: !on });
			}}
		>
			Skip silence
		</Button>
	);
}

function SourceMenu({ sources, source, onSource }: Pick<PlayerProps, "sources" | "source" | "onSource">) {
	const where = source.kept ? source.name : `${source.name}, from ${source.host}`;
	if (sources.length < 2)
		return (
			<span className={classes.source} title={where}>
				{where}
			</span>
		);
	return (
		<Menu position="bottom-end">
			<Menu.Target>
				<Button variant="subtle" color="gray" rightSection={<Icon name="down" size={12} />} title={where}>
					{source.name}
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				{sources.map((s) => (
					<Menu.Item
						key={s.url}
						leftSection={<Icon name={s.url === source.url ? "check" : "wave"} size={14} />}
						onClick={() => onSource(s)}
					>
						{s.name}
					</Menu.Item>
				))}
			</Menu.Dropdown>
		</Menu>
	);
}

function LinkHere({ linkAt }: Pick<PlayerProps, "linkAt">) {
	// Never a moment earlier: a turn that begins here would not have begun.
	const hundredths = useCursor((s) => Math.ceil(s.ms / 10));
	return <CopyButton value={linkAt(hundredths / 100)} label={`Copy a link to ${offset(hundredths * 10)}`} />;
}

/** A link where there is one form to save, a menu where there are more. */
function SaveMenu({ downloads }: { downloads: Download[] }) {
	const words = "Download the recording";
	const [kept, ...more] = downloads;
	if (!kept) return null;
	if (more.length === 0) {
		return (
			<ActionIcon component="a" href={kept.url} download aria-label={words} title={words}>
				<Icon name="download" />
			</ActionIcon>
		);
	}
	return (
		<Menu position="bottom-end">
			<Menu.Target>
				<ActionIcon aria-label={words} title={words}>
					<Icon name="download" />
				</ActionIcon>
			</Menu.Target>
			<Menu.Dropdown>
				{downloads.map((d) => (
					<Menu.Item key={d.url} component="a" href={d.url} download>
						{d.name}
					</Menu.Item>
				))}
			</Menu.Dropdown>
		</Menu>
	);
}
