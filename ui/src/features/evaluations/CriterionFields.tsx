import { Textarea, TextInput } from "@mantine/core";
import type { CriterionDraft } from "./scorecard";

/** What every part of a criterion's form is given. */
export interface FieldProps {
	criterion: CriterionDraft;
	readOnly: boolean;
	set: (to: Partial<CriterionDraft>) => void;
	/** What is wrong with a field, by its pointer below the criterion's. */
	error: (field: string) => string | undefined;
}

interface InputProps extends Pick<FieldProps, "readOnly" | "error"> {
	label: string;
	description?: string;
	field: string;
	value: string;
	onChange: (value: string) => void;
}

/** A number, kept as typed. */
export function Figure({ label, description, field, value, onChange, readOnly, error }: InputProps) {
	return (
		<TextInput
			label={label}
			description={description}
			inputMode="decimal"
			disabled={readOnly}
			value={value}
			error={error(field)}
			onChange={(e) => onChange(e.currentTarget.value)}
		/>
	);
}

/** Several texts, one a line. */
export function Lines({
	label,
	description = "One a line.",
	field,
	value,
	onChange,
	readOnly,
	error,
}: InputProps) {
	return (
		<Textarea
			label={label}
			description={description}
			autosize
			minRows={1}
			maxRows={10}
			maxLength={6000}
			disabled={readOnly}
			value={value}
			error={error(field)}
			onChange={(e) => onChange(e.currentTarget.value)}
		/>
	);
}
