// How a vendor signs, where its customers configure it (provider.HMAC). Only
// what differs from the defaults is sent.

import type { Provider, Signing } from "./queries";

export const signingDefaults = {
	algorithm: "sha256",
	signature_header: "x-signature",
	timestamp_header: "x-timestamp",
	encoding: "hex",
	format: "{timestamp}.{body}",
} as const;

/** The vendors whose signature scheme is the customer's to choose. */
export function canConfigureSigning(provider: string): boolean {
	return provider === "vapi";
}

/** Drops what is empty, off, or the default. */
export function tidySigning(s: Signing): Signing {
	const out: Record<string, unknown> = {};
	for (const [k, v] of Object.entries(s)) {
		const tidy = typeof v === "string" ? v.trim() : v;
		if (tidy && tidy !== signingDefaults[k as keyof typeof signingDefaults]) out[k] = tidy;
	}
	return out as Signing;
}

export function sameSigning(a: Signing, b: Signing): boolean {
	const text = (s: Signing) => JSON.stringify(Object.entries(tidySigning(s)).toSorted());
	return text(a) === text(b);
}

/** What of a source's form decides whether it can verify anything. */
export interface SourceDraft {
	secret: string;
	unsigned: boolean;
}

/** What the server would refuse: a source that verifies nothing without saying so. */
export function checkSource(
	{ secret, unsigned }: SourceDraft,
	provider: Pick<Provider, "signs" | "name"> | undefined,
	held: boolean,
): Record<string, string> {
	if (!provider || unsigned || held || secret.trim() !== "") return {};
	return provider.signs
		? { "/secret": "Enter the secret, or take deliveries without a signature" }
		: { "/allow_unsigned": `${provider.name} signs nothing, so this has to be on` };
}
