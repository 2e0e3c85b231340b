import { ApiError, sentence } from "../api/error";

/** What a refused form shows: a sentence beside each field, and one about the rest. */
export interface Problems {
	/** By the field's pointer: "/voice/voiceId". */
	fields: Record<string, string>;
	/** What belongs to no field on the form; null when every problem has its place. */
	rest: string | null;
}

const none: Problems = { fields: {}, rest: null };

/** "is required" → "Is required": the server writes what can stand within a sentence. */
export function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Places what the server refuses at the fields of a form. A problem inside of
 * a field (/webhookEvents/2) belongs to the field; what no field claims is
 * told about the whole form.
 */
export function problemsOf(error: unknown, fields: readonly string[]): Problems {
	if (!error) return none;
	if (!(error instanceof ApiError) || error.fields.length === 0) {
		return { fields: {}, rest: capital(sentence(error)) };
	}
	const placed: Record<string, string> = {};
	const rest: string[] = [];
	for (const { pointer, detail } of error.fields) {
		const at = claim(pointer, fields);
		if (at !== undefined) placed[at] ??= capital(detail);
		else rest.push(capital(`${pointer} ${detail}`.trim()));
	}
	return { fields: placed, rest: rest.length > 0 ? rest.join(". ") : null };
}

function claim(pointer: string, fields: readonly string[]): string | undefined {
	return fields
		.filter((f) => pointer === f || pointer.startsWith(`${f}/`))
		.toSorted((a, b) => b.length - a.length)[0];
}
