// Recordings made here: nobody's voice.

/** Samples a second: as a telephone line has them. */
const rate = 8000;

/**
 * A WAV file of as many channels as there are lists of [from, to] in seconds,
 * in each of which something like a voice is heard, over faint noise.
 */
export function wav(seconds, ...channels) {
	const frames = Math.round(seconds * rate);
	const data = Buffer.alloc(frames * channels.length * 2);
	for (const [c, spans] of channels.entries()) {
		let seed = 12_345 + c; // the same file each time
		const noise = () => {
			seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
			return seed / 1_073_741_824 - 1;
		};
		for (let i = 0; i < frames; i++) {
			const t = i / rate;
			const speaks = spans.some(([from, to]) => t >= from && t < to);
			const x = noise() * 0.002 + (speaks ? voice(t, 110 + 60 * c) : 0);
			data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, x)) * 32_767), (i * channels.length + c) * 2);
		}
	}
	return Buffer.concat([head(data.length, channels.length), data]);
}

/** Harmonics of a pitch, louder and softer as syllables are. */
function voice(t, pitch) {
	let x = 0;
	for (let h = 1; h <= 12; h++) x += Math.sin(2 * Math.PI * pitch * h * t + h) / h;
	return x * 0.12 * (0.55 + 0.45 * Math.sin(2 * Math.PI * 4 * t));
}

function head(bytes, channels) {
	const b = Buffer.alloc(44);
	b.write("RIFF", 0);
	b.writeUInt32LE(36 + bytes, 4);
	b.write("WAVEfmt ", 8);
	b.writeUInt32LE(16, 16);
	b.writeUInt16LE(1, 20);
	b.writeUInt16LE(channels, 22);
	b.writeUInt32LE(rate, 24);
	b.writeUInt32LE(rate * channels * 2, 28);
	b.writeUInt16LE(channels * 2, 32);
	b.writeUInt16LE(16, 34);
	b.write("data", 36);
	b.writeUInt32LE(bytes, 40);
	return b;
}

/** The samples of each channel of a WAV file of 16 bits, and how many there are a second. */
export function samplesOf(file) {
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	let at = 12;
	let format = null;
	for (; file.toString("latin1", at, at + 4) !== "data"; at += 8 + view.getUint32(at + 4, true)) {
		if (file.toString("latin1", at, at + 4) === "fmt ") {
			format = { n: view.getUint16(at + 10, true), rate: view.getUint32(at + 12, true), bits: view.getUint16(at + 22, true) };
		}
	}
	if (format?.bits !== 16) throw new Error(`a WAV file of ${format?.bits} bits`);
	const frames = Math.floor((Math.min(view.getUint32(at + 4, true), file.length - at - 8)) / 2 / format.n);
	const channels = Array.from({ length: format.n }, (_, c) =>
		Int16Array.from({ length: frames }, (_, i) => view.getInt16(at + 8 + 2 * (i * format.n + c), true)),
	);
	return { rate: format.rate, channels };
}
