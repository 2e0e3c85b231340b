// The order of what was found in a call.

import { findings, severities } from "./words";

interface Found {
	kind: string;
	severity: string;
	turn: number | null;
}

const severityOrder = Object.keys(severities);
const kindOrder = Object.keys(findings);

/** Place in an order; what is not in it comes last. */
const place = (order: string[], value: string) =>
	(order.indexOf(value) + order.length + 1) % (order.length + 1);

/** Critical before the rest, the worse kind before the milder, and as they came in the call. */
export function worstFirst<T extends Found>(found: readonly T[]): T[] {
	return [...found].sort(
		(a, b) =>
			place(severityOrder, a.severity) - place(severityOrder, b.severity) ||
			place(kindOrder, a.kind) - place(kindOrder, b.kind) ||
			(a.turn ?? -1) - (b.turn ?? -1),
	);
}
