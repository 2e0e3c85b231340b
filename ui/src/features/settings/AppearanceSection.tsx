import { SegmentedControl } from "@mantine/core";
import { Section } from "../../components/Page";
import { useNow } from "../../components/Values";
import { changeSettings, type Settings, useSettings } from "../../lib/settings";
import { absolute } from "../../lib/time";
import classes from "./settings.module.css";

type Name = "theme" | "density" | "zone";

interface ChoiceProps<K extends Name> {
	name: K;
	label: string;
	help: string;
	options: { value: Settings[K]; label: string }[];
}

function Choice<K extends Name>({ name, label, help, options }: ChoiceProps<K>) {
	const settings = useSettings();
	return (
		<div className={classes.setting}>
			<div>
				<b>{label}</b>
				<div className="rs-dim">{help}</div>
			</div>
			<SegmentedControl
				aria-label={label}
				data={options}
				value={settings[name]}
				onChange={(value) => changeSettings({ [name]: value })}
			/>
		</div>
	);
}

/** Tastes: kept in this browser, not on the server. */
export function AppearanceSection() {
	const { zone } = useSettings();
	return (
		<Section>
			<Choice
				name="theme"
				label="Theme"
				help="System follows what your device is set to."
				options={[
					{ value: "system", label: "System" },
					{ value: "light", label: "Light" },
					{ value: "dark", label: "Dark" },
				]}
			/>
			<Choice
				name="density"
				label="Rows"
				help="Compact shows more calls at once."
				options={[
					{ value: "comfortable", label: "Roomy" },
					{ value: "compact", label: "Compact" },
				]}
			/>
			<Choice
				name="zone"
				label="Times in"
				help={`Now it is ${absolute(useNow(), zone)}.`}
				options={[
					{ value: "local", label: "My zone" },
					{ value: "utc", label: "UTC" },
				]}
			/>
		</Section>
	);
}
