// What a field of the agent's form is.

export type Kind =
	| "switch"
	| "text"
	| "area"
	| "number"
	| "url"
	| "tags"
	| "choice"
	| "many"
	| "secret"
	| BuiltKind;

/** Those that are more than one input: they come after the form (BuiltControl). */
export type BuiltKind = "phrases" | "extraction" | "mapping" | "scorecard" | "limits";

const builtKinds: readonly Kind[] = ["phrases", "extraction", "mapping", "scorecard", "limits"];

export function isBuilt(kind: Kind): kind is BuiltKind {
	return builtKinds.includes(kind);
}

/** The addresses that an agent may have of its own, as the API calls them. */
export type AgentHook = "webhook" | "speed_to_lead" | "knowledge_gap";

export interface Field {
	/** RFC 6901 pointer into the body that the API takes. */
	at: string;
	label: string;
	kind: Kind;
	help: string;
	/** Of a number; the server's own bounds. */
	min?: number;
	max?: number;
	unit?: string;
	/** Of a choice, or of many. */
	options?: { value: string; label: string }[];
	placeholder?: string;
	/** Of the address of a webhook: which of the agent's it is, for a test. */
	test?: AgentHook;
	/** Shown only where the setting at this pointer has a value. */
	needs?: string;
}

export interface Group {
	id: string;
	title: string;
	lead: string;
	/** Whether this version does something with the settings, or only keeps them. */
	acts: boolean;
	fields: Field[];
}

export const field = (
	kind: Kind,
	at: string,
	label: string,
	help: string,
	more: Partial<Field> = {},
): Field => ({
	at,
	label,
	kind,
	help,
	...more,
});

export const option = (value: string, label: string) => ({ value, label });
