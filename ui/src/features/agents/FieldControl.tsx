import { Checkbox, PasswordInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { Badge } from "../../components/Badge";
import classes from "./agents.module.css";
import type { Value } from "./draft";
import type { Field } from "./field";

interface ControlProps {
	field: Field;
	value: Value;
	onChange: (value: Value) => void;
	error?: string;
	disabled?: boolean;
	/** Of a secret: whether the server holds one. */
	held?: boolean;
}

/** The help under a label, and the setting's documented name. */
export function Help({ field, held }: { field: Field; held?: boolean }) {
	return (
		<span className={classes.help}>
			<span>{field.help}</span>
			<code>{field.at.slice(1).replaceAll("/", ".")}</code>
			{held && (
				<Badge tone="good" icon="lock" bare>
					Set
				</Badge>
			)}
		</span>
	);
}

export function FieldControl({ field, value, onChange, error, disabled, held }: ControlProps) {
	const id = useId();
	const common = { id, label: field.label, error, disabled, description: <Help field={field} held={held} /> };
	const text = typeof value === "string" ? value : "";
	const list = (Array.isArray(value) ? value : []) as string[];
	switch (field.kind) {
		case "switch":
			return (
				<Switch {...common} checked={value === true} onChange={(e) => onChange(e.currentTarget.checked)} />
			);
		case "area":
			return (
				<Textarea
					{...common}
					autosize
					minRows={3}
					maxRows={16}
					placeholder={field.placeholder}
					value={text}
					onChange={(e) => onChange(e.currentTarget.value)}
				/>
			);
		case "number":
			return (
				<TextInput
					{...common}
					inputMode="numeric"
					placeholder={field.placeholder}
					rightSection={<span className="rs-dim">{field.unit}</span>}
					rightSectionWidth={78}
					rightSectionPointerEvents="none"
					value={value === null ? "" : String(value)}
					onChange={(e) => onChange(numberOf(e.currentTarget.value))}
				/>
			);
		case "tags":
			return (
				<TagsInput
					{...common}
					placeholder={list.length === 0 ? field.placeholder : undefined}
					splitChars={[","]}
					acceptValueOnBlur
					value={list}
					onChange={onChange}
				/>
			);
		case "choice":
			return (
				<Select
					{...common}
					clearable
					placeholder="Not set"
					data={withCurrent(field, [text])}
					value={text || null}
					onChange={(v) => onChange(v ?? "")}
				/>
			);
		case "many":
			return <Many {...{ field, value: list, onChange, error, disabled }} />;
		case "secret":
			return (
				<PasswordInput
					{...common}
					autoComplete="new-password"
					placeholder={held ? "Kept as it is; type to replace it" : "Not set"}
					value={text}
					onChange={(e) => onChange(e.currentTarget.value)}
				/>
			);
		default:
			return (
				<TextInput
					{...common}
					type={field.kind === "url" ? "url" : "text"}
					placeholder={field.placeholder}
					value={text}
					onChange={(e) => onChange(e.currentTarget.value)}
				/>
			);
	}
}

/** What was typed; text that is no number stays, so that it can be told of. */
function numberOf(text: string): Value {
	const t = text.trim();
	if (t === "") return null;
	return /^\d+$/.test(t) ? Number(t) : t;
}

/** Values that came by the API and are not on the list must not vanish from the form. */
function withCurrent(field: Field, values: string[]) {
	const options = field.options ?? [];
	const others = values.filter((v) => v && !options.some((o) => o.value === v));
	return [...options, ...others.map((value) => ({ value, label: value }))];
}

interface ManyProps {
	field: Field;
	value: string[];
	onChange: (value: string[]) => void;
	error?: string;
	disabled?: boolean;
}

function Many({ field, value, onChange, error, disabled }: ManyProps) {
	const wrong = useId();
	const [options] = useState(() => withCurrent(field, value));
	return (
		<fieldset className={classes.set} aria-describedby={error ? wrong : undefined}>
			<legend>{field.label}</legend>
			<Help field={field} />
			<div className={classes.checks}>
				{options.map((o) => (
					<Checkbox
						key={o.value}
						label={o.label}
						disabled={disabled}
						checked={value.includes(o.value)}
						onChange={(e) =>
							onChange(e.currentTarget.checked ? [...value, o.value] : value.filter((v) => v !== o.value))
						}
					/>
				))}
			</div>
			{error && (
				<p id={wrong} className={classes.wrong}>
					{error}
				</p>
			)}
		</fieldset>
	);
}
