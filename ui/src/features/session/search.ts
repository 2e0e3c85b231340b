/** Where to go after signing in: a path of this page and nothing else. */
export function validateSignInSearch(raw: Record<string, unknown>): { next?: string } {
	const next = raw.next;
	return typeof next === "string" && /^\/(?![/\\])/.test(next) ? { next } : {};
}
