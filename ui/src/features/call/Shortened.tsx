import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { count } from "../../lib/format";
import classes from "./Analysis.module.css";

interface ShortenedProps<T> {
	items: T[];
	/** How many are shown before one asks for all. */
	most: number;
	/** "findings" */
	what: string;
	render: (item: T) => ReactNode;
}

/** So few more are shown at once: a button would take their room. */
const spare = 2;

/** A list that shows its first items, and all of them on request. */
export function Shortened<T>({ items, most, what, render }: ShortenedProps<T>) {
	const [whole, setWhole] = useState(false);
	const shown = whole || items.length <= most + spare ? items : items.slice(0, most);
	return (
		<>
			<ul className={classes.list}>
				{shown.map((item, i) => (
					<li key={i}>{render(item)}</li>
				))}
			</ul>
			{items.length > shown.length && (
				<Button
					className={classes.more}
					variant="subtle"
					color="gray"
					size="compact-sm"
					onClick={() => setWhole(true)}
				>
					Show all {count(items.length)} {what}
				</Button>
			)}
		</>
	);
}
