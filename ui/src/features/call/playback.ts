import { createContext, useContext, useSyncExternalStore } from "react";

export const speeds = [0.75, 1, 1.25, 1.5, 2] as const;

export interface PlaybackState {
	/** Milliseconds from the answer: the one time cursor of the page. */
	ms: number;
	playing: boolean;
	speed: number;
	/** Length of the recording, once its header is read. */
	length: number | null;
	failed: boolean;
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
	private readonly listeners = new Set<() => void>();

	constructor(ms = 0) {
		this.now = { ms, playing: false, speed: 1, length: null, failed: false };
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
			["play", this.started],
			["pause", this.stopped],
			["ended", this.stopped],
			["error", () => this.set({ failed: true, playing: false })],
		];
		for (const [name, run] of on) audio.addEventListener(name, run);
		if (audio.readyState >= 1) this.ready();
		return () => {
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

	/** Asks for the recording again after a failure. */
	retry = () => {
		this.set({ failed: false });
		this.audio?.load();
	};

	private ready = () => {
		if (!this.audio) return;
		const seconds = this.audio.duration;
		this.set({ length: Number.isFinite(seconds) ? seconds * 1000 : null, failed: false });
		this.audio.playbackRate = this.now.speed;
		if (this.now.ms > 0) this.seek(this.now.ms);
	};

	private started = () => {
		this.set({ playing: true });
		this.follow();
	};

	private stopped = () => {
		cancelAnimationFrame(this.frame);
		if (this.audio) this.set({ playing: false, ms: this.audio.currentTime * 1000 });
	};

	private follow = () => {
		cancelAnimationFrame(this.frame);
		this.frame = requestAnimationFrame(() => {
			if (!this.audio || !this.now.playing) return;
			this.set({ ms: this.audio.currentTime * 1000 });
			this.follow();
		});
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
