import { ActionIcon, Button, TextInput } from "@mantine/core";
import { Icon } from "../../components/Icon";
import type { FieldProps } from "./CriterionFields";
import classes from "./editor.module.css";
import type { OptionDraft } from "./scorecard";

/** The answers to choose from, and what each is worth. */
export function Options({ criterion: c, set, readOnly, error }: FieldProps) {
	const put = (i: number, to: OptionDraft | null) =>
		set({ options: c.options.flatMap((o, at) => (at === i ? (to ?? []) : o)) });
	return (
		<fieldset className={classes.options}>
			<legend>Answers to choose from</legend>
			<p className="rs-dim">
				Each with what it is worth, 0 to 100. Without a figure the answer means that the criterion does not
				apply.
			</p>
			{c.options.map((o, i) => (
				<div key={i} className={classes.option}>
					<TextInput
						aria-label={`Answer ${i + 1}`}
						placeholder="Answer"
						disabled={readOnly}
						value={o.value}
						onChange={(e) => put(i, { ...o, value: e.currentTarget.value })}
					/>
					<TextInput
						aria-label={`Worth of answer ${i + 1}`}
						placeholder="Does not apply"
						inputMode="decimal"
						disabled={readOnly}
						value={o.score}
						onChange={(e) => put(i, { ...o, score: e.currentTarget.value })}
					/>
					{!readOnly && (
						<ActionIcon aria-label={`Remove answer ${i + 1}`} onClick={() => put(i, null)}>
							<Icon name="close" size={14} />
						</ActionIcon>
					)}
				</div>
			))}
			{error("options") && (
				<p role="alert" className={classes.wrong}>
					{error("options")}
				</p>
			)}
			{!readOnly && (
				<div>
					<Button
						size="compact-sm"
						onClick={() => set({ options: [...c.options, { value: "", score: "" }] })}
					>
						Add an answer
					</Button>
				</div>
			)}
		</fieldset>
	);
}
