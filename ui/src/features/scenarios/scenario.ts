// A scenario as its form holds it, and in words. Pure.

import type { IconName } from "../../components/Icon";
import { plural } from "../../lib/format";
import { alertTypes, enders, findings, type Tone, wordOf } from "../../lib/words";
import type { Run, Scenario, ScenarioBody } from "./queries";

type Kind = Scenario["schedule"]["kind"];

export interface ScenarioDraft {
	name: string;
	persona: string;
	goal: string;
	script: string;
	behaviour: Scenario["behaviour"];
	/** An agent's id; empty: none of the workspace's. */
	agent: string;
	/** Whole numbers, as typed. */
	calls: string;
	kind: Kind;
	everyHours: string;
	at: string;
	timezone: string;
	/** Whether the schedule holds. */
	active: boolean;
	endedBy: string;
	/** Phrases and tools: one on each line. */
	mustSay: string;
	mustNotSay: string;
	tools: string;
	alerts: string[];
	noFindings: string[];
	minQuality: string;
	maxResponse: string;
	success: "" | "true" | "false";
}

export const firstScript = `# refund 1 success
A Thank you for calling. How can I help you?
U I would like my money back for order seven, please.
T find_order {"order":"7"} -> {"ok":true}
A I have found the order. Your refund is on its way.
U Thank you, goodbye.
`;

const lines = (text: string) =>
	text
		.split("\n")
		.map((l) => l.trim())
		.filter(Boolean);

const typed = (n: number | null | undefined) => (n === null || n === undefined ? "" : String(n));

export function draftOf(s: Scenario | undefined, zone: string): ScenarioDraft {
	const e = s?.expect ?? {};
	return {
		name: s?.name ?? "",
		persona: s?.persona ?? "",
		goal: s?.goal ?? "",
		script: s?.script ?? firstScript,
		behaviour: s?.behaviour ?? "normal",
		agent: s?.agent_id ?? "",
		calls: typed(s?.calls ?? 1),
		kind: s?.schedule.kind ?? "off",
		everyHours: typed(s?.schedule.every_hours ?? 24),
		at: s?.schedule.at ?? "07:30",
		timezone: s?.schedule.kind === "daily" ? s.schedule.timezone || "UTC" : zone,
		active: s?.active ?? true,
		endedBy: e.ended_by ?? "",
		mustSay: (e.must_say ?? []).join("\n"),
		mustNotSay: (e.must_not_say ?? []).join("\n"),
		tools: (e.tools ?? []).join("\n"),
		alerts: [...(e.alerts ?? [])],
		noFindings: [...(e.no_findings ?? [])],
		minQuality: typed(e.min_quality),
		maxResponse: typed(e.max_response_p95_ms),
		success: e.success === undefined || e.success === null ? "" : e.success ? "true" : "false",
	};
}

export function scheduleOf(d: ScenarioDraft): Scenario["schedule"] {
	if (d.kind === "hours") return { kind: "hours", every_hours: Number(d.everyHours) };
	if (d.kind === "daily") return { kind: "daily", at: d.at, timezone: d.timezone };
	return { kind: "off" };
}

export function bodyOf(d: ScenarioDraft): ScenarioBody {
	const list = (name: string, values: string[]) => (values.length > 0 ? { [name]: values } : {});
	return {
		name: d.name.trim(),
		persona: d.persona.trim(),
		goal: d.goal.trim(),
		script: d.script,
		behaviour: d.behaviour,
		agent_id: d.agent,
		calls: Number(d.calls),
		schedule: scheduleOf(d),
		active: d.active,
		expect: {
			...(d.endedBy ? { ended_by: d.endedBy as NonNullable<Scenario["expect"]["ended_by"]> } : {}),
			...list("must_say", lines(d.mustSay)),
			...list("must_not_say", lines(d.mustNotSay)),
			...list("tools", lines(d.tools)),
			...list("alerts", d.alerts),
			...list("no_findings", d.noFindings),
			...(d.minQuality.trim() ? { min_quality: Number(d.minQuality) } : {}),
			...(d.maxResponse.trim() ? { max_response_p95_ms: Number(d.maxResponse) } : {}),
			...(d.success ? { success: d.success === "true" } : {}),
		},
	};
}

/** The places in the form that the server may find fault with. */
export const pointers = [
	"/name",
	"/persona",
	"/goal",
	"/script",
	"/agent_id",
	"/calls",
	"/schedule/every_hours",
	"/schedule/at",
	"/schedule/timezone",
	"/expect/must_say",
	"/expect/must_not_say",
	"/expect/tools",
	"/expect/min_quality",
	"/expect/max_response_p95_ms",
];

