// From the peaks of a recording to pixels.

/** The least and greatest sample of each column, from -1 to 1. */
export interface Columns {
	low: number[];
	top: number[];
}

/**
 * Joins the pairs that fall into each of `width` columns of an axis of
 * `length` ms. It ends where the sound ends: there may be fewer columns.
 */
export function columnsOf(pairs: number[], perSecond: number, length: number, width: number): Columns {
	const out: Columns = { low: [], top: [] };
	const pairCount = Math.floor(pairs.length / 2);
	const each = ((length / 1000) * perSecond) / width;
	if (!(each > 0)) return out;
	for (let x = 0; x < width; x++) {
		const from = Math.floor(x * each);
		if (from >= pairCount) break;
		const to = Math.min(pairCount, Math.max(from + 1, Math.ceil((x + 1) * each)));
		let low = 127;
		let top = -127;
		for (let i = from; i < to; i++) {
			low = Math.min(low, pairs[2 * i] ?? 0);
			top = Math.max(top, pairs[2 * i + 1] ?? 0);
		}
		out.low.push(low / 127);
		out.top.push(top / 127);
	}
	return out;
}

/** Quiet recordings are drawn larger, but not so that their noise fills the lane. */
const mostGain = 6;
/** Of half a lane that the loudest moment fills. */
const fill = 0.94;

/** By how much all lanes are drawn larger: one figure, so that the sides can be compared. */
export function gainOf(channels: number[][]): number {
	let loudest = 0;
	for (const pairs of channels) for (const p of pairs) loudest = Math.max(loudest, Math.abs(p));
	return loudest === 0 ? 1 : Math.min(mostGain, 127 / loudest) * fill;
}

/** Where a column stands in a lane: its top edge and how tall it is, at least one pixel. */
export function bar(low: number, top: number, gain: number, height: number): [y: number, h: number] {
	const half = height / 2;
	const y = Math.round(half - Math.min(1, top * gain) * half);
	const end = Math.round(half - Math.max(-1, low * gain) * half);
	return [Math.min(y, height - 1), Math.max(1, end - y)];
}

/** The index of the span that holds a moment; -1 for none. The spans are in order and apart. */
export function spanAt(spans: { start: number; end: number }[], ms: number): number {
	let from = 0;
	let to = spans.length - 1;
	while (from <= to) {
		const mid = (from + to) >> 1;
		const s = spans[mid];
		if (!s) return -1;
		if (ms < s.start) to = mid - 1;
		else if (ms >= s.end) from = mid + 1;
		else return mid;
	}
	return -1;
}
