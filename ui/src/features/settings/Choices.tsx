import { useId } from "react";
import classes from "./settings.module.css";

interface ChoicesProps<T extends string> {
	label: string;
	options: readonly { value: T; label: string; help: string }[];
	value: T;
	onChange: (value: T) => void;
}

/** A few options, each with what it means: for what should not be chosen by its name alone. */
export function Choices<T extends string>({ label, options, value, onChange }: ChoicesProps<T>) {
	const name = useId();
	return (
		<fieldset className={classes.choices}>
			<legend>{label}</legend>
			{options.map((o) => (
				<label key={o.value} className={classes.choice}>
					<input type="radio" name={name} checked={value === o.value} onChange={() => onChange(o.value)} />
					<b>{o.label}</b>
					<span className="rs-dim">{o.help}</span>
				</label>
			))}
		</fieldset>
	);
}
