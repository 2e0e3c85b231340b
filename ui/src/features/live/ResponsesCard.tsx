import { Section } from "../../components/Page";
import { latency } from "../../lib/format";
import classes from "./LiveCallView.module.css";
import type { LiveResponse } from "./types";

interface ResponsesProps {
	responses: LiveResponse[];
	median: number | null;
	onTurn: (turn: number) => void;
}

const newest = 8;

/** How long the caller waited for each of the last turns, bar under bar on one scale. */
export function ResponsesCard({ responses, median, onTurn }: ResponsesProps) {
	const shown = responses.slice(-newest);
	const top = Math.max(1, ...shown.map((r) => r.ms));
	const claimed = shown.some((r) => r.source === "claimed");
	return (
		<Section
			title="Responses"
			actions={median !== null && <span className="rs-dim">median {latency(median)}</span>}
		>
			{shown.length === 0 ? (
				<p className="rs-dim">None measured yet.</p>
			) : (
				<table className={classes.responses}>
					<caption className="rs-sr">Wait before the agent's last turns</caption>
					<tbody>
						{shown.map((r) => (
							<tr key={r.turn}>
								<th scope="row">
									<button type="button" title="Show it in the transcript" onClick={() => onTurn(r.turn)}>
										Turn {r.turn + 1}
									</button>
								</th>
								<td>
									<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
										<rect width={(r.ms / top) * 100} height={1} />
									</svg>
								</td>
								<td>{latency(r.ms)}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			{claimed && <p className={classes.small}>Claimed by the vendor, not measured.</p>}
		</Section>
	);
}
