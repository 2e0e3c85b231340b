// The form's state: a flat record by JSON pointer, and what of it differs from
// the agent. Pure, so that it can be tested without a page.

import { groups, identity, secrets } from "./fields";
import type { Agent, AgentBody } from "./queries";

export type Value = string | boolean | number | string[] | null;
export type Draft = Record<string, Value>;

const emptyOf: Record<string, Value> = {
	switch: false,
	number: null,
	tags: [],
	many: [],
};

function read(settings: object, pointer: string): unknown {
	return pointer
		.split("/")
		.slice(1)
		.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], settings);
}

/** What the form shows of an agent. A secret is empty: there is nothing to show. */
export function draftOf(agent: Agent): Draft {
	const draft: Draft = { "/name": agent.name, "/provider": agent.provider, "/source_id": agent.source_id };
	for (const { at, kind } of groups.flatMap((g) => g.fields)) {
		const value = secrets.has(at) ? "" : read(agent.settings, at);
		draft[at] = (value ?? (kind in emptyOf ? emptyOf[kind] : "")) as Value;
	}
	return draft;
}

function same(a: Value | undefined, b: Value | undefined): boolean {
	if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => v === b[i]);
	return a === b;
}

/** The pointers at which a draft differs. */
export function changed(before: Draft, draft: Draft): string[] {
	return Object.keys(draft).filter((at) => !same(before[at], draft[at]));
}

/** The PATCH body: what changed and nothing else. A number that was emptied is null, which removes it. */
export function bodyOf(before: Draft, draft: Draft): AgentBody {
	const body: Record<string, unknown> = {};
	for (const at of changed(before, draft)) {
		const value = draft[at];
		const [outer = "", inner] = at.split("/").slice(1);
		const tidy =
			typeof value === "string" && (identity as readonly string[]).includes(at) ? value.trim() : value;
		if (inner === undefined) body[outer] = tidy;
		else body[outer] = { ...(body[outer] as object), [inner]: tidy };
	}
	return body as AgentBody;
}

/** What of the draft would be refused, without asking the server. */
export function check(draft: Draft): Record<string, string> {
	const out: Record<string, string> = {};
	if (String(draft["/name"] ?? "").trim() === "") out["/name"] = "An agent needs a name";
	for (const f of groups.flatMap((g) => g.fields)) {
		const v = draft[f.at];
		if (f.kind === "number" && v !== null) {
			const n = Number(v);
			const { min = 0, max = Number.MAX_SAFE_INTEGER } = f;
			if (!Number.isInteger(n)) out[f.at] = "Enter a whole number";
			else if (n < min || n > max) out[f.at] = `Enter a number from ${min} to ${max}`;
		}
		if (f.kind === "url" && v && !webAddress(String(v))) {
			out[f.at] = "Enter a web address that begins with https:// or http://";
		}
	}
	return out;
}

function webAddress(text: string): boolean {
	if (!/^https?:\/\//i.test(text)) return false;
	try {
		return new URL(text).host !== "";
	} catch {
		return false;
	}
}
