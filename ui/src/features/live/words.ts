import type { IconName } from "../../components/Icon";
import type { Tone, Word } from "../../lib/words";

type Table = Record<string, Word>;

const w = (text: string, tone: Tone = "quiet"): Word => ({ text, tone });

export const alertTypes: Table = {
	quality_drop: w("Quality drops"),
	compliance_issue: w("Compliance"),
	customer_frustration: w("Caller frustrated"),
	agent_stuck: w("Agent goes in circles"),
	dead_air: w("Long silence"),
	long_call: w("Long call"),
	slow_response: w("Slow responses"),
	tool_failing: w("Tool fails"),
	call_error: w("Error"),
};

export const alertSeverities: Table = {
	low: w("Low", "info"),
	medium: w("Medium", "watch"),
	high: w("High", "bad"),
	critical: w("Critical", "bad"),
};

export const alertStatuses: Table = {
	triggered: w("Open"),
	acknowledged: w("Acknowledged"),
	resolved: w("Resolved"),
};

export const alertChoiceWords: Record<string, string> = {
	critical: "Critical",
	new: "Not acknowledged",
	open: "Any open",
	none: "None",
};

/** How the live API calls sides and statuses, in the words of the rest. */
export const roleOf = (speaker: string | undefined): "agent" | "user" | null =>
	speaker === "agent" ? "agent" : speaker === "customer" ? "user" : null;

export const statusOf = (status: string): string => (status === "in_progress" ? "active" : status);

export const severityIcon = (severity: string): IconName => (severity === "critical" ? "stop" : "alert");

export const spanWords: Table = {
	error: w("Error", "bad"),
	auth: w("Authentication"),
	intervention: w("Intervention", "info"),
};

/** Who or what resolved an alert. */
export function resolvedBy(by: string): string {
	if (by === "recovery") return "by itself";
	if (by === "call_end") return "at the call's end";
	return by ? `by ${by}` : "";
}
