import { Select, TextInput } from "@mantine/core";
import { wordOf, ruleKinds as words } from "../../lib/words";
import { type FieldProps, Figure, Lines } from "./CriterionFields";
import classes from "./editor.module.css";
import { type RuleKind, ruleKinds } from "./scorecard";

const kinds = ruleKinds.map((value) => ({ value, label: wordOf(words, value).text }));

/** What settles a criterion by itself, without a language model. */
export function RuleFields(props: FieldProps) {
	const { criterion: c, set, readOnly, error } = props;
	return (
		<>
			<Select
				label="Rule"
				description="Settles it by itself. Without one a language model judges it."
				placeholder="None: a language model judges it"
				clearable
				data={kinds}
				disabled={readOnly}
				value={c.rule || null}
				error={error("rule")}
				onChange={(v) => set({ rule: (v ?? "") as RuleKind | "" })}
			/>
			{(c.rule === "says" || c.rule === "never_says") && (
				<div className={classes.pair}>
					<Lines
						{...props}
						label="Phrases"
						description="One a line; any of them counts, whatever case and punctuation."
						field="rule/phrases"
						value={c.phrases}
						onChange={(phrases) => set({ phrases })}
					/>
					{c.rule === "says" && (
						<Figure
							{...props}
							label="Within seconds"
							description="After the answer; at any time when empty."
							field="rule/within_seconds"
							value={c.within}
							onChange={(within) => set({ within })}
						/>
					)}
				</div>
			)}
			{c.rule === "max_duration" && (
				<Figure
					{...props}
					label="Seconds"
					field="rule/seconds"
					value={c.seconds}
					onChange={(seconds) => set({ seconds })}
				/>
			)}
			{c.rule === "calls_tool" && (
				<TextInput
					label="Tool"
					description="It has to be called, and to succeed."
					maxLength={200}
					disabled={readOnly}
					value={c.tool}
					error={error("rule/tool")}
					onChange={(e) => set({ tool: e.currentTarget.value })}
				/>
			)}
		</>
	);
}
