import { MultiSelect, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { sentiments, wordOf } from "../../lib/words";
import classes from "./dialog.module.css";
import { Figure } from "./Figure";
import { measures, type RuleDraft, thresholdLabel } from "./rule";
import { conditionWords, sensitive } from "./words";

export interface PartProps {
	draft: RuleDraft;
	set: (change: Partial<RuleDraft>) => void;
	fields: Record<string, string>;
}

/** The fields of the condition that the draft has; the built-in ones of a fixed kind have none. */
export function ConditionFields(props: PartProps) {
	switch (props.draft.type) {
		case "score_threshold":
			return <ScoreFields {...props} />;
		case "duration":
		case "dead_air":
			return (
				<div className={classes.pair}>
					<Threshold {...props} />
				</div>
			);
		case "response_time":
			return <WaitFields {...props} />;
		case "error_rate":
			return <RateFields {...props} />;
		case "sentiment":
			return <MoodFields {...props} />;
		case "required_phrase":
			return <PhraseFields {...props} />;
		case "sensitive_data":
			return <DataFields {...props} />;
		case "tool_error":
			return <ToolFields {...props} />;
		case "custom_rule":
			return <PromptFields {...props} />;
		default:
			return <p className="rs-dim">{conditionWords({ type: props.draft.type })}.</p>;
	}
}

function Threshold({ draft, set, fields }: PartProps) {
	const m = measures[draft.type];
	return (
		<Figure
			label={thresholdLabel(draft)}
			unit={m?.unit}
			value={draft.threshold}
			error={fields["/condition/threshold"]}
			onChange={(threshold) => set({ threshold })}
		/>
	);
}

const operators = [
	{ value: "less_than", label: "Below" },
	{ value: "less_than_or_equal", label: "At or below" },
	{ value: "greater_than", label: "Above" },
	{ value: "greater_than_or_equal", label: "At or above" },
];

function ScoreFields(props: PartProps) {
	const { draft, set, fields } = props;
	return (
		<div className={classes.pair}>
			<Select
				label="The score is"
				allowDeselect={false}
				data={operators}
				value={draft.operator ?? "less_than"}
				error={fields["/condition/operator"]}
				onChange={(v) => set({ operator: (v ?? "less_than") as RuleDraft["operator"] })}
			/>
			<Threshold {...props} />
		</div>
	);
}

function WaitFields(props: PartProps) {
	const { draft, set, fields } = props;
	return (
		<div className={classes.pair}>
			<Threshold {...props} />
			<Figure
				label="Answers in a row"
				placeholder="1"
				value={draft.answers}
				error={fields["/condition/consecutive"]}
				onChange={(answers) => set({ answers })}
			/>
		</div>
	);
}

const rateWindows = [
	{ value: "15m", label: "15 minutes" },
	{ value: "1h", label: "1 hour" },
	{ value: "6h", label: "6 hours" },
	{ value: "24h", label: "24 hours" },
];

function RateFields(props: PartProps) {
	const { draft, set, fields } = props;
	const known = rateWindows.some((w) => w.value === draft.window);
	return (
		<div className={`${classes.pair} ${classes.low}`}>
			<Threshold {...props} />
			<Select
				label="Of the calls of the last"
				description="Looked at once 10 of them have ended."
				allowDeselect={false}
				data={known ? rateWindows : [...rateWindows, draft.window]}
				value={draft.window}
				error={fields["/condition/timeWindow"]}
				onChange={(v) => set({ window: v ?? "1h" })}
			/>
		</div>
	);
}

function MoodFields({ draft, set, fields }: PartProps) {
	return (
		<div className={`${classes.pair} ${classes.low}`}>
			<Select
				label="The caller's words are"
				allowDeselect={false}
				data={["negative", "mixed", "neutral", "positive"].map((value) => ({
					value,
					label: wordOf(sentiments, value).text,
				}))}
				value={draft.mood}
				error={fields["/condition/value"]}
				onChange={(v) => set({ mood: (v ?? "negative") as RuleDraft["mood"] })}
			/>
			<Figure
				label="How strongly, at least"
				description="From 0 to 1; any when empty."
				value={draft.confidence}
				error={fields["/condition/confidence"]}
				onChange={(confidence) => set({ confidence })}
			/>
		</div>
	);
}

function PhraseFields({ draft, set, fields }: PartProps) {
	return (
		<>
			<SegmentedControl
				aria-label="Whether it must be said"
				data={[
					{ value: "must", label: "The agent must say it" },
					{ value: "not", label: "The agent must not say it" },
				]}
				value={draft.mustSay ? "must" : "not"}
				onChange={(v) => set({ mustSay: v === "must" })}
			/>
			<TextInput
				label="Phrase"
				placeholder="this call is recorded"
				maxLength={500}
				value={draft.phrase}
				error={fields["/condition/phrase"]}
				onChange={(e) => set({ phrase: e.currentTarget.value })}
			/>
			<div className={classes.pair}>
				<Figure
					label="In the first"
					description={draft.mustSay ? "Alerts when it is not said by then." : "The whole call when empty."}
					unit="s"
					value={draft.within}
					error={fields["/condition/location"]}
					onChange={(within) => set({ within })}
				/>
			</div>
		</>
	);
}

function DataFields({ draft, set, fields }: PartProps) {
	return (
		<MultiSelect
			label="Said in clear"
			placeholder={draft.detect.length === 0 ? "All of them" : undefined}
			data={Object.entries(sensitive).map(([value, label]) => ({ value, label }))}
			value={draft.detect}
			error={fields["/condition/detect"]}
			onChange={(detect) => set({ detect })}
		/>
	);
}

function ToolFields({ draft, set, fields }: PartProps) {
	return (
		<div className={classes.pair}>
			<TextInput
				label="Tool"
				placeholder="Any"
				spellCheck={false}
				maxLength={200}
				value={draft.tool}
				error={fields["/condition/toolName"]}
				onChange={(e) => set({ tool: e.currentTarget.value })}
			/>
			<Figure
				label="Failures in a row"
				placeholder="3"
				value={draft.failures}
				error={fields["/condition/consecutiveFailures"]}
				onChange={(failures) => set({ failures })}
			/>
		</div>
	);
}

function PromptFields({ draft, set, fields }: PartProps) {
	return (
		<>
			<Textarea
				label="What it is to look for"
				description="The workspace's language model reads the call so far and says whether this is so. Each question costs."
				placeholder="The agent promises a refund."
				autosize
				minRows={2}
				maxRows={8}
				maxLength={4000}
				value={draft.prompt}
				error={fields["/condition/prompt"]}
				onChange={(e) => set({ prompt: e.currentTarget.value })}
			/>
			<div className={classes.pair}>
				<Figure
					label="Asked every"
					unit="turns"
					placeholder="6"
					value={draft.everyTurns}
					error={fields["/condition/everyTurns"]}
					onChange={(everyTurns) => set({ everyTurns })}
				/>
			</div>
		</>
	);
}
