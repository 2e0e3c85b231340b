// The arithmetic of the time histogram: heights, and what a drag means.

import type { Bucket } from "./types";

export interface Bar {
	/** Of the tallest bar, 0 to 1. A bucket that has any call is at least visible. */
	height: number;
	/** Part of the bar that failed, 0 to 1. */
	failed: number;
}

const least = 0.04;

export function bars(buckets: Bucket[]): Bar[] {
	const most = Math.max(1, ...buckets.map((b) => b.count));
	return buckets.map((b) => ({
		height: b.count === 0 ? 0 : Math.max(least, b.count / most),
		failed: b.count === 0 ? 0 : b.failed / b.count,
	}));
}

/** The bucket under a horizontal place between 0 and 1. */
export function bucketAt(place: number, n: number): number {
	return Math.max(0, Math.min(n - 1, Math.floor(place * n)));
}

/** The time from the first to the last bucket of a drag in either direction. */
export function dragged(
	buckets: Bucket[],
	intervalMS: number,
	a: number,
	b: number,
): { after: string; before: string } | null {
	const first = buckets[Math.min(a, b)];
	const last = buckets[Math.max(a, b)];
	if (!first || !last) return null;
	return {
		after: new Date(first.start).toISOString(),
		before: new Date(new Date(last.start).getTime() + intervalMS).toISOString(),
	};
}
