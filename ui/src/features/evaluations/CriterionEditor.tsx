import { Button, Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import { criterionTypes, wordOf } from "../../lib/words";
import { type FieldProps, Figure, Lines } from "./CriterionFields";
import { Options } from "./CriterionOptions";
import classes from "./editor.module.css";
import { RuleFields } from "./RuleFields";
import { type CriterionDraft, type CriterionType, hasPassMark, types } from "./scorecard";

interface CriterionProps {
	criterion: CriterionDraft;
	/** Its pointer in the scorecard: /categories/0/criteria/1. */
	at: string;
	label: string;
	errors: Record<string, string>;
	readOnly: boolean;
	onChange: (to: CriterionDraft) => void;
	/** Not there for the last one: a category has at least one. */
	onRemove?: () => void;
}

const typeOptions = types.map((value) => ({ value, label: wordOf(criterionTypes, value).text }));

export function CriterionEditor({
	criterion: c,
	at,
	label,
	errors,
	readOnly,
	onChange,
	onRemove,
}: CriterionProps) {
	const props: FieldProps = {
		criterion: c,
		readOnly,
		set: (to) => onChange({ ...c, ...to }),
		error: (field) => errors[`${at}/${field}`],
	};
	const { set, error } = props;
	return (
		<section className={classes.criterion} aria-label={label}>
			<div className={classes.head}>
				<h3>{label}</h3>
				{onRemove && !readOnly && (
					<Button size="compact-sm" variant="subtle" color="gray" onClick={onRemove}>
						Remove
					</Button>
				)}
			</div>
			<TextInput
				label="Name"
				maxLength={100}
				disabled={readOnly}
				value={c.name}
				error={error("name") ?? error("key")}
				onChange={(e) => set({ name: e.currentTarget.value })}
			/>
			<Textarea
				label="What is judged"
				description="As you would tell a new colleague. A language model reads it."
				autosize
				minRows={1}
				maxRows={10}
				maxLength={6000}
				disabled={readOnly}
				value={c.description}
				error={error("description")}
				onChange={(e) => set({ description: e.currentTarget.value })}
			/>
			<div className={classes.weighted}>
				<Select
					label="Answered by"
					allowDeselect={false}
					data={typeOptions}
					disabled={readOnly}
					value={c.type}
					error={error("type")}
					onChange={(v) => set({ type: (v ?? "pass_fail") as CriterionType })}
				/>
				{c.type !== "text" && (
					<Figure
						{...props}
						label="Weight"
						field="weight"
						value={c.weight}
						onChange={(weight) => set({ weight })}
					/>
				)}
			</div>
			<OfType {...props} />
			<div className={classes.pair}>
				<Lines
					{...props}
					label="Good examples"
					field="examples/good"
					value={c.good}
					onChange={(good) => set({ good })}
				/>
				<Lines
					{...props}
					label="Bad examples"
					field="examples/bad"
					value={c.bad}
					onChange={(bad) => set({ bad })}
				/>
			</div>
			{c.type !== "text" && (
				<Checkbox
					label="Critical: failed, it fails the call, whatever the score"
					disabled={readOnly}
					checked={c.critical}
					error={error("critical")}
					onChange={(e) => set({ critical: e.currentTarget.checked })}
				/>
			)}
		</section>
	);
}

/** What one type asks for beside the rest. */
function OfType(props: FieldProps) {
	const { criterion: c, set, readOnly } = props;
	return (
		<>
			{c.type === "pass_fail" && <RuleFields {...props} />}
			{c.type === "enum" && <Options {...props} />}
			{c.type === "score_5" && (
				<Lines
					{...props}
					label="What 1 to 5 mean"
					description="Five lines, from 1 to 5; or none."
					field="levels"
					value={c.levels}
					onChange={(levels) => set({ levels })}
				/>
			)}
			{c.type === "number" && (
				<>
					<div className={classes.pair}>
						<Figure {...props} label="From" field="min" value={c.min} onChange={(min) => set({ min })} />
						<Figure {...props} label="To" field="max" value={c.max} onChange={(max) => set({ max })} />
					</div>
					<Checkbox
						label="Fewer is better"
						description={c.fewer ? "From is worth 100, To 0." : "From is worth 0, To 100."}
						disabled={readOnly}
						checked={c.fewer}
						onChange={(e) => set({ fewer: e.currentTarget.checked })}
					/>
				</>
			)}
			{hasPassMark(c.type) && (
				<Figure
					{...props}
					label="Passed from"
					description="Of its own 0 to 100; the scorecard's pass mark when empty."
					field="pass_at"
					value={c.passAt}
					onChange={(passAt) => set({ passAt })}
				/>
			)}
		</>
	);
}
