import type { ReactNode } from "react";
import classes from "./Table.module.css";

export interface Column {
	/** Empty for a column of buttons. */
	label: string;
	/** Numbers stand at the end. */
	align?: "start" | "end";
	/** Left out under 760 px. */
	wide?: boolean;
	/** In place of the label: a button that sorts. */
	head?: ReactNode;
	sort?: "ascending" | "descending";
}

interface TableProps {
	label: string;
	columns: Column[];
	/** <tr> rows, each with a <td> for every column. */
	children: ReactNode;
}

/** A plain table for lists of up to a few hundred rows. It scrolls sideways in itself where it must. */
export function Table({ label, columns, children }: TableProps) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
		<section className={classes.wrap} aria-label={label} tabIndex={0}>
			<table className={classes.table}>
				<thead>
					<tr>
						{columns.map((c, i) => (
							<th
								key={c.label || i}
								scope="col"
								aria-sort={c.sort}
								data-align={c.align}
								data-wide={c.wide || undefined}
							>
								{c.head ?? (c.label || <span className="rs-sr">Actions</span>)}
							</th>
						))}
					</tr>
				</thead>
				<tbody>{children}</tbody>
			</table>
		</section>
	);
}

interface CellProps {
	align?: "start" | "end";
	wide?: boolean;
	/** One line, cut with an ellipsis. */
	cut?: boolean;
	title?: string;
	children?: ReactNode;
}

export function Cell({ align, wide, cut, title, children }: CellProps) {
	return (
		<td data-align={align} data-wide={wide || undefined} data-cut={cut || undefined} title={title}>
			{children}
		</td>
	);
}
