import { Checkbox, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { Cards, Figure, type ItemProps, type ListProps } from "./ListParts";
import { type ExtractionField, newField } from "./lists";
import classes from "./lists.module.css";

const types: { value: ExtractionField["type"]; label: string }[] = [
	{ value: "text", label: "Text" },
	{ value: "boolean", label: "Yes or no" },
	{ value: "number", label: "Number" },
	{ value: "datetime", label: "Date and time" },
	{ value: "enum", label: "One of a list" },
];

/** What is read out of each call, with its type and what it may be. */
export function ExtractionEditor(props: ListProps<ExtractionField>) {
	return (
		<Cards
			{...props}
			noun="Field"
			none="No field yet: what a caller wants, or when an appointment is, for example."
			fresh={newField}
			nameOf={(f) => f.name}
		>
			{(item) => <Fields {...item} above={props.value.slice(0, item.index)} />}
		</Cards>
	);
}

interface FieldsProps extends ItemProps<ExtractionField> {
	/** The fields before it: those that it may depend on. */
	above: ExtractionField[];
}

function Fields(props: FieldsProps) {
	const { item: f, set, error, disabled } = props;
	return (
		<>
			<div className={classes.pair}>
				<TextInput
					label="Name"
					description="The key of the value."
					placeholder="appointment_at"
					spellCheck={false}
					maxLength={64}
					disabled={disabled}
					value={f.name}
					error={error("name")}
					onChange={(e) => set({ name: e.currentTarget.value })}
				/>
				<Select
					label="Type"
					description="What else comes is refused."
					allowDeselect={false}
					disabled={disabled}
					data={types}
					value={f.type}
					error={error("type")}
					onChange={(v) => set({ type: types.find((t) => t.value === v)?.value ?? "text" })}
				/>
			</div>
			<Textarea
				label="What to look for"
				placeholder="The day and hour that the caller agreed to"
				autosize
				minRows={1}
				maxRows={8}
				disabled={disabled}
				value={f.description ?? ""}
				error={error("description")}
				onChange={(e) => set({ description: e.currentTarget.value })}
			/>
			<Limits {...props} />
			<Condition {...props} />
			<Checkbox
				label="Required"
				description="A call without it says so."
				disabled={disabled}
				checked={f.required ?? false}
				onChange={(e) => set({ required: e.currentTarget.checked })}
			/>
		</>
	);
}

/** What a value of the type may be. */
function Limits({ item: f, set, error, disabled }: FieldsProps) {
	if (f.type === "enum") {
		return (
			<TagsInput
				label="Options"
				description="Enter adds one."
				splitChars={[","]}
				acceptValueOnBlur
				disabled={disabled}
				value={f.options ?? []}
				error={error("options")}
				onChange={(options) => set({ options })}
			/>
		);
	}
	if (f.type !== "text" && f.type !== "number") return null;
	const length = f.type === "text";
	return (
		<>
			<div className={classes.pair}>
				<Figure
					label={length ? "Shortest" : "Least"}
					unit={length ? "letters" : undefined}
					disabled={disabled}
					value={f.min}
					error={error("min")}
					onChange={(min) => set({ min })}
				/>
				<Figure
					label={length ? "Longest" : "Most"}
					unit={length ? "letters" : undefined}
					disabled={disabled}
					value={f.max}
					error={error("max")}
					onChange={(max) => set({ max })}
				/>
			</div>
			{length && (
				<TextInput
					label="Pattern"
					description="A regular expression (RE2) that all of the text must match."
					placeholder="[A-Z]{2}\d{6}"
					spellCheck={false}
					disabled={disabled}
					value={f.pattern ?? ""}
					error={error("pattern")}
					onChange={(e) => set({ pattern: e.currentTarget.value })}
				/>
			)}
		</>
	);
}

/** Asked only when a field above has one of some values. */
function Condition({ item: f, above, set, error, disabled }: FieldsProps) {
	const names = [...new Set(above.map((a) => a.name.trim()).filter((n) => n !== ""))];
	const current = f.when?.field ?? "";
	if (names.length === 0 && !current) return null;
	return (
		<div className={classes.pair}>
			<Select
				label="Only when"
				description="Another field decides."
				allowDeselect={false}
				disabled={disabled}
				data={[
					{ value: "", label: "Always" },
					...(current && !names.includes(current) ? [current] : []),
					...names,
				]}
				value={current}
				error={error("when/field")}
				onChange={(field) => set({ when: field ? { values: [], ...f.when, field } : null })}
			/>
			{f.when && (
				<TagsInput
					label="Is one of"
					description="true, 42, annual. Enter adds one."
					splitChars={[","]}
					acceptValueOnBlur
					disabled={disabled}
					value={f.when.values}
					error={error("when/values")}
					onChange={(values) => set({ when: { field: current, ...f.when, values } })}
				/>
			)}
		</div>
	);
}
