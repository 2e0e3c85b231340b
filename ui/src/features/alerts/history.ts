// What a change of a rule changed, in words. Pure.

import type { Rule } from "./queries";

const parts: [keyof Rule, string][] = [
	["name", "name"],
	["condition", "condition"],
	["severity", "severity"],
	["agents", "agents"],
	["active", "on or off"],
	["notifications", "whom it tells"],
	["throttling", "pauses"],
	["grouping", "groups"],
	["silenceSchedule", "silences"],
];

/** The same whatever the order of the names. */
function plain(v: unknown): string {
	return JSON.stringify(v, (_, x: unknown) =>
		x && typeof x === "object" && !Array.isArray(x)
			? Object.fromEntries(Object.entries(x).toSorted(([a], [b]) => a.localeCompare(b)))
			: x,
	);
}

/** "Severity, pauses"; what is secret is not compared, for it is not shown. */
export function changeWords(now: Rule, before: Rule | undefined): string {
	if (!before) return now.builtIn ? "First change" : "Made";
	const changed = parts.filter(([key]) => plain(now[key]) !== plain(before[key])).map(([, word]) => word);
	const text = changed.join(", ") || "nothing that is shown";
	return text.charAt(0).toUpperCase() + text.slice(1);
}
