/** The one-time token of the link that the server printed. */
export function validateSetupSearch(raw: Record<string, unknown>): { token?: string } {
	return typeof raw.token === "string" && raw.token ? { token: raw.token } : {};
}
