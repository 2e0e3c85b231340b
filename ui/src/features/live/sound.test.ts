import { describe, expect, it } from "vitest";
import { Jitter } from "./jitter";
import { Decoder, loudness, Resampler, type Samples, type Sound, soundOf } from "./sound";

const pcm = (channels = 1): Sound => ({ encoding: "pcm_s16le", sampleRate: 16000, channels });
const bytes = (...b: number[]) => new Uint8Array(b).buffer;
const list = (s: Samples) => s.map((c) => [...c]);
const one = (...v: number[]): Samples => [Float32Array.from(v)];

describe("what the sound is", () => {
	it("takes what can be played", () => {
		expect(soundOf(JSON.stringify(pcm(2)))).toEqual(pcm(2));
		expect(soundOf('{"encoding":"mulaw","sampleRate":8000,"channels":1}').encoding).toBe("mulaw");
	});

	it.each([
		['{"encoding":"opus","sampleRate":48000,"channels":2}', "opus, 48000 Hz, 2 channels"],
		['{"encoding":"pcm_s16le","sampleRate":16000,"channels":3}', "3 channels"],
		['{"encoding":"pcm_s16le","sampleRate":0,"channels":1}', "0 Hz"],
		['{"encoding":"toString","sampleRate":8000,"channels":1}', "toString"],
		["null", "no encoding"],
		["no json", "no encoding"],
	])("says why not: %s", (message, words) => {
		expect(() => soundOf(message)).toThrow(words);
	});
});

describe("decoding", () => {
	it("reads signed 16-bit samples, low byte first", () => {
		const [got] = list(new Decoder(pcm()).take(bytes(0, 0, 0, 0x40, 0, 0x80, 0xff, 0x7f)));
		expect(got).toEqual([0, 0.5, -1, 32767 / 32768]);
	});

	it("takes channels in turns", () => {
		expect(list(new Decoder(pcm(2)).take(bytes(0, 0x40, 0, 0xc0, 0, 0x20, 0, 0xe0)))).toEqual([
			[0.5, 0.25],
			[-0.5, -0.25],
		]);
	});

	it("reads µ-law by its table", () => {
		const d = new Decoder({ encoding: "mulaw", sampleRate: 8000, channels: 1 });
		const [got = []] = list(d.take(bytes(0x00, 0x80, 0x7f, 0xff, 0x0f, 0xf0)));
		expect(got.map((v) => v * 32768)).toEqual([-32124, 32124, -0, 0, -16764, 120]);
	});

	it("keeps what a message cuts in two for the next", () => {
		const d = new Decoder(pcm(2));
		expect(list(d.take(bytes(0, 0x40, 0)))).toEqual([[], []]);
		expect(list(d.take(bytes(0xc0, 1)))).toEqual([[0.5], [-0.5]]);
		expect(list(d.take(bytes()))).toEqual([[], []]);
	});
});

describe("resampling", () => {
	const sine = (hz: number, rate: number, n: number) =>
		Float32Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));

	it.each([
		[8000, 48_000],
		[16_000, 48_000],
		[16_000, 44_100],
		[48_000, 44_100],
		[16_000, 16_000],
	])("keeps a tone from %i to %i Hz, however it is cut", (from, to) => {
		const whole = sine(200, from, from / 10);
		const r = new Resampler(from, to);
		const out: number[] = [];
		for (let at = 0; at < whole.length; at += 37) out.push(...(r.take([whole.slice(at, at + 37)])[0] ?? []));
		expect(Math.abs(out.length - to / 10)).toBeLessThanOrEqual(Math.ceil(to / from));
		const off = out.map((v, i) => Math.abs(v - Math.sin((2 * Math.PI * 200 * i) / to)));
		expect(Math.max(...off)).toBeLessThan(0.01);
	});

	it("gives nothing for nothing", () => {
		expect(list(new Resampler(8000, 48_000).take(one()))).toEqual([[]]);
	});
});

describe("the jitter buffer", () => {
	const pull = (j: Jitter, n: number) => {
		const out = [new Float32Array(n).fill(9)];
		return { sound: j.pull(out), out: [...(out[0] ?? [])] };
	};

	it("waits until it holds enough, then gives in order", () => {
		const j = new Jitter(1, 4, 10);
		j.push(one(1, 2, 3));
		expect(pull(j, 2)).toEqual({ sound: false, out: [0, 0] });
		j.push(one(4));
		expect(pull(j, 3)).toEqual({ sound: true, out: [1, 2, 3] });
	});

	it("is silent when it ran dry, and waits again", () => {
		const j = new Jitter(1, 2, 10);
		j.push(one(1, 2));
		expect(pull(j, 3)).toEqual({ sound: true, out: [1, 2, 0] });
		j.push(one(3));
		expect(pull(j, 1)).toEqual({ sound: false, out: [0] });
		j.push(one(4));
		expect(pull(j, 2)).toEqual({ sound: true, out: [3, 4] });
	});

	it("forgets the oldest rather than lag behind", () => {
		const j = new Jitter(1, 2, 4);
		j.push(one(1, 2, 3));
		j.push(one(4, 5));
		expect(pull(j, 2).out).toEqual([4, 5]);
		j.push(one(1, 2, 3, 4, 5, 6, 7));
		expect(pull(j, 4).out).toEqual([4, 5, 6, 7]);
	});

	it("gives what it took, whatever the pieces", () => {
		const j = new Jitter(2, 8, 64);
		const out: number[] = [];
		let next = 1;
		for (let round = 0; round < 200; round++) {
			const piece = Float32Array.from({ length: (round * 7) % 13 }, () => next++);
			j.push([piece, piece.map((v) => -v)]);
			const got = [new Float32Array((round * 5) % 11), new Float32Array((round * 5) % 11)];
			j.pull(got);
			expect([...(got[1] ?? [])]).toEqual([...(got[0] ?? [])].map((v) => 0 - v));
			out.push(...[...(got[0] ?? [])].filter((v) => v !== 0));
		}
		expect(out.length).toBeGreaterThan(500);
		expect(out).toEqual(out.toSorted((a, b) => a - b));
	});
});

it("knows how loud a peak is", () => {
	expect([0, 0.0001, 0.001, 1, 2].map(loudness)).toEqual([0, 0, expect.closeTo(0), 1, 1]);
	expect(loudness(0.1)).toBeCloseTo(2 / 3);
});
