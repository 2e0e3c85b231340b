// A call's sound as the server passes it on, made fit to be played.

/** What the server says of the sound before the first of it. */
export interface Sound {
	encoding: string;
	/** In Hz. */
	sampleRate: number;
	channels: number;
}

/** Samples of each channel, from -1 to 1. */
export type Samples = Float32Array<ArrayBuffer>[];

/** How the samples of an encoding are read. */
const encodings: Record<string, { bytes: number; read: (v: DataView, at: number) => number }> = {
	pcm_s16le: { bytes: 2, read: (v, at) => v.getInt16(at, true) / 32768 },
	mulaw: { bytes: 1, read: (v, at) => fromMulaw(v.getUint8(at)) },
};

/** One sample of µ-law (ITU-T G.711): the inverted bits of sign, exponent and mantissa. */
function fromMulaw(code: number): number {
	const bits = ~code & 0xff;
	const size = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
	return (bits & 0x80 ? -size : size) / 32768;
}

const between = (v: unknown, least: number, most: number) =>
	Number.isInteger(v) && (v as number) >= least && (v as number) <= most;

/** Reads the first message. Throws what people should know when the sound can't be played. */
export function soundOf(message: unknown): Sound {
	let said: Partial<Sound> = {};
	try {
		said = JSON.parse(String(message)) ?? {};
	} catch {
		// No JSON: then it says nothing.
	}
	const { encoding = "", sampleRate, channels } = said;
	if (Object.hasOwn(encodings, encoding) && between(sampleRate, 4000, 192_000) && between(channels, 1, 2))
		return said as Sound;
	throw new Error(
		`The sound comes in a form that this page can't play (${encoding || "no encoding"}, ${sampleRate ?? "?"} Hz, ${channels ?? "?"} channels).`,
	);
}

/** Reads messages into samples. What is left of a sample at the end of one waits for the next. */
export class Decoder {
	private readonly sound: Sound;
	private rest = new Uint8Array(0);

	constructor(sound: Sound) {
		this.sound = sound;
	}

	take(message: ArrayBuffer): Samples {
		const { encoding, channels } = this.sound;
		const { bytes, read } = encodings[encoding] ?? { bytes: 1, read: () => 0 };
		const all = new Uint8Array(this.rest.length + message.byteLength);
		all.set(this.rest);
		all.set(new Uint8Array(message), this.rest.length);
		const count = Math.floor(all.length / (bytes * channels));
		this.rest = all.slice(count * bytes * channels);
		const view = new DataView(all.buffer);
		return Array.from({ length: channels }, (_, channel) =>
			Float32Array.from({ length: count }, (_, i) => read(view, (i * channels + channel) * bytes)),
		);
	}
}

/** Brings samples to another rate, along the straight line between each two. */
export class Resampler {
	private readonly step: number;
	/** Where the next sample lies, in old samples behind the last one of the message before. */
	private at = 1;
	private last: number[] = [];

	constructor(from: number, to: number) {
		this.step = from / to;
	}

	take(samples: Samples): Samples {
		const length = samples[0]?.length ?? 0;
		const count = Math.max(0, Math.floor((length - this.at) / this.step) + 1);
		const out = samples.map((old, channel) => {
			const before = this.last[channel] ?? 0;
			const value = (i: number) => (i === 0 ? before : (old[i - 1] ?? 0));
			return Float32Array.from({ length: count }, (_, k) => {
				const at = this.at + k * this.step;
				const i = Math.floor(at);
				const part = at - i;
				return part === 0 ? value(i) : value(i) + (value(i + 1) - value(i)) * part;
			});
		});
		this.at += count * this.step - length;
		if (length > 0) this.last = samples.map((old) => old[length - 1] ?? 0);
		return out;
	}
}

/** How loud a peak is, from 0 (-60 dB and below) to 1 (as loud as can be). */
export function loudness(peak: number): number {
	return peak > 0 ? Math.min(1, Math.max(0, 1 + (20 * Math.log10(peak)) / 60)) : 0;
}
