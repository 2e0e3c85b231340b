import { TextInput } from "@mantine/core";

interface FigureProps {
	label: string;
	description?: string;
	placeholder?: string;
	unit?: string;
	value: string;
	error?: string;
	onChange: (typed: string) => void;
}

/** A number as it is typed, with its unit at the end. */
export function Figure({ unit, onChange, ...rest }: FigureProps) {
	return (
		<TextInput
			{...rest}
			inputMode="decimal"
			rightSection={unit && <span className="rs-dim">{unit}</span>}
			rightSectionWidth={unit && unit.length > 3 ? 58 : undefined}
			rightSectionPointerEvents="none"
			onChange={(e) => onChange(e.currentTarget.value)}
		/>
	);
}
