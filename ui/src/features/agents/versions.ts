// What an agent was at its vendor, and what of it changed. Pure.

import type { AgentVersion } from "./queries";

/** Enough of a hash to tell two prompts apart. */
const hashLetters = 8;

type Part = "Prompt" | "Model" | "Voice" | "Name";

function partsOf(v: AgentVersion): [Part, string][] {
	return [
		["Prompt", v.prompt_hash.slice(0, hashLetters)],
		["Model", v.language_model],
		["Voice", v.voice],
		["Name", v.name],
	];
}

/** One thing that another version has; null: the vendor shows none. */
export interface Change {
	part: Part;
	before: string | null;
	now: string | null;
}

/** What a version has that the one before it had not, in the order of weight. */
export function changesOf(now: AgentVersion, before: AgentVersion): Change[] {
	const was = partsOf(before);
	return partsOf(now)
		.map(([part, text], i) => ({ part, before: was[i]?.[1] || null, now: text || null }))
		.filter((c) => c.before !== c.now);
}

/** "model gpt-4.1, voice Anna, prompt 3f2a91c0"; what the vendor does not show is left out. */
export function versionWords(v: AgentVersion): string {
	const [prompt, model, voice] = partsOf(v);
	const told = [model, voice, prompt].filter((p): p is [Part, string] => Boolean(p?.[1]));
	const words = told.map(([part, text]) => `${part.toLowerCase()} ${text}`);
	return words.join(", ") || "the platform shows no prompt, model or voice";
}
