import { caps } from "../lib/keys";
import classes from "./KeyHint.module.css";

/** The key caps of a binding, beside the thing it does. */
export function KeyHint({ keys }: { keys: string }) {
	return (
		<span className={classes.keys} aria-hidden="true">
			{caps(keys).map((cap, i) => (
				<kbd key={i}>{cap}</kbd>
			))}
		</span>
	);
}
