import classes from "./settings.module.css";

/** What to do at a vendor's, in order. */
export function Steps({ steps }: { steps: readonly string[] }) {
	return (
		<ol className={classes.steps}>
			{steps.map((s) => (
				<li key={s}>{s}</li>
			))}
		</ol>
	);
}