const whole = (text: string, from: number, to: number) => {
	const n = Number(text);
	return text.trim() !== "" && Number.isInteger(n) && n >= from && n <= to;
};

/** What of the draft would be refused, without asking the server. */
export function check(d: ScenarioDraft): Record<string, string> {
	const out: Record<string, string> = {};
	if (d.name.trim() === "") out["/name"] = "Enter a name: its calls show it";
	if (d.script.trim() === "") out["/script"] = "Enter a conversation, or take one from a file";
	if (!whole(d.calls, 1, 50)) out["/calls"] = "Enter a whole number from 1 to 50";
	if (d.kind === "hours" && !whole(d.everyHours, 1, 168)) {
		out["/schedule/every_hours"] = "Enter whole hours from 1 to 168";
	}
	if (d.kind === "daily" && !/^([01]\d|2[0-3]):[0-5]\d$/.test(d.at)) {
		out["/schedule/at"] = "Enter a time of day like 07:30";
	}
	const score = Number(d.minQuality);
	if (!(score >= 0 && score <= 100)) out["/expect/min_quality"] = "Enter a score from 0 to 100";
	const most = Number(d.maxResponse);
	if (d.maxResponse.trim() && !(most >= 1 && most <= 600_000)) {
		out["/expect/max_response_p95_ms"] = "Enter milliseconds from 1 to 600000";
	}
	return out;
}

export const behaviours: { value: Scenario["behaviour"]; label: string }[] = [
	{ value: "normal", label: "As it is written" },
	{ value: "frustrated", label: "The customer loses patience" },
	{ value: "stuck", label: "The agent asks the same again and again" },
	{ value: "slow", label: "The agent takes seconds to answer" },
	{ value: "failing_tool", label: "No tool does what it is asked to" },
	{ value: "silent", label: "The customer falls silent" },
	{ value: "non_compliant", label: "The agent says what it must not" },
];

/** When it is played by itself, in words. */
export function scheduleWords({ schedule: s, active }: Pick<Scenario, "schedule" | "active">): string {
	if (s.kind === "off") return "By hand";
	const when =
		s.kind === "hours"
			? `Every ${plural(s.every_hours ?? 0, "hour")}`
			: `Daily at ${s.at}, ${s.timezone || "UTC"}`;
	return active ? when : `${when}; switched off`;
}

interface State {
	text: string;
	tone: Tone;
	icon: IconName;
}

const states: Record<Run["state"], State> = {
	queued: { text: "Waits to begin", tone: "quiet", icon: "clock" },
	running: { text: "Calls are on", tone: "live", icon: "wave" },
	judging: { text: "Waits for the analysis", tone: "info", icon: "clock" },
	done: { text: "Unknown", tone: "quiet", icon: "question" },
	cut_off: { text: "Cut off", tone: "watch", icon: "alert" },
	skipped: { text: "Skipped", tone: "quiet", icon: "minus" },
};

const results: Record<Run["result"], State> = {
	passed: { text: "Passed", tone: "good", icon: "check" },
	failed: { text: "Failed", tone: "bad", icon: "stop" },
	unknown: { text: "Unknown", tone: "quiet", icon: "question" },
};

/** How far a run is, and what it came to when it is done. */
export const runState = (r: Pick<Run, "state" | "result">): State =>
	r.state === "done" ? results[r.result] : states[r.state];

export const resultState = (r: Run["result"]): State => results[r];

/** What was expected, in words: "Says “refund”". */
export function expectedWords(expected: string, e: Run["expect"]): string {
	const [field, at] = expected.split("/");
	const i = Number(at);
	switch (field) {
		case "must_say":
			return `Says “${e.must_say?.[i]}”`;
		case "must_not_say":
			return `Does not say “${e.must_not_say?.[i]}”`;
		case "tools":
			return `Calls ${e.tools?.[i]}`;
		case "alerts":
			return `Alert: ${wordOf(alertTypes, e.alerts?.[i]).text}`;
		case "no_findings":
			return `No finding: ${wordOf(findings, e.no_findings?.[i]).text}`;
		case "ended_by":
			return `Ended by: ${wordOf(enders, e.ended_by).text}`;
		case "success":
			return e.success ? "Does what it is for" : "Does not do what it is for";
		case "min_quality":
			return "Quality score";
		case "max_response_p95_ms":
			return "Response time, 95th percentile";
		case "ended":
			return "Comes to an end";
	}
	return "Analysis";
}
