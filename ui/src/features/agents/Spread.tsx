import { VisuallyHidden } from "@mantine/core";
import classes from "./agents.module.css";

interface SpreadProps {
	/** What is counted, for who cannot see the bars. */
	caption: string;
	rows: { words: string; n: number }[];
}

/** How often something lies in each range: counts, and a bar beside each. */
export function Spread({ caption, rows }: SpreadProps) {
	const most = Math.max(1, ...rows.map((r) => r.n));
	return (
		<table className={classes.speed}>
			<caption>
				<VisuallyHidden>{caption}</VisuallyHidden>
			</caption>
			<tbody>
				{rows.map((r) => (
					<tr key={r.words}>
						<th scope="row">{r.words}</th>
						<td>{r.n}</td>
						<td>
							<svg aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none">
								<rect width={(100 * r.n) / most} height="8" />
							</svg>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
