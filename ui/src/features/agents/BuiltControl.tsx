import { type ReactNode, useId } from "react";
import classes from "./agents.module.css";
import type { Draft, Value } from "./draft";
import { ExtractionEditor } from "./ExtractionEditor";
import { Help } from "./FieldControl";
import type { Field } from "./field";
import { LimitsEditor } from "./LimitsEditor";
import type { ExtractionField, LimitsMap, Mapping, PhraseRule } from "./lists";
import { MappingEditor } from "./MappingEditor";
import { PhraseEditor } from "./PhraseEditor";
import type { Agent } from "./queries";
import { ScorecardSelect } from "./ScorecardSelect";

interface BuiltProps {
	field: Field;
	agent: Agent;
	draft: Draft;
	/** Of the whole form, by pointer. */
	errors: Record<string, string>;
	onChange: (value: Value) => void;
	disabled: boolean;
}

/** A setting that is more than one input. */
export function BuiltControl({ field, agent, draft, errors, onChange, disabled }: BuiltProps) {
	const value = draft[field.at];
	const list = { at: field.at, errors, disabled, onChange };
	switch (field.kind) {
		case "scorecard":
			return (
				<ScorecardSelect
					field={field}
					value={String(value ?? "")}
					error={errors[field.at]}
					disabled={disabled}
					onChange={onChange}
				/>
			);
		case "phrases":
			return (
				<Framed field={field} error={errors[field.at]}>
					<PhraseEditor {...list} value={value as PhraseRule[]} />
				</Framed>
			);
		case "extraction":
			return (
				<Framed field={field} error={errors[field.at]}>
					<ExtractionEditor {...list} value={value as ExtractionField[]} />
				</Framed>
			);
		case "limits":
			return (
				<Framed field={field} error={errors[field.at]}>
					<LimitsEditor {...list} value={value as LimitsMap} />
				</Framed>
			);
		default:
			return (
				<Framed field={field} error={errors[field.at]}>
					<MappingEditor
						agent={agent}
						draft={draft}
						disabled={disabled}
						value={value as Mapping}
						onChange={onChange}
					/>
				</Framed>
			);
	}
}

function Framed({ field, error, children }: { field: Field; error?: string; children: ReactNode }) {
	const wrong = useId();
	return (
		<fieldset className={classes.set} aria-describedby={error ? wrong : undefined}>
			<legend>{field.label}</legend>
			<Help field={field} />
			{children}
			{error && (
				<p id={wrong} role="alert" className={classes.wrong}>
					{error}
				</p>
			)}
		</fieldset>
	);
}
