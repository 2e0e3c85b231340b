import { Button, Popover, UnstyledButton } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { Icon } from "../../components/Icon";
import classes from "./FilterBar.module.css";
import { joinMeta, metaPairs } from "./filters";
import { type Filters, join, type Verdict, values } from "./search";

interface MoreProps {
	filters: Filters;
	onChange: (change: Partial<Filters>) => void;
}

/** The filters that are no list of values. */
export function MoreFilters({ filters, onChange }: MoreProps) {
	const [opened, setOpened] = useState(false);
	return (
		<Popover opened={opened} onChange={setOpened} position="bottom-start" width={300} trapFocus returnFocus>
			<Popover.Target>
				<UnstyledButton className={classes.button} onClick={() => setOpened(!opened)}>
					<Icon name="plus" size={14} />
					More
				</UnstyledButton>
			</Popover.Target>
			<Popover.Dropdown aria-label="More filters">
				<MoreForm
					filters={filters}
					onChange={(c) => {
						setOpened(false);
						onChange(c);
					}}
				/>
			</Popover.Dropdown>
		</Popover>
	);
}

const seconds = (s: string): number | undefined =>
	s.trim() && Number(s) >= 0 ? Math.round(Number(s)) : undefined;
/** A score from 0 to 100; anything else is no bound. */
const percent = (s: string): number | undefined =>
	s.trim() && Number(s) >= 0 && Number(s) <= 100 ? Number(s) : undefined;
const tagsIn = (text: string): string | undefined =>
	join([...new Set(text.split(",").flatMap((t) => t.trim() || []))]);
const choice = (b: boolean | undefined): string => (b === undefined ? "" : String(b));
const truth = (s: string): boolean | undefined => (s === "" ? undefined : s === "true");

function MoreForm({ filters, onChange }: MoreProps) {
	const [min, setMin] = useState(filters.min?.toString() ?? "");
	const [max, setMax] = useState(filters.max?.toString() ?? "");
	const [minScore, setMinScore] = useState(filters.min_score?.toString() ?? "");
	const [maxScore, setMaxScore] = useState(filters.max_score?.toString() ?? "");
	const [tags, setTags] = useState<string>();
	const [success, setSuccess] = useState<string>(filters.success ?? "");
	const [recording, setRecording] = useState(choice(filters.recording));
	const [simulation, setSimulation] = useState(choice(filters.simulation));
	const [id, setID] = useState(filters.provider_call_id ?? "");
	const [key, setKey] = useState("");
	const [value, setValue] = useState("");
	const submit = (e: FormEvent) => {
		e.preventDefault();
		const pairs = metaPairs(filters.meta).filter(([k]) => k !== key.trim());
		onChange({
			min: seconds(min),
			max: seconds(max),
			min_score: percent(minScore),
			max_score: percent(maxScore),
			// What nobody touched stays as it is: a tag may have a comma.
			tag: tags === undefined ? filters.tag : tagsIn(tags),
			success: (success || undefined) as Verdict | undefined,
			recording: truth(recording),
			simulation: truth(simulation),
			provider_call_id: id.trim() || undefined,
			meta: joinMeta(key.trim() ? [...pairs, [key.trim(), value]] : pairs),
		});
	};
	return (
		<form className={classes.form} onSubmit={submit}>
			<div className={classes.pair}>
				<Field label="Lasted at least, s">
					<input type="number" min={0} value={min} onChange={(e) => setMin(e.currentTarget.value)} />
				</Field>
				<Field label="At most, s">
					<input type="number" min={0} value={max} onChange={(e) => setMax(e.currentTarget.value)} />
				</Field>
			</div>
			<div className={classes.pair}>
				<Field label="Score at least">
					<Percent value={minScore} onChange={setMinScore} />
				</Field>
				<Field label="At most">
					<Percent value={maxScore} onChange={setMaxScore} />
				</Field>
			</div>
			<Field label="Tags, with commas between">
				<input
					value={tags ?? values(filters.tag).join(", ")}
					onChange={(e) => setTags(e.currentTarget.value)}
				/>
			</Field>
			<Pick label="Outcome" value={success} onChange={setSuccess}>
				<option value="">Any</option>
				<option value="true">Succeeded</option>
				<option value="false">Did not succeed</option>
				<option value="unknown">Not judged</option>
			</Pick>
			<div className={classes.pair}>
				<Pick label="Recording" value={recording} onChange={setRecording}>
					<option value="">Any</option>
					<option value="true">There</option>
					<option value="false">Missing</option>
				</Pick>
				<Pick label="Simulations" value={simulation} onChange={setSimulation}>
					<option value="">Shown</option>
					<option value="false">Left out</option>
					<option value="true">Alone</option>
				</Pick>
			</div>
			<Field label="Provider's call id">
				<input value={id} onChange={(e) => setID(e.currentTarget.value)} />
			</Field>
			<div className={classes.pair}>
				<Field label="Metadata key">
					<input value={key} onChange={(e) => setKey(e.currentTarget.value)} />
				</Field>
				<Field label="is">
					<input value={value} onChange={(e) => setValue(e.currentTarget.value)} />
				</Field>
			</div>
			<Button type="submit" variant="filled">
				Apply
			</Button>
		</form>
	);
}

function Field({ label, children }: { label: string; children: ReactNode }) {
	return (
		// biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
		<label>
			{label}
			{children}
		</label>
	);
}

function Percent({ value, onChange }: { value: string; onChange: (value: string) => void }) {
	return (
		<input
			type="number"
			min={0}
			max={100}
			step="any"
			value={value}
			onChange={(e) => onChange(e.currentTarget.value)}
		/>
	);
}

interface PickProps {
	label: string;
	value: string;
	onChange: (value: string) => void;
	children: ReactNode;
}

function Pick({ label, value, onChange, children }: PickProps) {
	return (
		<Field label={label}>
			<select value={value} onChange={(e) => onChange(e.currentTarget.value)}>
				{children}
			</select>
		</Field>
	);
}
