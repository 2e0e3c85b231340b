// Plays a call's sound on the browser's audio thread. Built as a file of its
// own (see listener.ts).
import { Jitter } from "./jitter";
import type { Samples } from "./sound";

declare const sampleRate: number;
declare class AudioWorkletProcessor {
	readonly port: MessagePort;
}
declare function registerProcessor(name: string, made: unknown): void;

/** What it tells the page, some times a second. */
export interface Heard {
	/** The loudest sample since the last time, from 0 to 1. */
	peak: number;
	/** Whether there was any sound to play. */
	sound: boolean;
}

const holdSeconds = 0.2;
const mostSeconds = 1;
const tellsPerSecond = 15;

class Speaker extends AudioWorkletProcessor {
	private readonly jitter: Jitter;
	private heard: Heard = { peak: 0, sound: false };
	private since = 0;

	constructor(options: { processorOptions: { channels: number } }) {
		super();
		const { channels } = options.processorOptions;
		this.jitter = new Jitter(channels, Math.round(holdSeconds * sampleRate), mostSeconds * sampleRate);
		this.port.onmessage = (e: MessageEvent<Samples>) => this.jitter.push(e.data);
	}

	process(_: unknown, [out = []]: Float32Array[][]): boolean {
		if (this.jitter.pull(out)) this.heard.sound = true;
		for (const channel of out) {
			for (const v of channel) this.heard.peak = Math.max(this.heard.peak, Math.abs(v));
		}
		this.since += out[0]?.length ?? 0;
		if (this.since * tellsPerSecond >= sampleRate) {
			this.port.postMessage(this.heard);
			this.heard = { peak: 0, sound: false };
			this.since = 0;
		}
		return true;
	}
}

registerProcessor("speaker", Speaker);
