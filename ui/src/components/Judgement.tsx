import { Tooltip } from "@mantine/core";
import {
	findings,
	methods,
	outcomes,
	scoreTone,
	sentiments,
	severities,
	stepStatuses,
	type Tone,
	verdicts,
	wordOf,
} from "../lib/words";
import { Badge } from "./Badge";
import type { IconName } from "./Icon";
import classes from "./Judgement.module.css";

/** The dash for a figure that nobody could work out, or not yet. */
export function NotMeasured() {
	return (
		<span className="rs-dim" title="Not measured">
			<span aria-hidden="true">—</span>
			<span className="rs-sr">Not measured</span>
		</span>
	);
}

interface ScoreProps {
	/** 0 to 100. */
	value: number | null | undefined;
	/** The figure of a card. */
	big?: boolean;
}

/** A score out of 100 in the colour of what it means. */
export function ScoreValue({ value, big }: ScoreProps) {
	if (value == null) return <NotMeasured />;
	return (
		<span
			className={classes.score}
			data-tone={scoreTone(value)}
			data-big={big || undefined}
			title={`${Math.round(value)} of 100`}
		>
			{Math.round(value)}
		</span>
	);
}

interface Rated {
	score: number | null;
	method: string;
}

/** The same beside a title; nothing where there is no score. */
export function ScoreBadge({ quality }: { quality: Rated | null | undefined }) {
	if (quality?.score == null) return null;
	return (
		<Tooltip label={`Of 100. ${whatItIs[quality.method] ?? ""}`}>
			<span>
				<Badge tone={scoreTone(quality.score)}>Score {Math.round(quality.score)}</Badge>
			</span>
		</Tooltip>
	);
}

const sentimentIcons: Record<string, IconName> = {
	positive: "smile",
	neutral: "meh",
	negative: "frown",
	mixed: "mixed",
	unknown: "question",
};

export function SentimentBadge({ label, bare }: { label: string; bare?: boolean }) {
	if (!label) return <NotMeasured />;
	const { text, tone } = wordOf(sentiments, label);
	return (
		<Badge bare={bare} tone={tone} icon={sentimentIcons[label] ?? "question"}>
			{text}
		</Badge>
	);
}

const findingIcons: Record<string, IconName> = {
	forbidden_phrase: "stop",
	compliance_missed: "missed",
	sensitive_data: "lock",
	frustration: "frown",
	escalation_request: "person",
	said_not_done: "undone",
	agent_stuck: "loop",
	tool_error: "tool",
	repeated_tool_call: "refresh",
	knowledge_gap: "question",
	dead_air: "clock",
};

export const findingIcon = (kind: string): IconName => findingIcons[kind] ?? "alert";

export const severityTone = (severity: string): Tone => wordOf(severities, severity).tone;

interface FindingProps {
	kind: string;
	/** Where it is known it gives the colour; else the kind's usual one stands. */
	severity?: string;
	bare?: boolean;
}

export function FindingBadge({ kind, severity, bare }: FindingProps) {
	const { text, tone } = wordOf(findings, kind);
	return (
		<Badge bare={bare} tone={severity ? severityTone(severity) : tone} icon={findingIcon(kind)}>
			{text}
		</Badge>
	);
}

const verdictIcons: Record<string, IconName> = {
	pass: "check",
	fail: "close",
	na: "minus",
	unknown: "question",
};

export function VerdictBadge({ verdict }: { verdict: string }) {
	const { text, tone } = wordOf(verdicts, verdict);
	return (
		<Badge bare tone={tone} icon={verdictIcons[verdict] ?? "question"}>
			{text}
		</Badge>
	);
}

const outcomeIcons: Record<string, IconName> = {
	resolved: "check",
	unresolved: "close",
	escalated: "person",
	transferred: "outbound",
	no_conversation: "missed",
};

/** What a summary says came of the call. */
export function ResolutionBadge({ outcome, bare }: { outcome: string; bare?: boolean }) {
	const { text, tone } = wordOf(outcomes, outcome);
	return (
		<Badge bare={bare} tone={tone} icon={outcomeIcons[outcome] ?? "question"}>
			{text}
		</Badge>
	);
}

const stepIcons: Record<string, IconName> = {
	waiting: "clock",
	running: "refresh",
	done: "check",
	skipped: "minus",
	failed: "stop",
	lost: "stop",
};

export function StepBadge({ status }: { status: string }) {
	const { text, tone } = wordOf(stepStatuses, status);
	return (
		<Badge bare tone={tone} icon={stepIcons[status] ?? "question"}>
			{text}
		</Badge>
	);
}

const whatItIs: Record<string, string> = {
	local: "Worked out by Ringside from words and times, without a language model: an estimate.",
	rule: "Settled by the transcript itself: something was said or done, or it was not.",
	llm: "A language model's reading of the transcript.",
	human: "A person's word.",
};

/** Whose word a result is; a model is named where it is known. */
export function MethodLabel({ method, model }: { method: string | undefined; model?: string }) {
	if (!method) return null;
	const text = method === "llm" && model ? `By ${model}` : wordOf(methods, method).text;
	return (
		<Tooltip label={whatItIs[method] ?? text} disabled={!whatItIs[method]}>
			<span className={classes.method}>{text}</span>
		</Tooltip>
	);
}
