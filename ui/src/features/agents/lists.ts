// The settings that are lists of things: phrases, extracted fields, and where a
// CRM keeps what. Numbers stay as typed until they are sent. Pure, as draft.ts.

import type { Kind } from "./field";
import type { AgentSettings } from "./queries";

type Rule = NonNullable<AgentSettings["compliancePhrases"]>[number];
type Extracted = NonNullable<AgentSettings["extractionFields"]>[number];
type Figure = number | string | null;

export type PhraseRule = Omit<Rule, "withinSeconds"> & { withinSeconds?: Figure };
export type ExtractionField = Omit<Extracted, "min" | "max" | "when"> & {
	min?: Figure;
	max?: Figure;
	when?: Extracted["when"] | null;
};
/** Our field → the CRM's property. */
export type Mapping = Record<string, string>;

type Limits = NonNullable<AgentSettings["soundLimits"]>[string];
export type Bounds = Record<keyof Limits, Figure>;
/** Figure of a call's sound → what it is judged by. */
export type LimitsMap = Record<string, Bounds>;

export const newPhrase: PhraseRule = { name: "", kind: "required", phrases: [] };
export const newField: ExtractionField = { name: "", type: "text" };

/** A figure as it is sent: a number, null for none, or what was typed in place of one. */
function figureOf(v: Figure | undefined): Figure {
	const text = String(v ?? "").trim();
	if (text === "") return null;
	return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

const lines = (list: readonly string[] | undefined) =>
	(list ?? []).map((s) => s.trim()).filter((s) => s !== "");

// The server reads an item over the one that stood in its place, so what an
// item has nothing of is said too, or it would inherit that.

function tidyPhrase(r: PhraseRule) {
	return {
		...r,
		name: r.name.trim(),
		phrases: lines(r.phrases),
		withinSeconds: figureOf(r.withinSeconds),
	};
}

function tidyField(f: ExtractionField) {
	return {
		...f,
		name: f.name.trim(),
		description: f.description?.trim() ?? "",
		required: f.required ?? false,
		pattern: f.pattern ?? "",
		min: figureOf(f.min),
		max: figureOf(f.max),
		options: lines(f.options),
		when: f.when?.field ? { ...f.when, values: lines(f.when.values) } : null,
	};
}

export function tidyMapping(m: Mapping): Mapping {
	const pairs = Object.entries(m).map(([field, property]) => [field, property.trim()] as const);
	return Object.fromEntries(pairs.filter(([, property]) => property !== ""));
}

/** A value in the form in which it is compared and sent; what is no list stays as it is. */
export function tidy(kind: Kind | undefined, value: unknown): unknown {
	if (kind === "phrases") return (value as PhraseRule[]).map(tidyPhrase);
	if (kind === "extraction") return (value as ExtractionField[]).map(tidyField);
	if (kind === "mapping") return tidyMapping(value as Mapping);
	return value;
}

/** A mapping's change: the server adds to what it has, and takes an empty name for the usual place. */
export function mappingBody(before: Mapping, now: Mapping): Mapping | null {
	const kept = tidyMapping(now);
	if (Object.keys(kept).length === 0) return null;
	const gone = Object.keys(before).filter((field) => !(field in kept));
	return { ...Object.fromEntries(gone.map((field) => [field, ""])), ...kept };
}

const inner: Partial<Record<Kind, readonly string[]>> = {
	phrases: ["name", "kind", "phrases", "withinSeconds"],
	extraction: [
		"name",
		"type",
		"description",
		"required",
		"pattern",
		"min",
		"max",
		"options",
		"when/field",
		"when/values",
	],
};

/** The places within a list that the server may find fault with. */
export function innerPointers(kind: Kind, at: string, value: unknown): string[] {
	if (kind === "limits") {
		return Object.keys(value as LimitsMap).flatMap((figure) =>
			["", "/good_from", "/good_to", "/watch_from", "/watch_to"].map((bound) => `${at}/${figure}${bound}`),
		);
	}
	const names = inner[kind];
	if (!names || !Array.isArray(value)) return [];
	return value.flatMap((_, i) => names.map((name) => `${at}/${i}/${name}`));
}

function checkPhrase(r: PhraseRule): Record<string, string> {
	const out: Record<string, string> = {};
	const { name, phrases, withinSeconds: within } = tidyPhrase(r);
	if (!name) out.name = "Enter a name";
	if (phrases.length === 0) out.phrases = "Enter at least one phrase";
	if (within !== null && !(Number.isInteger(within) && Number(within) >= 1 && Number(within) <= 7200)) {
		out.withinSeconds = "Enter a whole number from 1 to 7200";
	}
	return out;
}

function checkField(f: ExtractionField, before: readonly ExtractionField[]): Record<string, string> {
	const out: Record<string, string> = {};
	const { name, min, max, options, when } = tidyField(f);
	const names = before.map((b) => b.name.trim());
	if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) {
		out.name = "Begin with a letter, then letters, digits and _";
	} else if (names.includes(name)) out.name = "Another field has this name";
	if (f.type === "enum" && options.length === 0) out.options = "Enter at least one";
	if (typeof min === "string") out.min = "Enter a number";
	if (typeof max === "string") out.max = "Enter a number";
	if (typeof min === "number" && typeof max === "number" && min > max) out.min = "Is above the most";
	if (when && !names.includes(when.field)) out["when/field"] = "No field of this name stands above";
	else if (when && when.values.length === 0) out["when/values"] = "Enter at least one value";
	return out;
}

/** Bounds that are no numbers: how they stand to one another is the server's word. */
function checkLimits(at: string, all: LimitsMap): Record<string, string> {
	const typed = Object.entries(all).flatMap(([figure, bounds]) =>
		Object.entries(bounds).map(([bound, v]) => [`${at}/${figure}/${bound}`, v] as const),
	);
	return Object.fromEntries(
		typed
			.filter(([, v]) => typeof v === "string")
			.map(([pointer]) => [pointer, "Enter a number, or nothing"]),
	);
}

/** What of a list would be refused, by pointer. */
export function checkList(kind: Kind, at: string, value: unknown): Record<string, string> {
	if (kind === "limits") return checkLimits(at, value as LimitsMap);
	let found: Record<string, string>[] = [];
	if (kind === "phrases") found = (value as PhraseRule[]).map(checkPhrase);
	if (kind === "extraction") {
		found = (value as ExtractionField[]).map((f, i, all) => checkField(f, all.slice(0, i)));
	}
	return Object.fromEntries(
		found.flatMap((o, i) => Object.entries(o).map(([name, text]) => [`${at}/${i}/${name}`, text])),
	);
}

/** Whether two JSON values are the same, whatever the order of their names. */
export function equal(a: unknown, b: unknown): boolean {
	if (a === b) return true;
	if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
	const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
	const names = Object.keys(x);
	return names.length === Object.keys(y).length && names.every((n) => equal(x[n], y[n]));
}
