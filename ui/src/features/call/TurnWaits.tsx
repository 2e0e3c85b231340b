import { useMemo, useState } from "react";
import { Icon } from "../../components/Icon";
import { latency, offset, plural } from "../../lib/format";
import { providerName } from "../../lib/words";
import classes from "./LogTab.module.css";
import { longest, medianTotal, partsUsed, partWord, type TurnLatency, turnLatencies } from "./latency";
import "./parts.css";
import type { Call } from "./types";

/** How long the caller waited for each turn, bar under bar on one scale. The table is the chart's own twin. */
export function TurnWaits({ call }: { call: Call }) {
	const [opened, setOpened] = useState(false);
	const all = useMemo(() => turnLatencies(call.turns ?? []), [call]);
	if (all.length === 0) return null;
	const claimed = all.some((l) => l.claimed);
	return (
		<div className={classes.waitsCard}>
			<button
				type="button"
				className={classes.toggle}
				aria-expanded={opened}
				onClick={() => setOpened(!opened)}
			>
				<Icon name={opened ? "down" : "right"} size={12} />
				<span className={classes.title}>Wait before each turn</span>
				<span className="rs-dim">
					{plural(all.length, "turn")}, median {latency(medianTotal(all))}, longest{" "}
					{latency(Math.max(...all.map((l) => l.total)))}
					{claimed && `; claimed by ${providerName(call.provider)}, not measured by Ringside`}
				</span>
			</button>
			{opened && <Table all={all} />}
		</div>
	);
}

function Table({ all }: { all: TurnLatency[] }) {
	const top = longest(all);
	const used = partsUsed(all);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
		<section className={classes.waitsBox} aria-label="Waits" tabIndex={0}>
			<table className={classes.waits}>
				<thead>
					<tr>
						<th>Turn</th>
						<th>At</th>
						<th className={classes.barHead}>
							<span className="rs-sr">Bar</span>
						</th>
						<th>Total</th>
						{used.map((name) => (
							<th key={name}>
								<i data-part={name} />
								{partWord(name)}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{all.map((l) => (
						<OneWait key={l.turn} wait={l} top={top} used={used} />
					))}
				</tbody>
			</table>
		</section>
	);
}

function OneWait({
	wait: l,
	top,
	used,
}: {
	wait: TurnLatency;
	top: number;
	used: ReturnType<typeof partsUsed>;
}) {
	return (
		<tr>
			<th scope="row">{l.turn + 1}</th>
			<td>{offset(l.at)}</td>
			<td>
				<svg className={classes.bar} viewBox={`0 0 ${top} 1`} preserveAspectRatio="none" aria-hidden="true">
					{l.parts.length === 0 && <rect data-part="total" width={l.total} height={1} />}
					{l.parts.map((p) => (
						<rect key={p.name} data-part={p.name} x={p.from} width={p.ms} height={1} />
					))}
				</svg>
			</td>
			<td title={l.totalGiven ? undefined : "The sum of the parts: the vendor gave no total"}>
				<b>{latency(l.total)}</b>
			</td>
			{used.map((name) => (
				<td key={name}>{latency(l.parts.find((p) => p.name === name)?.ms)}</td>
			))}
		</tr>
	);
}
