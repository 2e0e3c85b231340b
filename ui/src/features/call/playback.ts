import { createContext, useContext, useSyncExternalStore } from "react";

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;

export interface PlaybackState {
	/** Milliseconds from the answer: the one time cursor of the page. */
	ms: number;
	playing: boolean;
	speed: number;
	/** Length of the recording, once its header is read. */
	length: number | null;
	failed: boolean;
	/** Silences are jumped over. */
	skip: boolean;
	/** There are silences to jump over. */
	silent: boolean;
}

export interface Quiet {
	start: number;
	end: number;
}

/** A silence is entered and left by this much: no word is cut, and it is heard that something was. */
const edge = 250;

/** Where to go on from a moment so that no silence is heard; null where somebody speaks. */
export function pastSilence(ms: number, silences: Quiet[]): number | null {
	const s = silences.find((q) => ms >= q.start + edge && ms < q.end - 2 * edge);
	return s ? s.end - edge : null;
}

/**
 * The time cursor of a call. It follows an audio element while one plays;
 * without one it stays where it was put. Listeners are told at most once a
 * frame.
 */
export class Playback {
	private now: PlaybackState;
	private audio: HTMLAudioElement | null = null;
	private frame = 0;
	private silences: Quiet[] = [];
	/** The recording before this one was let go of while it played. */
	private resume = false;
	private readonly listeners = new Set<() => void>();

	constructor(ms = 0, { speed, skip } = { speed: 1, skip: false }) {
		this.now = { ms, playing: false, speed, length: null, failed: false, skip, silent: false };
	}

	read = (): PlaybackState => this.now;

	subscribe = (l: () => void) => {
		this.listeners.add(l);
		return () => {
			this.listeners.delete(l);
		};
	};

	/** Takes an audio element over; gives the function that lets go of it. */
	attach = (audio: HTMLAudioElement): (() => void) => {
		this.audio = audio;
		this.set({ failed: false, length: null, playing: false });
		const on: [keyof HTMLMediaElementEventMap, () => void][] = [
			["loadedmetadata", this.ready],
			["durationchange", this.measure],
			["play", this.started],
			["pause", this.stopped],
			["ended", this.stopped],
			// Comes also while the page is in the background, where no frame does.
			["timeupdate", this.jump],
			["error", () => this.set({ failed: true, playing: false })],
		];
		for (const [name, run] of on) audio.addEventListener(name, run);
		if (audio.readyState >= 1) this.ready();
		return () => {
			this.resume = this.now.playing;
			for (const [name, run] of on) audio.removeEventListener(name, run);
			audio.pause();
			cancelAnimationFrame(this.frame);
			this.audio = null;
			this.set({ playing: false, length: null });
		};
	};

	seek = (ms: number) => {
		const end = this.now.length ?? Number.POSITIVE_INFINITY;
		const to = Math.min(Math.max(0, ms), end);
		if (this.audio && this.audio.readyState >= 1) this.audio.currentTime = to / 1000;
		this.set({ ms: to });
	};

	step = (ms: number) => this.seek(this.now.ms + ms);

	toggle = () => (this.now.playing ? this.pause() : this.play());

	play = () => {
		if (!this.audio || this.now.failed) return;
		// A refusal (no file, no gesture) comes as an error event or leaves it paused.
		void this.audio.play()?.catch(() => this.set({ playing: false }));
	};

	pause = () => this.audio?.pause();

	setSpeed = (speed: number) => {
		if (this.audio) this.audio.playbackRate = speed;
		this.set({ speed });
	};

	/** The silences of what plays, in order; none when they are not known. */
	setSilences = (silences: Quiet[]) => {
		this.silences = silences;
		this.set({ silent: silences.length > 0 });
	};

	setSkip = (skip: boolean) => {
		this.set({ skip });
		this.jump();
	};

	/** Asks for the recording again after a failure. */
	retry = () => {
		this.set({ failed: false });
		this.audio?.load();
	};

	private ready = () => {
		if (!this.audio) return;
		this.measure();
		this.set({ failed: false });
		this.audio.playbackRate = this.now.speed;
		if (this.now.ms > 0) this.seek(this.now.ms);
		if (this.resume) this.play();
		this.resume = false;
	};

	/** The length in the header, or of what has come by now. */
	private measure = () => {
		const seconds = this.audio?.duration ?? Number.NaN;
		this.set({ length: Number.isFinite(seconds) ? seconds * 1000 : null });
	};

	/** Where the sound is; before its header is here, where it is to begin. */
	private place = (): number =>
		this.audio && this.audio.readyState >= 1 ? this.audio.currentTime * 1000 : this.now.ms;

	private started = () => {
		this.set({ playing: true });
		this.follow();
	};

	private stopped = () => {
		cancelAnimationFrame(this.frame);
		if (this.audio) this.set({ playing: false, ms: this.place() });
	};

	private follow = () => {
		cancelAnimationFrame(this.frame);
		this.frame = requestAnimationFrame(() => {
			if (!this.audio || !this.now.playing) return;
			this.jump();
			this.set({ ms: this.place() });
			this.follow();
		});
	};

	private jump = () => {
		if (!this.audio || !this.now.playing || !this.now.skip) return;
		const to = pastSilence(this.audio.currentTime * 1000, this.silences);
		if (to !== null) this.seek(to);
	};

	private set(change: Partial<PlaybackState>) {
		this.now = { ...this.now, ...change };
		for (const l of this.listeners) l();
	}
}

const Context = createContext(new Playback());

export const PlaybackProvider = Context.Provider;

export const usePlayback = (): Playback => useContext(Context);

/** What a component needs of the cursor; it renders again only when that changes. */
export function useCursor<T extends string | number | boolean | null>(pick: (s: PlaybackState) => T): T {
	const playback = usePlayback();
	return useSyncExternalStore(playback.subscribe, () => pick(playback.read()));
}
