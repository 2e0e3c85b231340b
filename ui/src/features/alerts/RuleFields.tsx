import { Select, Switch, TextInput } from "@mantine/core";
import { alertSeverities, wordOf } from "../../lib/words";
import { AgentsSelect } from "../agents/AgentsSelect";
import { ConditionFields, type PartProps } from "./ConditionFields";
import classes from "./dialog.module.css";
import { type ConditionType, conditionTypes, ofType, type RuleDraft } from "./rule";
import { severityNames } from "./search";

/** What a rule looks for, and in whose calls. A built-in one keeps its name and its kind. */
export function RuleFields({ builtIn, ...props }: PartProps & { builtIn: boolean }) {
	const { draft, set, fields } = props;
	return (
		<>
			{!builtIn && (
				<>
					<TextInput
						label="Name"
						data-autofocus
						maxLength={200}
						value={draft.name}
						error={fields["/name"]}
						onChange={(e) => set({ name: e.currentTarget.value })}
					/>
					<TypeSelect {...props} />
				</>
			)}
			<ConditionFields {...props} />
			<div className={classes.pair}>
				<Select
					label="Severity"
					allowDeselect={false}
					data={severityNames.map((value) => ({ value, label: wordOf(alertSeverities, value).text }))}
					value={draft.severity}
					error={fields["/severity"]}
					onChange={(v) => set({ severity: (v ?? "medium") as RuleDraft["severity"] })}
				/>
				<AgentsSelect value={draft.agents} error={fields["/agents"]} onChange={(agents) => set({ agents })} />
			</div>
			<Switch
				label="On"
				description="Off: no call is watched by it."
				checked={draft.active}
				onChange={(e) => set({ active: e.currentTarget.checked })}
			/>
		</>
	);
}

function TypeSelect({ draft, set, fields }: PartProps) {
	const known = conditionTypes.some((t) => t.value === draft.type);
	const data = known
		? conditionTypes
		: [...conditionTypes, { value: draft.type, label: "What the built-in rule looks for" }];
	return (
		<Select
			label="Looks at"
			allowDeselect={false}
			data={data}
			value={draft.type}
			error={fields["/condition/type"]}
			onChange={(v) => v && v !== draft.type && set(ofType(v as ConditionType))}
		/>
	);
}
