import type { Call } from "./types";

type Expiry = NonNullable<Call["expired"]>[number];

/** What the agent's retention did to a part of the call, as a sentence; undefined where the part is as it came. */
export function expiredWords(call: Pick<Call, "expired">, part: Expiry["part"]): string | undefined {
	const e = call.expired?.find((x) => x.part === part);
	return (
		e &&
		`The ${part} was removed after ${e.days === 1 ? "1 day" : `${e.days} days`} by this agent's retention.`
	);
}

/** The words are gone: a report that came after the removal brings its own until the next run. */
export function wordless(call: Pick<Call, "expired" | "turns">): boolean {
	return expiredWords(call, "transcript") !== undefined && (call.turns ?? []).every((t) => t.text === "");
}
