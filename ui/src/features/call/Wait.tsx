import { latency } from "../../lib/format";
import { partsOf, partWord } from "./latency";
import "./parts.css";
import type { Latency } from "./types";
import classes from "./Wait.module.css";

/** How long the caller waited for this turn, with its parts as a small bar. */
export function Wait({ latency: l }: { latency: Latency }) {
	const parts = partsOf(l);
	const sum = parts.reduce((n, p) => n + p.ms, 0);
	const total = l.total_ms ?? sum;
	if (total <= 0) return null;
	const words = parts.map((p) => `${partWord(p.name)} ${latency(p.ms)}`).join(", ");
	const by = l.source === "claimed" ? "claimed by the vendor" : "measured from the audio";
	return (
		<span className={classes.wait} title={words ? `${by}: ${words}` : by}>
			{parts.length > 0 && (
				<svg viewBox={`0 0 ${sum} 1`} preserveAspectRatio="none" aria-hidden="true">
					{parts.map((p) => (
						<rect key={p.name} data-part={p.name} x={p.from} width={p.ms} height={1} />
					))}
				</svg>
			)}
			after {latency(total)}
			<span className="rs-sr">
				, {by}
				{words && `: ${words}`}
			</span>
		</span>
	);
}
