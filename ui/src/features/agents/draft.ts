// The form's state: a flat record by JSON pointer, and what of it differs from
// the agent. Pure, so that it can be tested without a page.

import { groups, identity, kindOf, pointers, secrets } from "./fields";
import {
	checkList,
	type ExtractionField,
	equal,
	innerPointers,
	type LimitsMap,
	type Mapping,
	mappingBody,
	type PhraseRule,
	tidy,
	tidyMapping,
} from "./lists";
import type { Agent, AgentBody } from "./queries";

export type Value =
	| string
	| boolean
	| number
	| string[]
	| PhraseRule[]
	| ExtractionField[]
	| Mapping
	| LimitsMap
	| null;
export type Draft = Record<string, Value>;

const emptyOf: Record<string, Value> = {
	switch: false,
	number: null,
	tags: [],
	many: [],
	phrases: [],
	extraction: [],
	mapping: {},
	limits: {},
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
		if (kind === "mapping") draft[at] = tidyMapping(draft[at] as Mapping);
	}
	return draft;
}

/** The pointers at which a draft differs. */
export function changed(before: Draft, draft: Draft): string[] {
	return Object.keys(draft).filter((at) => {
		const kind = kindOf.get(at);
		return !equal(tidy(kind, before[at]), tidy(kind, draft[at]));
	});
}

/** The PATCH body: what changed and nothing else. A number that was emptied is null, which removes it. */
export function bodyOf(before: Draft, draft: Draft): AgentBody {
	const body: Record<string, unknown> = {};
	for (const at of changed(before, draft)) {
		const [outer = "", inner] = at.split("/").slice(1);
		const value = sent(at, before[at], draft[at]);
		if (inner === undefined) body[outer] = value;
		else body[outer] = { ...(body[outer] as object), [inner]: value };
	}
	return body as AgentBody;
}

function sent(at: string, before: Value | undefined, now: Value | undefined): unknown {
	if (typeof now === "string" && (identity as readonly string[]).includes(at)) return now.trim();
	const kind = kindOf.get(at);
	return kind === "mapping" ? mappingBody(before as Mapping, now as Mapping) : tidy(kind, now);
}

/** Every place of the form that the server may find fault with, those within lists too. */
export function pointersOf(draft: Draft): string[] {
	const fields = groups.flatMap((g) => g.fields);
	return [...pointers, ...fields.flatMap((f) => innerPointers(f.kind, f.at, draft[f.at]))];
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
		Object.assign(out, checkList(f.kind, f.at, v));
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
