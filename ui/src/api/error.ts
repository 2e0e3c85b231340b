/** One field that the server refuses: an RFC 6901 pointer into the body, and why. */
export interface FieldProblem {
	pointer: string;
	detail: string;
}

/** Any failure of a request. `message` is a sentence that can be shown as it is. */
export class ApiError extends Error {
	readonly status: number;
	/** Stable word for programs; "unreachable" when no answer came at all. */
	readonly code: string;
	readonly fields: FieldProblem[];
	/** Seconds to wait, where the server says so. */
	readonly retryAfter: number | null;

	constructor(
		status: number,
		code: string,
		detail: string,
		fields: FieldProblem[] = [],
		retryAfter: number | null = null,
	) {
		super(detail);
		this.name = "ApiError";
		this.status = status;
		this.code = code;
		this.fields = fields;
		this.retryAfter = retryAfter;
	}

	/** What the server says of one field: "/settings/webhookUrl". */
	field(pointer: string): string | undefined {
		return this.fields.find((f) => f.pointer === pointer)?.detail;
	}
}

const said: Record<number, string> = {
	401: "You are signed out.",
	403: "Your role does not allow this.",
	404: "There is nothing here, or it was deleted.",
	409: "Somebody changed this at the same time. Reload and try again.",
	413: "That is larger than the server accepts.",
	422: "Some of the values are not valid.",
	429: "Too many requests. Wait a moment and try again.",
};

const text = (v: unknown): string => (typeof v === "string" ? v : "");

/** Reads an RFC 9457 problem; copes with a proxy that answers something else. */
export async function errorOf(response: Response): Promise<ApiError> {
	let body: Record<string, unknown> = {};
	try {
		const v: unknown = await response.clone().json();
		if (v && typeof v === "object") body = v as Record<string, unknown>;
	} catch {
		// No JSON: the status has to say it all.
	}
	const status = response.status;
	const fallback = said[status] ?? `The server failed (status ${status}). Its log says more.`;
	const fields = Array.isArray(body.errors)
		? body.errors.map((e) => ({
				pointer: text(e?.pointer) || text(e?.location),
				detail: text(e?.detail) || text(e?.message),
			}))
		: [];
	const wait = Number(response.headers.get("Retry-After"));
	return new ApiError(
		status,
		text(body.code) || String(status),
		text(body.detail) || text(body.title) || fallback,
		fields,
		wait > 0 ? wait : null,
	);
}

export function unreachable(): ApiError {
	return new ApiError(
		0,
		"unreachable",
		"Ringside did not answer. Check that the server runs and that you are online.",
	);
}

/** The sentence to show for anything that was thrown. */
export function sentence(error: unknown): string {
	return error instanceof Error && error.message ? error.message : "Something failed.";
}
