import { curlCommand } from "../calls/snippets";
import type { Scope } from "./queries";

export const scopes: { value: Scope; label: string; help: string }[] = [
	{
		value: "ingest",
		label: "Send calls",
		help: "May send calls and see nothing. For a voice agent or a webhook.",
	},
	{
		value: "read",
		label: "Send and read",
		help: "May also read calls, agents and numbers. For a dashboard or an export.",
	},
	{
		value: "admin",
		label: "Everything",
		help: "May also change agents, sources, keys and this workspace. Users can only be managed by a person.",
	},
];

export const lifetimes = [
	{ value: "", label: "Never" },
	{ value: "30", label: "In 30 days" },
	{ value: "90", label: "In 90 days" },
	{ value: "365", label: "In a year" },
] as const;

const day = 86_400_000;

/** The instant at which a key of so many days ends; undefined for one that does not. */
export function expiry(days: string, now: Date): string | undefined {
	return days ? new Date(now.getTime() + Number(days) * day).toISOString() : undefined;
}

export type KeyState = "good" | "ending" | "ended";

/** Whether a key still works, and for long. */
export function keyState(expires: string | null | undefined, now: Date): KeyState {
	if (!expires) return "good";
	const left = Date.parse(expires) - now.getTime();
	if (left <= 0) return "ended";
	return left < 7 * day ? "ending" : "good";
}

/** A command that works at once with a new key: sends a call, or lists them where the key may look. */
export function tryCommand(scope: Scope, publicURL: string, key: string, now: Date): string {
	if (scope === "ingest") return curlCommand(publicURL, key, now);
	return `curl '${publicURL}/v1/calls?limit=5' \\\n  -H 'Authorization: Bearer ${key}'`;
}
