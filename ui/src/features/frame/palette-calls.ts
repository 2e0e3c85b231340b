import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, data, notFound } from "../../api/client";
import type { Command } from "../../lib/commands";
import { humanise } from "../../lib/words";

/** Text that may be a call's id: ours, its short form, a UUID, or the vendor's. */
export function looksLikeID(text: string): boolean {
	return /^[\w:.-]{4,128}$/.test(text) && (/\d/.test(text) || text.startsWith("call_") || text.length >= 8);
}

const ourForm = /^((call_)?[a-z2-7]{8,26}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

async function findOurs(id: string) {
	if (!ourForm.test(id)) return [];
	return data(api.GET("/v1/calls/{id}", { params: { path: { id } } })).then(
		(c) => [c],
		(e) => {
			if (notFound(e)) return [];
			throw e;
		},
	);
}

async function findCalls(id: string) {
	const ours = findOurs(id);
	const theirs = data(api.GET("/v1/calls", { params: { query: { provider_call_id: id, limit: 5 } } }));
	const found = [...(await ours), ...((await theirs).items ?? [])];
	return [...new Map(found.map((c) => [c.id, c])).values()];
}

/** The calls that an id names, as commands that open them. */
export function useFoundCalls(text: string, goTo: (href: string) => void): Command[] {
	const { data: calls } = useQuery({
		queryKey: ["calls", "by-id", text],
		queryFn: () => findCalls(text),
		enabled: looksLikeID(text),
		retry: false,
	});
	return useMemo(
		() =>
			(calls ?? []).map((c) => ({
				id: `call.${c.id}`,
				group: "Calls",
				title: `${c.short_id} · ${c.agent?.name || humanise(c.provider)}`,
				icon: "calls" as const,
				run: () => goTo(`/calls/${c.id}`),
			})),
		[calls, goTo],
	);
}
