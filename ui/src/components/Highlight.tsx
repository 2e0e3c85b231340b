import classes from "./Highlight.module.css";

/** Words that something was found in; they stay marked under a search. */
export interface Quoted {
	range: readonly [number, number];
	/** How much it matters, in a colour; a word beside the text says it too. */
	tone: string;
}

interface HighlightProps {
	text: string;
	/** Half-open [start, end] ranges in UTF-16 units, as the API's matches give them. */
	ranges: readonly (readonly number[] | null)[];
	quotes?: readonly Quoted[];
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

export function Highlight({ text, ranges, quotes = [] }: HighlightProps) {
	if (quotes.length > 0) return <WithQuotes text={text} ranges={ranges} quotes={quotes} />;
	return (
		<>
			{pieces(text, ranges).map((p, i) =>
				p.hit ? <mark key={i}>{p.text}</mark> : <span key={i}>{p.text}</span>,
			)}
		</>
	);
}

function WithQuotes({ text, ranges, quotes }: Required<HighlightProps>) {
	let at = 0;
	const cut = pieces(
		text,
		quotes.map((q) => q.range),
	);
	return cut.map((p, i) => {
		const from = at;
		at += p.text.length;
		const inner = ranges.map((r) => r?.map((n) => n - from) ?? null);
		const words = <Highlight text={p.text} ranges={inner} />;
		if (!p.hit) return <span key={i}>{words}</span>;
		const tone = quotes.find((q) => q.range[0] <= from && from < q.range[1])?.tone;
		return (
			<em key={i} className={classes.quoted} data-tone={tone}>
				{words}
			</em>
		);
	});
}
