import { MultiSelect, Select, Textarea } from "@mantine/core";
import { alertTypes, enders, findings, wordOf } from "../../lib/words";
import { Figure } from "../alerts/Figure";
import type { PartProps } from "./ScenarioDialog";
import type { ScenarioDraft } from "./scenario";
import classes from "./scenarios.module.css";

const choices = (table: typeof findings, leave: string[] = []) =>
	Object.keys(table)
		.filter((k) => !leave.includes(k))
		.map((value) => ({ value, label: wordOf(table, value).text }));

/** What makes a run pass. */
export function ExpectFields({ draft, problems, set }: PartProps) {
	return (
		<fieldset className={classes.expect}>
			<legend>A call passes when</legend>
			<div className={classes.pair}>
				<Lines
					label="The agent says"
					value={draft.mustSay}
					error={problems["/expect/must_say"]}
					onChange={(mustSay) => set({ mustSay })}
				/>
				<Lines
					label="The agent does not say"
					value={draft.mustNotSay}
					error={problems["/expect/must_not_say"]}
					onChange={(mustNotSay) => set({ mustNotSay })}
				/>
			</div>
			<div className={classes.pair}>
				<Lines
					label="These tools are called"
					value={draft.tools}
					error={problems["/expect/tools"]}
					onChange={(tools) => set({ tools })}
				/>
				<Select
					label="It is ended by"
					placeholder="Whoever"
					clearable
					data={choices(enders, ["unknown"])}
					value={draft.endedBy || null}
					onChange={(v) => set({ endedBy: v ?? "" })}
				/>
			</div>
			<div className={classes.pair}>
				<MultiSelect
					label="These alerts are triggered"
					data={choices(alertTypes)}
					value={draft.alerts}
					onChange={(alerts) => set({ alerts })}
				/>
				<MultiSelect
					label="Nothing of these kinds is found"
					data={choices(findings)}
					value={draft.noFindings}
					onChange={(noFindings) => set({ noFindings })}
				/>
			</div>
			<div className={classes.pair}>
				<Figure
					label="Quality score, at least"
					value={draft.minQuality}
					error={problems["/expect/min_quality"]}
					onChange={(minQuality) => set({ minQuality })}
				/>
				<Figure
					label="Response time p95, at most"
					unit="ms"
					value={draft.maxResponse}
					error={problems["/expect/max_response_p95_ms"]}
					onChange={(maxResponse) => set({ maxResponse })}
				/>
			</div>
			<Select
				label="It did what it was for"
				description="A language model must have read the call; without one this is unknown."
				placeholder="Not looked at"
				clearable
				data={[
					{ value: "true", label: "Yes" },
					{ value: "false", label: "No" },
				]}
				value={draft.success || null}
				onChange={(v) => set({ success: (v ?? "") as ScenarioDraft["success"] })}
			/>
		</fieldset>
	);
}

interface LinesProps {
	label: string;
	value: string;
	error?: string;
	onChange: (text: string) => void;
}

function Lines({ onChange, ...rest }: LinesProps) {
	return (
		<Textarea
			{...rest}
			placeholder="One on each line"
			autosize
			minRows={1}
			maxRows={6}
			onChange={(e) => onChange(e.currentTarget.value)}
		/>
	);
}
