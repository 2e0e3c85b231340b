import { sentEvents, webhookEvents, wordOf } from "../../lib/words";
import type { Endpoint, EndpointBody, FullSent, Sent } from "./queries";

type Attempt = FullSent["attempts"][number];

/** The events that an endpoint may ask for, in the order in which a call makes them. */
export const eventNames = Object.keys(webhookEvents);

export function eventWords(event: string): string {
	return event === "webhook.test" ? "Test" : wordOf(sentEvents, event).text;
}

/** Which events an endpoint hears of; none asked for means those of whole calls. */
export function eventsWords(events: readonly string[]): string {
	if (events.length === 0) return "Start, end and analysis";
	return events.map(eventWords).join(", ");
}

export interface EndpointDraft {
	url: string;
	description: string;
	/** Empty: every agent's calls. */
	agent: string;
	events: string[];
}

export function draftOf(e: Endpoint | undefined): EndpointDraft {
	return {
		url: e?.url ?? "",
		description: e?.description ?? "",
		agent: e?.agent_id ?? "",
		events: [...(e?.events ?? [])],
	};
}

export function endpointBody({ url, description, agent, events }: EndpointDraft): EndpointBody {
	return {
		url: url.trim(),
		description: description.trim(),
		agent_id: agent,
		events,
	};
}

/** The host of an address with its port; empty where there is none. */
export function hostOf(url: string): string {
	try {
		return new URL(url.trim()).host;
	} catch {
		return "";
	}
}

/** What an endpoint's newest deliveries came to: "12 delivered, 1 given up". */
export function trafficWords({
	delivered,
	open,
	dead,
}: Pick<Endpoint, "delivered" | "open" | "dead">): string {
	const parts = [
		[delivered, "delivered"],
		[open, "under way"],
		[dead, "given up"],
	] as const;
	return parts
		.filter(([n]) => n > 0)
		.map(([n, word]) => `${n.toLocaleString("en-US")} ${word}`)
		.join(", ");
}

/** An outgoing delivery's target: an endpoint, or which of an agent's own addresses. */
export function targetOf(target: string): { endpoint?: string; agent?: string; which?: string } {
	const [kind, id, which] = target.split(":");
	if (kind === "agent") return { agent: id, which };
	return { endpoint: id };
}

/** What came of an attempt, as short as it can be said. */
export function answerWords(a: Pick<Attempt, "status" | "error">): string {
	if (a.status > 0) return `Status ${a.status}`;
	return a.error ? "No answer" : "Answered";
}

/** Why a delivery is where it is: its own reason, or what its last attempt met. */
export function trouble(
	d: Pick<Sent, "reason" | "status"> & { last_attempt: Sent["last_attempt"] | null },
): string {
	if (d.status === "delivered" || d.status === "waiting") return "";
	return d.reason || d.last_attempt?.error || "";
}
