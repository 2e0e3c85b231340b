import type { Credential, CredentialBody } from "./queries";
import { hostOf } from "./webhooks";

export interface CredentialDraft {
	/** A host, or a link to a recording there. */
	host: string;
	header: string;
	secret: string;
}

export function draftOf(c: Credential | undefined): CredentialDraft {
	return { host: c?.host ?? "", header: c?.header ?? "Authorization", secret: "" };
}

/** The host that was typed; of a link that was pasted, its host. */
export function hostTyped({ host }: Pick<CredentialDraft, "host">): string {
	const text = host.trim();
	return text.includes("://") ? hostOf(text) || text : text.toLowerCase();
}

export function credentialBody(draft: CredentialDraft): CredentialBody {
	return { host: hostTyped(draft), header: draft.header.trim(), secret: draft.secret.trim() };
}

export const credentialPointers = ["/host", "/header", "/secret"];

/** What of the draft would be refused, without asking the server. */
export function checkCredential(draft: CredentialDraft): Record<string, string> {
	const { host, header, secret } = credentialBody(draft);
	const out: Record<string, string> = {};
	if (!host) out["/host"] = "Enter the host, like recordings.example.com";
	if (!header) out["/header"] = "Enter the header's name, like Authorization";
	if (!secret) out["/secret"] = "Enter the header's value";
	return out;
}
