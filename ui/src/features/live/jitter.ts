import type { Samples } from "./sound";

/**
 * Evens out what comes in bursts: it begins to give when it holds `hold`
 * samples, waits for as many again when it ran dry, and forgets the oldest when
 * it would hold more than `most`, so that one never hears far behind the call.
 */
export class Jitter {
	private readonly ring: Samples;
	private readonly hold: number;
	private readonly most: number;
	private from = 0;
	private held = 0;
	private flowing = false;

	constructor(channels: number, hold: number, most: number) {
		this.hold = hold;
		this.most = most;
		this.ring = Array.from({ length: channels }, () => new Float32Array(most));
	}

	push(samples: Samples) {
		const length = samples[0]?.length ?? 0;
		const first = Math.max(0, length - this.most);
		this.ring.forEach((ring, channel) => {
			for (let i = first; i < length; i++)
				ring[(this.from + this.held + i - first) % this.most] = samples[channel]?.[i] ?? 0;
		});
		const held = this.held + length - first;
		this.held = held > this.most ? this.hold : held;
		this.from = (this.from + held - this.held) % this.most;
	}

	/** Fills each channel of `out`, with silence where there is nothing. Tells whether there was sound. */
	pull(out: Float32Array[]): boolean {
		const wanted = out[0]?.length ?? 0;
		if (!this.flowing && this.held < this.hold) {
			for (const o of out) o.fill(0);
			return false;
		}
		const given = Math.min(wanted, this.held);
		out.forEach((o, channel) => {
			const ring = this.ring[channel];
			for (let i = 0; i < wanted; i++) o[i] = i < given ? (ring?.[(this.from + i) % this.most] ?? 0) : 0;
		});
		this.from = (this.from + given) % this.most;
		this.held -= given;
		this.flowing = given === wanted;
		return given > 0;
	}
}
