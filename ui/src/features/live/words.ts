import type { Tone, Word } from "../../lib/words";

type Table = Record<string, Word>;

const w = (text: string, tone: Tone = "quiet"): Word => ({ text, tone });

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

export const spanWords: Table = {
	error: w("Error", "bad"),
	auth: w("Authentication"),
	intervention: w("Intervention", "info"),
};

/** Who or what resolved an alert. */
export function resolvedBy(by: string): string {
	if (by === "recovery") return "by itself";
	if (by === "call_end") return "at the call's end";
	if (by === "rule_change") return "as its rule was changed";
	return by ? `by ${by}` : "";
}
