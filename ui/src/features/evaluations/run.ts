import { count } from "../../lib/format";
import { ms } from "../../lib/time";
import type { RunBody } from "./queries";

/** What the dialog holds. */
export interface RunDraft {
	evaluator: string;
	which: "call" | "24h" | "7d" | "agent";
	call: string;
	agent: string;
	/** As typed. */
	limit: string;
}

/** How many calls one request may mean. */
export const mostCalls = 10_000;

const hours = { "24h": 24, "7d": 168 } as const;

export function runBody(d: RunDraft, now: Date): RunBody {
	if (d.which === "call") return { evaluator_id: d.evaluator, call_id: d.call.trim() };
	const filter =
		d.which === "agent"
			? { agent: [d.agent] }
			: { started_after: new Date(now.getTime() - hours[d.which] * ms.hour).toISOString() };
	return { evaluator_id: d.evaluator, filter, limit: Number(d.limit) };
}

/** What would be refused, by the field's pointer. */
export function runProblems(d: RunDraft): Record<string, string> {
	const out: Record<string, string> = {};
	if (!d.evaluator) out["/evaluator_id"] = "Choose an evaluator";
	if (d.which === "call") {
		if (!d.call.trim()) out["/call_id"] = "Enter a call's id or short id";
		return out;
	}
	if (d.which === "agent" && !d.agent) out["/filter/agent"] = "Choose an agent";
	const limit = Number(d.limit);
	if (!/^\d+$/.test(d.limit.trim()) || limit < 1 || limit > mostCalls)
		out["/limit"] = `Enter a whole number from 1 to ${count(mostCalls)}`;
	return out;
}
