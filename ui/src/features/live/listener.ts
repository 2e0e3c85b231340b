import { Decoder, loudness, Resampler, type Sound, soundOf } from "./sound";
import type { Heard } from "./worklet";
import workletURL from "./worklet?worker&url";

export interface Hearing {
	phase: "connecting" | "listening" | "ended" | "failed";
	/** Why it has ended or failed: a sentence. */
	reason: string;
	/** Whether the browser lets no sound out before somebody asks for it. */
	held: boolean;
	/** Whether no sound has come for some seconds. */
	silent: boolean;
	/** From 0 to 1. */
	level: number;
}

const begun: Hearing = { phase: "connecting", reason: "", held: false, silent: false, level: 0 };
const silentMs = 3000;
const unreachable = "The sound could not be reached. Check that the server runs and that you are online.";

/** Closes that tell why for good: the sound is over, or one may not listen any more. */
const final = [1000, 1008];

const sentenceOf = (s: string) => (s ? `${s.charAt(0).toUpperCase()}${s.slice(1)}.` : "");

/** Connects to the sound of one call and plays it. It can be started again. */
export class Listener {
	private readonly path: string;
	private readonly listeners = new Set<() => void>();
	private now = begun;
	private context: AudioContext | null = null;
	private gain: GainNode | null = null;
	private socket: WebSocket | null = null;
	private soundAt = 0;
	private volume = 1;

	constructor(path: string) {
		this.path = path;
	}

	read = () => this.now;

	subscribe = (l: () => void) => {
		this.listeners.add(l);
		return () => {
			this.listeners.delete(l);
		};
	};

	/** Takes a volume from 0 to 1. */
	setVolume(volume: number) {
		this.volume = volume;
		if (this.gain) this.gain.gain.value = volume;
	}

	start = () => {
		this.close();
		this.set(begun);
		try {
			const context = new AudioContext();
			this.context = context;
			this.resume();
			context.audioWorklet.addModule(workletURL).then(
				() => this.context === context && this.connect(context),
				() => this.context === context && this.fail("The page's player could not be loaded."),
			);
		} catch {
			this.fail("This browser can't play the sound.");
		}
	};

	/** Asks the browser to let the sound out; a refusal shows in the context's state. */
	resume = () => void this.context?.resume().catch(() => {});

	/** Ends it for good. */
	end(reason: string) {
		if (this.now.phase === "ended") return;
		this.close();
		this.set({ ...begun, phase: "ended", reason });
	}

	/** Lets go of everything; nothing is told. */
	close = () => {
		this.socket?.close();
		void this.context?.close().catch(() => {});
		this.socket = null;
		this.context = null;
		this.gain = null;
	};

	private connect(context: AudioContext) {
		const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${this.path}`);
		this.socket = socket;
		socket.binaryType = "arraybuffer";
		let play: ((message: ArrayBuffer) => void) | null = null;
		socket.onmessage = (e: MessageEvent<string | ArrayBuffer>) => {
			if (socket !== this.socket) return;
			if (e.data instanceof ArrayBuffer) {
				play?.(e.data);
				return;
			}
			if (play) return;
			try {
				play = this.play(context, soundOf(e.data));
			} catch (error) {
				this.fail(error instanceof Error ? error.message : "The sound can't be played.");
			}
		};
		socket.onclose = (e) => {
			if (socket !== this.socket) return;
			if (final.includes(e.code)) this.end(sentenceOf(e.reason) || "The sound has ended.");
			else if (e.reason) this.fail(sentenceOf(e.reason));
			else this.fail(play ? "The connection was lost." : unreachable);
		};
	}

	/** Puts the player together; what it gives takes the messages. */
	private play(context: AudioContext, sound: Sound): (message: ArrayBuffer) => void {
		const { channels } = sound;
		const speaker = new AudioWorkletNode(context, "speaker", {
			numberOfInputs: 0,
			outputChannelCount: [channels],
			processorOptions: { channels },
		});
		const gain = context.createGain();
		gain.gain.value = this.volume;
		speaker.connect(gain);
		gain.connect(context.destination);
		this.gain = gain;
		this.soundAt = Date.now();
		speaker.port.onmessage = (e: MessageEvent<Heard>) => {
			if (context === this.context) this.hear(e.data);
		};
		context.onstatechange = () => {
			if (context === this.context) this.set({ ...this.now, held: context.state !== "running" });
		};
		this.set({ ...begun, phase: "listening", held: context.state !== "running" });
		const decoder = new Decoder(sound);
		const resampler = new Resampler(sound.sampleRate, context.sampleRate);
		return (message) => {
			const samples = resampler.take(decoder.take(message));
			speaker.port.postMessage(
				samples,
				samples.map((s) => s.buffer),
			);
		};
	}

	private hear({ peak, sound }: Heard) {
		if (sound) this.soundAt = Date.now();
		this.set({ ...this.now, level: loudness(peak), silent: Date.now() - this.soundAt > silentMs });
	}

	private fail(reason: string) {
		this.close();
		this.set({ ...begun, phase: "failed", reason });
	}

	private set(now: Hearing) {
		this.now = now;
		for (const l of this.listeners) l();
	}
}
