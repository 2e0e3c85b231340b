export const inboxStates = ["quarantined", "ignored", "stored"] as const;

export type InboxState = (typeof inboxStates)[number];

export interface SettingsSearch {
	/** Inbox: which deliveries; quarantined and ignored without. */
	state?: InboxState;
	/** Inbox: the delivery in the drawer. */
	delivery?: string;
}

export function validateSettingsSearch(raw: Record<string, unknown>): SettingsSearch {
	const out: SettingsSearch = {};
	const state = inboxStates.find((s) => s === raw.state);
	if (state) out.state = state;
	if (typeof raw.delivery === "string" && raw.delivery) out.delivery = raw.delivery;
	return out;
}
