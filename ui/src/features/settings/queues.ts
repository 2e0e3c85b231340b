import { phone } from "../../lib/phone";
import { minutesOf, ownZone, type Window } from "./hours";
import type { Queue, QueueBody } from "./queries";

export interface QueueDraft {
	name: string;
	/** A number or a SIP address, as typed. */
	to: string;
	timezone: string;
	windows: Window[];
	/** Ids; empty: every agent. */
	agents: string[];
}

export function draftOf(q: Queue | undefined): QueueDraft {
	return {
		name: q?.name ?? "",
		to: q ? q.number || q.sip : "",
		timezone: q ? (q.hours.timezone ?? "UTC") : ownZone(),
		windows: (q?.hours.windows ?? []).map((w) => ({ ...w })),
		agents: [...(q?.agents ?? [])],
	};
}

export const workWeek: Window = { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" };

const isSIP = (text: string) => /^sips?:/i.test(text) || text.includes("@");

/** What is typed is a SIP address or a number; of a number, what people write between the digits goes. */
export function queueBody({ name, to, timezone, windows, agents }: QueueDraft): QueueBody {
	const text = to.trim();
	const sip = isSIP(text);
	return {
		name: name.trim(),
		number: sip ? "" : text.replace(/[\s().-]/g, ""),
		sip: sip ? text : "",
		hours: { timezone, windows: windows.map((w) => ({ ...w, from: w.from.trim(), to: w.to.trim() })) },
		agents,
	};
}

/** Where a call that is handed over goes, as people read it. */
export function reachWords(q: Pick<Queue, "number" | "sip">): string {
	return q.number ? phone(q.number) : q.sip;
}

/** The places in the form that the server may find fault with. */
export function queuePointers(windows: number): string[] {
	const inner = Array.from({ length: windows }, (_, i) =>
		["days", "from", "to"].map((f) => `/hours/windows/${i}/${f}`),
	).flat();
	return ["/name", "/number", "/sip", "/hours/timezone", ...inner, "/agents"];
}

/** What of the draft would be refused, without asking the server. */
export function checkQueue(d: QueueDraft): Record<string, string> {
	const out: Record<string, string> = {};
	if (d.name.trim() === "") out["/name"] = "Enter a name: a transfer goes by it";
	const { number = "", sip = "" } = queueBody(d);
	if (!number && !sip) out["/number"] = "Enter a number or a SIP address";
	else if (number && !/^\+[1-9]\d{5,14}$/.test(number)) {
		out["/number"] = "Enter the number with its country code, like +14155550123";
	} else if (sip && !/^sips?:[^\s<>"]{3,255}$/.test(sip)) {
		out["/number"] = "Enter the address like sip:desk@example.com";
	}
	for (const [i, w] of d.windows.entries()) {
		const at = `/hours/windows/${i}`;
		const [from, to] = [minutesOf(w.from), minutesOf(w.to)];
		if (w.days.length === 0) out[`${at}/days`] = "Choose at least one day";
		if (from === null) out[`${at}/from`] = "Enter a time like 09:00";
		if (to === null) out[`${at}/to`] = "Enter a time like 17:30";
		else if (from !== null && from >= to) out[`${at}/to`] = "Must be after the start; a night is two rows";
	}
	return out;
}
