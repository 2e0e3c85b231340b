import { ActionIcon, Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../components/Icon";
import { days, dayWords, type Window, zones } from "./hours";
import { workWeek } from "./queues";
import classes from "./queues.module.css";

interface HoursProps {
	timezone: string;
	windows: Window[];
	/** By pointer: /hours/windows/0/from. */
	problems: Record<string, string>;
	onChange: (change: { timezone?: string; windows?: Window[] }) => void;
}

/** When somebody answers: times of the day on days of the week, in one zone. */
export function HoursFields({ timezone, windows, problems, onChange }: HoursProps) {
	const [known] = useState(() => zones(timezone));
	const put = (i: number, to: Window | null) =>
		onChange({ windows: windows.flatMap((w, at) => (at === i ? (to ?? []) : w)) });
	return (
		<fieldset className={classes.hours}>
			<legend>Hours</legend>
			{windows.length === 0 && <p className="rs-dim">Somebody always answers.</p>}
			{windows.map((w, i) => (
				<WindowFields
					key={i}
					label={`Hours ${i + 1}`}
					window={w}
					error={(field) => problems[`/hours/windows/${i}/${field}`]}
					onChange={(to) => put(i, to)}
				/>
			))}
			<div>
				<Button
					leftSection={<Icon name="plus" />}
					onClick={() => onChange({ windows: [...windows, { ...workWeek }] })}
				>
					{windows.length === 0 ? "Set hours" : "Add hours"}
				</Button>
			</div>
			{(windows.length > 0 || problems["/hours/timezone"]) && (
				<Select
					label="Time zone"
					description="The hours are those of clocks there."
					searchable
					allowDeselect={false}
					limit={100}
					nothingFoundMessage="No zone of this name"
					data={known}
					value={timezone}
					error={problems["/hours/timezone"]}
					onChange={(v) => onChange({ timezone: v ?? "UTC" })}
				/>
			)}
		</fieldset>
	);
}

interface WindowProps {
	label: string;
	window: Window;
	error: (field: "days" | "from" | "to") => string | undefined;
	/** null removes it. */
	onChange: (to: Window | null) => void;
}

function WindowFields({ label, window: w, error, onChange }: WindowProps) {
	return (
		<section className={classes.window} aria-label={label}>
			<Checkbox.Group
				label="Days"
				value={w.days}
				error={error("days")}
				onChange={(named) => onChange({ ...w, days: days.filter((d) => named.includes(d)) })}
			>
				<div className={classes.days}>
					{days.map((d) => (
						<Checkbox key={d} value={d} label={dayWords(d)} />
					))}
				</div>
			</Checkbox.Group>
			<div className={classes.times}>
				<TextInput
					label="From"
					placeholder="09:00"
					maxLength={5}
					value={w.from}
					error={error("from")}
					onChange={(e) => onChange({ ...w, from: e.currentTarget.value })}
				/>
				<TextInput
					label="To"
					placeholder="17:30"
					title="24:00 is the day's end"
					maxLength={5}
					value={w.to}
					error={error("to")}
					onChange={(e) => onChange({ ...w, to: e.currentTarget.value })}
				/>
				<ActionIcon
					className={classes.remove}
					aria-label={`Remove ${label.toLowerCase()}`}
					title="Remove"
					onClick={() => onChange(null)}
				>
					<Icon name="close" size={14} />
				</ActionIcon>
			</div>
		</section>
	);
}
