// The ranges of what was heard of an agent, in words.

import type { AgentSound } from "./queries";

export type SoundRange = NonNullable<AgentSound["silences"]["buckets"]>[number];

const seconds = (ms: number) => `${ms / 1000}`;

/** "0.5 to 1 s"; the first range holds answers that began too early as well. */
export function responseRows(ranges: SoundRange[]) {
	return ranges.map(({ from, to, n }) => {
		if (to == null) return { words: `${seconds(from)} s and longer`, n };
		return { words: from === 0 ? `Under ${seconds(to)} s` : `${seconds(from)} to ${seconds(to)} s`, n };
	});
}

/** "None", "1", "3 to 4", "5 and more" */
export function countRows(ranges: SoundRange[]) {
	return ranges.map(({ from, to, n }) => {
		if (to == null) return { words: `${from} and more`, n };
		if (from === 0 && to === 1) return { words: "None", n };
		return { words: to === from + 1 ? String(from) : `${from} to ${to - 1}`, n };
	});
}
