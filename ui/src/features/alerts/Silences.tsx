import { ActionIcon, Button, Checkbox, Select, Switch, TextInput } from "@mantine/core";
import { Icon } from "../../components/Icon";
import { capital } from "../../lib/forms";
import { minutesOf, zones } from "../settings/hours";
import classes from "./dialog.module.css";
import type { TellProps } from "./TellFields";
import { newQuiet, type Quiet, weekdays } from "./tell";

/** When a rule tells nobody. */
export function Silences({ draft: d, set, fields }: Pick<TellProps, "draft" | "set" | "fields">) {
	const change = (i: number, to: Partial<Quiet>) =>
		set({ quiet: d.quiet.map((q, at) => (at === i ? { ...q, ...to } : q)) });
	const none = fields["/silenceSchedule/windows"];
	return (
		<section className={classes.block} aria-label="Silences">
			<Switch
				label="Silences"
				description="Times of the week when nobody is told. Alerts are shown here all the same."
				checked={d.silent}
				onChange={(e) =>
					set({
						silent: e.currentTarget.checked,
						...(e.currentTarget.checked && d.quiet.length === 0 ? { quiet: [newQuiet()] } : {}),
					})
				}
			/>
			{d.silent && (
				<div className={classes.inner}>
					{d.quiet.map((q, i) => (
						<QuietFields
							key={q.key}
							number={i + 1}
							quiet={q}
							wrong={(f) => fields[`/silenceSchedule/windows/${i}/${f}`]}
							onChange={(to) => change(i, to)}
							onRemove={() => set({ quiet: d.quiet.filter((o) => o !== q) })}
						/>
					))}
					{none && <p className={classes.wrong}>{none}</p>}
					<div className={`${classes.pair} ${classes.low}`}>
						<Select
							label="Time zone"
							searchable
							limit={50}
							allowDeselect={false}
							data={zones(d.zone)}
							value={d.zone}
							error={fields["/silenceSchedule/timezone"]}
							onChange={(zone) => zone && set({ zone })}
						/>
						<Button
							leftSection={<Icon name="plus" />}
							onClick={() => set({ quiet: [...d.quiet, newQuiet()] })}
						>
							Add a time
						</Button>
					</div>
				</div>
			)}
		</section>
	);
}

function overnight({ start, end }: Quiet): boolean {
	const [from, to] = [minutesOf(start), minutesOf(end)];
	return from !== null && to !== null && to <= from;
}

interface QuietProps {
	number: number;
	quiet: Quiet;
	wrong: (field: string) => string | undefined;
	onChange: (to: Partial<Quiet>) => void;
	onRemove: () => void;
}

function QuietFields({ number, quiet: q, wrong, onChange, onRemove }: QuietProps) {
	return (
		<fieldset className={classes.quiet}>
			<legend className="rs-sr">Silence {number}</legend>
			<Checkbox.Group
				label="Days"
				description="None ticked: every day."
				value={q.days}
				error={wrong("days")}
				onChange={(days) => onChange({ days })}
			>
				<div className={classes.days}>
					{weekdays.map((day) => (
						<Checkbox key={day} value={day} label={capital(day.slice(0, 3))} aria-label={capital(day)} />
					))}
				</div>
			</Checkbox.Group>
			<div className={classes.times}>
				<TextInput
					label="From"
					placeholder="22:00"
					maxLength={5}
					value={q.start}
					error={wrong("startTime")}
					onChange={(e) => onChange({ start: e.currentTarget.value })}
				/>
				<TextInput
					label="To"
					placeholder="06:00"
					maxLength={5}
					value={q.end}
					error={wrong("endTime")}
					onChange={(e) => onChange({ end: e.currentTarget.value })}
				/>
				<ActionIcon aria-label={`Remove silence ${number}`} onClick={onRemove}>
					<Icon name="trash" />
				</ActionIcon>
			</div>
			{overnight(q) && <p className="rs-dim">Ends on the next day.</p>}
		</fieldset>
	);
}
