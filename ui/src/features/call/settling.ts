import { ms } from "../../lib/time";
import type { Call, Step } from "./types";

const unsettledMs = 10 * ms.minute;

/** Whether more is about to be known: the call ended lately, and a step after it has not. */
export function settling(call: Pick<Call, "pipeline" | "ended_at" | "received_at">, now: number): boolean {
	const since = now - Date.parse(call.ended_at ?? call.received_at);
	const open = (s: Step) => s.status === "waiting" || s.status === "running";
	return since < unsettledMs && (call.pipeline ?? []).some(open);
}
