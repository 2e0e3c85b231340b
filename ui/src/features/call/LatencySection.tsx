import { Section } from "../../components/Page";
import { count, latency } from "../../lib/format";
import { latencyComponents, wordOf } from "../../lib/words";
import classes from "./Overview.module.css";
import type { LatencyStats } from "./types";

const order = Object.keys(latencyComponents);

type Column = [title: string, pick: (s: LatencyStats) => number | null | undefined];

const columns: Column[] = [
	["Mean", (s) => s.mean_ms],
	["Median", (s) => s.p50_ms],
	["p90", (s) => s.p90_ms],
	["p95", (s) => s.p95_ms],
	["p99", (s) => s.p99_ms],
	["Least", (s) => s.min_ms],
	["Most", (s) => s.max_ms],
];

const place = (component: string) => (order.indexOf(component) + 100) % 100;

/** The vendor's summary for each component; a column that nobody fills is left out. */
export function LatencySection({ stats, vendor }: { stats: LatencyStats[]; vendor: string }) {
	if (stats.length === 0) return null;
	const rows = [...stats].sort((a, b) => place(a.component) - place(b.component));
	const shown = columns.filter(([, pick]) => rows.some((s) => pick(s) != null));
	const claimed = rows.every((s) => s.source === "claimed");
	return (
		<Section
			title="Latency"
			lead={claimed ? `Claimed by ${vendor} over the whole call; Ringside did not measure it.` : undefined}
		>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<section className={classes.wide} aria-label="Latency by component" tabIndex={0}>
				<table className={classes.table}>
					<thead>
						<tr>
							<th>Component</th>
							<th data-number>n</th>
							{shown.map(([title]) => (
								<th key={title} data-number>
									{title}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map((s) => (
							<tr key={`${s.component}-${s.source}`}>
								<th scope="row">{wordOf(latencyComponents, s.component).text}</th>
								<td data-number>{s.n > 0 ? count(s.n) : <span title="The vendor does not say">—</span>}</td>
								{shown.map(([title, pick]) => (
									<td key={title} data-number>
										{latency(pick(s))}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</Section>
	);
}
