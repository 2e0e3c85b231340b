export const inboxStates = ["quarantined", "ignored", "stored"] as const;

export type InboxState = (typeof inboxStates)[number];

export const sentStatuses = ["waiting", "failed", "delivered", "dead"] as const;

export type SentStatus = (typeof sentStatuses)[number];

/** Which outgoing deliveries are listed. */
export interface SentFilter {
	status?: SentStatus;
	event?: string;
	/** An endpoint's id. */
	endpoint?: string;
	/** A call's id. */
	call?: string;
}

export interface SettingsSearch extends SentFilter {
	/** Inbox: which deliveries; quarantined and ignored without. */
	state?: InboxState;
	/** Inbox and deliveries: the delivery in the drawer. */
	delivery?: string;
}

const texts = ["delivery", "event", "endpoint", "call"] as const;

export function validateSettingsSearch(raw: Record<string, unknown>): SettingsSearch {
	const out: SettingsSearch = {};
	const state = inboxStates.find((s) => s === raw.state);
	if (state) out.state = state;
	const status = sentStatuses.find((s) => s === raw.status);
	if (status) out.status = status;
	for (const name of texts) {
		const v = raw[name];
		if (typeof v === "string" && v) out[name] = v;
	}
	return out;
}
