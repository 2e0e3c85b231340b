import { Section } from "../../components/Page";
import { count, money, share } from "../../lib/format";
import { costComponents, humanise, wordOf } from "../../lib/words";
import classes from "./Overview.module.css";
import type { Cost } from "./types";

const amount = (n: number): string => (Number.isInteger(n) ? count(n) : n.toFixed(n < 10 ? 2 : 1));

/** The bill by component, dearest first, and what of the total no line explains. */
export function CostSection({ cost }: { cost: Cost }) {
	const lines = [...(cost.components ?? [])].sort((a, b) => b.amount - a.amount);
	const sum = lines.reduce((n, l) => n + l.amount, 0);
	const rest = cost.total - sum;
	const part = (n: number) => (cost.total > 0 ? share(n / cost.total, 0) : "—");
	return (
		<Section title="Cost">
			<table className={classes.table}>
				<thead>
					<tr>
						<th>Component</th>
						<th data-number>Quantity</th>
						<th data-number>Cost</th>
						<th data-number>Share</th>
					</tr>
				</thead>
				<tbody>
					{lines.map((l, i) => (
						<tr key={i}>
							<th scope="row">
								{wordOf(costComponents, l.component).text}
								{l.name && <div className={classes.small}>{l.name}</div>}
							</th>
							<td data-number>
								{l.quantity ? (
									`${amount(l.quantity)} ${humanise(l.unit ?? "").toLowerCase()}`
								) : (
									<span className="rs-dim">—</span>
								)}
							</td>
							<td data-number>{money(l.amount, cost.currency)}</td>
							<td data-number>{part(l.amount)}</td>
						</tr>
					))}
					{lines.length > 0 && Math.abs(rest) > Math.max(0.00005, cost.total * 0.001) && (
						<tr>
							<th scope="row">Not itemised</th>
							<td />
							<td data-number>{money(rest, cost.currency)}</td>
							<td data-number>{part(rest)}</td>
						</tr>
					)}
				</tbody>
				<tfoot>
					<tr>
						<th scope="row">Total</th>
						<td />
						<td data-number>{money(cost.total, cost.currency)}</td>
						<td />
					</tr>
				</tfoot>
			</table>
			{lines.length === 0 && <p className={classes.small}>The vendor gave the total alone.</p>}
		</Section>
	);
}
