// What the health strip says, worked out from the two windows.

import type { Delta } from "../../components/StatTile";
import { share } from "../../lib/format";
import type { Health } from "./types";

export type Figures = Health["now"];

/** A rate over fewer than this says nothing. */
export const minimumSample = 10;

const against = "against the 24 hours before";

/** Change of a figure relative to what it was; `better` says which way is welcome. */
export function change(
	now: number | null | undefined,
	before: number | null | undefined,
	better: "up" | "down" | "neither",
): Delta | null {
	if (now == null || before == null || before === 0) return null;
	const ratio = (now - before) / before;
	const text =
		Math.abs(ratio) > 9.99 ? `×${(now / before).toFixed(0)}` : `${(Math.abs(ratio) * 100).toFixed(0)} %`;
	return delta(Math.abs(ratio) < 0.005 ? 0 : ratio, text, better);
}

/** Change of a share, in percentage points. */
export function points(
	now: number | null | undefined,
	before: number | null | undefined,
	better: "up" | "down",
): Delta | null {
	if (now == null || before == null) return null;
	const diff = (now - before) * 100;
	return delta(Math.abs(diff) < 0.05 ? 0 : diff, `${Math.abs(diff).toFixed(1)} pt`, better);
}

function delta(diff: number, text: string, better: "up" | "down" | "neither"): Delta {
	if (diff === 0) return { text: "same", direction: "same", tone: "quiet", against };
	const direction = diff > 0 ? "up" : "down";
	const tone = better === "neither" ? "quiet" : direction === better ? "good" : "bad";
	return { text, direction, tone, against };
}

/** A rate worth showing, or null. */
export function rate(value: number | null | undefined, n: number): number | null {
	return value != null && n >= minimumSample ? value : null;
}

export function whyNoRate(n: number, what: string): string {
	return n === 0 ? `No ${what} yet` : `${n} of the ${minimumSample} ${what} needed`;
}

/** A failure class's share and its reasons, for its tooltip. */
export function classShare(count: number, ended: number): string {
	return ended > 0 ? share(count / ended) : "";
}
