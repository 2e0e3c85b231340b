// What the caller waited for before a turn, cut into its parts.

import type { Latency, Turn } from "./types";

export const partNames = [
	"endpointing",
	"transcription",
	"model",
	"voice",
	"network",
	"unattributed",
] as const;

export type PartName = (typeof partNames)[number];

export interface Part {
	name: PartName;
	/** Where it begins in the bar, and how long it is, in ms. */
	from: number;
	ms: number;
}

export interface TurnLatency {
	turn: number;
	at: number | null;
	total: number;
	/** False when the vendor gave parts and no total: the total is their sum. */
	totalGiven: boolean;
	claimed: boolean;
	parts: Part[];
}

const words: Record<PartName, string> = {
	endpointing: "Endpointing",
	transcription: "Transcription",
	model: "Model",
	voice: "Voice",
	network: "Network",
	unattributed: "Not attributed",
};

export const partWord = (name: PartName): string => words[name];

function amounts(l: Latency): [PartName, number | null | undefined][] {
	return [
		["endpointing", l.endpointing_ms],
		["transcription", l.transcription_ms],
		["model", l.model_first_token_ms],
		["voice", l.voice_first_byte_ms],
		["network", l.network_ms],
		["unattributed", l.unattributed_ms],
	];
}

/** The parts in order. A negative rest (parts that overlap) is no part. */
export function partsOf(l: Latency): Part[] {
	let from = 0;
	const parts: Part[] = [];
	for (const [name, ms] of amounts(l)) {
		if (ms == null || ms <= 0) continue;
		parts.push({ name, from, ms });
		from += ms;
	}
	return parts;
}

export function turnLatencies(turns: Turn[]): TurnLatency[] {
	const out: TurnLatency[] = [];
	for (const t of turns) {
		if (!t.latency) continue;
		const parts = partsOf(t.latency);
		const sum = parts.reduce((n, p) => n + p.ms, 0);
		const given = t.latency.total_ms != null;
		const total = t.latency.total_ms ?? sum;
		if (total <= 0) continue;
		out.push({
			turn: t.index,
			at: t.start_ms,
			total,
			totalGiven: given,
			claimed: t.latency.source === "claimed",
			parts,
		});
	}
	return out;
}

/** The parts that occur, in their order: the legend. */
export function partsUsed(all: TurnLatency[]): PartName[] {
	return partNames.filter((name) => all.some((l) => l.parts.some((p) => p.name === name)));
}

/** How long a bar may be: the longest total, or its parts where they overlap and add up to more. */
export function longest(all: TurnLatency[]): number {
	return Math.max(
		0,
		...all.map((l) =>
			Math.max(
				l.total,
				l.parts.reduce((n, p) => n + p.ms, 0),
			),
		),
	);
}

/** The middle of some figures; null of none. */
export function middle(figures: number[]): number | null {
	const sorted = [...figures].sort((a, b) => a - b);
	const mid = sorted.length / 2;
	if (sorted.length === 0) return null;
	if (sorted.length % 2 === 1) return sorted[Math.floor(mid)] ?? null;
	return ((sorted[mid - 1] ?? 0) + (sorted[mid] ?? 0)) / 2;
}

/** "4 turns, median 1.36 s": the middle of the totals. */
export const medianTotal = (all: TurnLatency[]): number | null => middle(all.map((l) => l.total));
