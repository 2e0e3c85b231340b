interface HighlightProps {
	text: string;
	/** Half-open [start, end] ranges in UTF-16 units, as the API's matches give them. */
	ranges: readonly (readonly number[] | null)[];
}

/** Cuts text at the ranges; ranges that overlap or reach past the end are put right. */
export function pieces(text: string, ranges: HighlightProps["ranges"]): { text: string; hit: boolean }[] {
	const out: { text: string; hit: boolean }[] = [];
	let at = 0;
	const sorted = ranges.filter((r) => r !== null).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
	for (const [from = 0, to = 0] of sorted) {
		const start = Math.max(at, from);
		const end = Math.min(text.length, to);
		if (end <= start) continue;
		if (start > at) out.push({ text: text.slice(at, start), hit: false });
		out.push({ text: text.slice(start, end), hit: true });
		at = end;
	}
	if (at < text.length) out.push({ text: text.slice(at), hit: false });
	return out;
}

export function Highlight({ text, ranges }: HighlightProps) {
	return (
		<>
			{pieces(text, ranges).map((p, i) =>
				p.hit ? <mark key={i}>{p.text}</mark> : <span key={i}>{p.text}</span>,
			)}
		</>
	);
}
