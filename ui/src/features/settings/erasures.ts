import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import type { Erasure, ErasureFound } from "../../lib/erasures";
import { plural } from "../../lib/format";

const pageSize = 50;
/** How often it is asked how far an erasure is. */
const runningMs = 1_500;

export const erasuresQuery = infiniteQueryOptions({
	queryKey: ["erasures", "list"],
	queryFn: ({ pageParam }) =>
		data(
			api.GET("/v1/erasures", {
				params: { query: { limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) } },
			}),
		),
	initialPageParam: "",
	getNextPageParam: (last) => last.next_cursor || undefined,
	refetchInterval: (q) =>
		(q.state.data?.pages ?? []).some((p) => p.items?.some((e) => e.status !== "done")) ? runningMs : false,
});

/** What was typed is an address when it has an @, else a number. */
export function subjectOf(text: string): { phone: string } | { email: string } {
	const t = text.trim();
	return t.includes("@") ? { email: t } : { phone: t };
}

/** What an erasure would remove, in a sentence. */
export function foundWords(f: ErasureFound): string {
	const calls = plural(f.calls, "call", "calls");
	const least = f.are_lower_bound ? "At least " : "";
	if (f.calls === 0 && !f.are_lower_bound)
		return "No call has it. Notes, views and the inbox are looked through all the same.";
	const with_ =
		f.recordings > 0
			? `, ${plural(f.recordings, "of them with a recording", "of them with recordings")}`
			: "";
	return `${least}${calls}${with_} will be erased.`;
}

const kinds: [keyof Erasure["removed"], string, string][] = [
	["calls", "call", "calls"],
	["recordings", "recording", "recordings"],
	["deliveries", "delivery", "deliveries"],
	["notes", "note", "notes"],
	["evaluations", "evaluation", "evaluations"],
	["alerts", "alert", "alerts"],
	["messages", "message", "messages"],
	["proposals", "proposal", "proposals"],
	["webhooks", "sent webhook", "sent webhooks"],
	["crm_syncs", "CRM record noted", "CRM records noted"],
	["gaps", "question", "questions"],
	["views", "saved view", "saved views"],
];

/** What an erasure removed, most telling first: "3 calls, 1 recording". */
export function removedWords(r: Erasure["removed"]): string {
	const parts = kinds.filter(([k]) => r[k] > 0).map(([k, one, many]) => plural(r[k], one, many));
	return parts.length > 0 ? parts.join(", ") : "Nothing";
}

/** What was named: what exactly is not kept. */
export const kindWords: Record<Erasure["kind"], string> = {
	call: "A call",
	phone: "By phone number",
	email: "By e-mail address",
};
