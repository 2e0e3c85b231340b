// A rule that steps into calls, as its form holds it. Pure.

import { alertSeverities, alertTypes, wordOf } from "../../lib/words";
import type { Queue, Step, StepBody } from "./queries";

export interface StepDraft {
	name: string;
	/** Types of alerts; empty: any. */
	types: string[];
	minSeverity: Step["when"]["minSeverity"];
	/** Ids; empty: every agent. */
	agents: string[];
	action: Step["do"]["action"];
	/** What the agent says, or what who takes over should know. */
	message: string;
	/** A queue's id. */
	queue: string;
	/** A number or a SIP address; it goes before the queue. */
	number: string;
	reason: string;
	mode: Step["mode"];
	/** Seconds, as typed. */
	countdown: string;
}

/** Neither a number nor a SIP address: a queue's id. */
const isQueue = (to: string) => to !== "" && !/^(\+|sips?:)/i.test(to);

export function draftOf(r: Step | undefined): StepDraft {
	const to = r?.do.transferTo ?? "";
	return {
		name: r?.name ?? "",
		types: [...(r?.when.types ?? [])],
		minSeverity: r?.when.minSeverity ?? "high",
		agents: [...(r?.agents ?? [])],
		action: r?.do.action ?? "transfer",
		message: r?.do.message ?? "",
		queue: isQueue(to) ? to : "",
		number: isQueue(to) ? "" : to,
		reason: r?.do.reason ?? "",
		mode: r?.mode ?? "suggest",
		countdown: String(r?.countdown ?? 30),
	};
}

const to = (d: StepDraft) => {
	const typed = d.number.trim();
	return /^sips?:/i.test(typed) ? typed : typed.replace(/[\s().-]/g, "") || d.queue;
};

/** What an action has no use for is not sent. */
export function stepBody(d: StepDraft): StepBody {
	const [message, reason] = [d.message.trim(), d.reason.trim()];
	return {
		name: d.name.trim(),
		when: { types: d.types as Step["when"]["types"], minSeverity: d.minSeverity },
		agents: d.agents,
		do: {
			action: d.action,
			...(d.action !== "end" && message ? { message } : {}),
			...(d.action === "transfer" ? { transferTo: to(d) } : {}),
			...(d.action !== "say" && reason ? { reason } : {}),
		},
		mode: d.mode,
		...(d.mode === "act" ? { countdown: Number(d.countdown) } : {}),
	};
}

/** The places in the form that the server may find fault with. */
export const stepPointers = [
	"/name",
	"/when/types",
	"/when/minSeverity",
	"/agents",
	"/do/message",
	"/do/transferTo",
	"/do/reason",
	"/countdown",
];

/** What of the draft would be refused, without asking the server. */
export function checkStep(d: StepDraft): Record<string, string> {
	const out: Record<string, string> = {};
	if (d.name.trim() === "") out["/name"] = "Enter a name: the call's timeline shows it";
	if (d.action === "say" && d.message.trim() === "") out["/do/message"] = "Enter what the agent is to say";
	if (d.action === "transfer" && to(d) === "") out["/do/transferTo"] = "Choose a queue, or enter a number";
	if (d.mode === "act") {
		if (d.agents.length === 0) out["/agents"] = "Choose the agents: for every agent it can only suggest";
		const seconds = Number(d.countdown);
		if (!Number.isInteger(seconds) || seconds < 5 || seconds > 300) {
			out["/countdown"] = "Enter whole seconds from 5 to 300";
		}
	}
	return out;
}

/** Which alerts a rule is about: "Dead air or Call error, high or worse". */
export function whenWords({ when: { types, minSeverity } }: Pick<Step, "when">): string {
	const names = (types ?? []).map((t) => wordOf(alertTypes, t).text);
	const what = names.length > 0 ? names.join(" or ") : "Any alert";
	if (minSeverity === "low") return what;
	const least = wordOf(alertSeverities, minSeverity).text.toLowerCase();
	return `${what}, ${least}${minSeverity === "critical" ? "" : " or worse"}`;
}

/** Where a transfer goes: a queue by its name. */
export function placeWords(to: string | undefined, queues: readonly Queue[] | undefined): string | undefined {
	return queues?.find((q) => q.id === to)?.name ?? to;
}
