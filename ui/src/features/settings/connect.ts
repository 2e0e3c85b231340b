import { queryOptions } from "@tanstack/react-query";
import { type Answer, api, data } from "../../api/client";
import { count, plural } from "../../lib/format";
import type { CallsSearch } from "../calls/search";
import type { Source } from "./queries";

export type Import = NonNullable<Source["import"]>;
export type Completeness = Answer<"/v1/sources/{id}/completeness", "get">;
export type Hooks = Answer<"/v1/sources/{id}/webhook", "get">;
export type Hook = NonNullable<Hooks["items"]>[number];

const pathOf = (id: string) => ({ params: { path: { id } } });

export const completenessQuery = (id: string) =>
	queryOptions({
		queryKey: ["sources", "completeness", id],
		queryFn: () => data(api.GET("/v1/sources/{id}/completeness", pathOf(id))),
		refetchInterval: 30_000,
	});

export const hooksQuery = (id: string) =>
	queryOptions({
		queryKey: ["source-hooks", id],
		queryFn: () => data(api.GET("/v1/sources/{id}/webhook", pathOf(id))),
		retry: false,
	});

/** Whether an import has more to do. */
export const going = (i: Import): boolean => i.state === "running" || i.state === "waiting";

/** How much of its span an import has gone through, in per cent: the platform tells no total. */
export function reached(i: Import): number {
	if (i.state === "done") return 100;
	if (!i.oldest) return 0;
	const [from, to, at] = [i.from, i.to, i.oldest].map((t) => Date.parse(t)) as [number, number, number];
	if (to <= from) return 0;
	return Math.round(Math.min(99, Math.max(0, (100 * (to - at)) / (to - from))));
}

/** What an import has found so far. */
export function importWords(i: Import): string {
	const parts = [`${plural(i.found, "call")} found`, `${count(i.imported)} imported`];
	if (i.known > 0) parts.push(`${count(i.known)} here already`);
	if (i.skipped > 0) parts.push(`${count(i.skipped)} not over yet or gone`);
	return parts.join(", ");
}

interface Missing {
	n: number;
	what: string;
	/** Which calls those are, where a filter of the list says it. */
	search?: CallsSearch;
}

/** What some calls of a source lack. */
export function missing(c: Completeness, provider: string): Missing[] {
	const of: CallsSearch = { provider, range: "30d" };
	return [
		{ n: c.without_end, what: "without an end", search: { ...of, status: "unknown" } },
		{ n: c.without_transcript, what: "without a transcript" },
		{
			n: c.without_recording,
			what: "without a recording",
			search: { ...of, status: "completed,failed", recording: false },
		},
	];
}
