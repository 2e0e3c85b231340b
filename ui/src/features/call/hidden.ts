// What was hidden in a call: the words for it, and where its tokens stand.

import type { Marker } from "./lanes";
import type { Turn } from "./types";

export type Hidden = NonNullable<Turn["redacted"]>[number];

const kinds: Record<Hidden["kind"], string> = {
	card: "Card number",
	ssn: "Social security number",
	iban: "IBAN",
	email: "E-mail address",
	phone: "Phone number",
	birthdate: "Date of birth",
	number: "Number",
};

/** "Card number 2": which one it is in the call. */
export function hiddenName(x: Pick<Hidden, "kind" | "token">): string {
	const number = /(\d+)\]$/.exec(x.token)?.[1] ?? "";
	return `${kinds[x.kind]} ${number}`.trim();
}

export const kindName = (kind: Hidden["kind"]): string => kinds[kind];

export type Piece = { text: string; start: number; hidden: Hidden | null };

/** A turn's text, cut where something is hidden. */
export function hiddenPieces(text: string, redacted: Hidden[]): Piece[] {
	const out: Piece[] = [];
	let at = 0;
	for (const hidden of redacted) {
		const start = text.indexOf(hidden.token, at);
		if (start < 0) continue;
		if (start > at) out.push({ text: text.slice(at, start), start: at, hidden: null });
		out.push({ text: hidden.token, start, hidden });
		at = start + hidden.token.length;
	}
	if (at < text.length) out.push({ text: text.slice(at), start: at, hidden: null });
	return out;
}

/** Where something is hidden in what was said. */
export function hiddenMarkers(turns: Turn[]): Marker[] {
	return turns.flatMap((t) =>
		(t.redacted ?? []).flatMap((x) =>
			x.start_ms == null
				? []
				: [
						{
							kind: "redaction" as const,
							at: x.start_ms,
							label: `${hiddenName(x)} is hidden`,
							bad: false,
							turn: t.index,
						},
					],
		),
	);
}
