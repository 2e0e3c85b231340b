import { Button } from "@mantine/core";
import { useState } from "react";
import { plural } from "../../lib/format";
import classes from "./settings.module.css";

const page = 100;

interface More {
	left: number;
	show: () => void;
}

/** The first rows of a list that came whole; more on request. */
export function useShown<T>(list: readonly T[] | undefined): { shown: readonly T[]; more: More } {
	const [n, setN] = useState(page);
	const all = list ?? [];
	return {
		shown: all.slice(0, n),
		more: { left: Math.max(0, all.length - n), show: () => setN(n + 5 * page) },
	};
}

export function ShowMore({ more }: { more: More }) {
	if (more.left === 0) return null;
	return (
		<div className={classes.more}>
			<Button onClick={more.show}>Show more ({plural(more.left, "row")} left)</Button>
		</div>
	);
}
