// What is done to a live call and its alerts. These endpoints are not in the
// generated schema yet; once they are, this file becomes calls of `api`.

import { errorOf, unreachable } from "../../api/error";

export interface Done {
	ok: boolean;
	/** What happened, in a sentence. */
	detail: string;
}

export interface Say {
	message: string;
}

export interface Transfer {
	/** A queue's id or name, or a number. */
	transferTo: string;
	reason?: string;
	context?: string;
}

export interface End {
	reason?: string;
	note?: string;
}

export interface Queue {
	id: string;
	name: string;
	number?: string;
}

async function ask<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
	const request = new Request(new URL(path, window.location.origin), {
		method,
		credentials: "same-origin",
		headers: body && { "Content-Type": "application/json" },
		body: body && JSON.stringify(body),
	});
	let response: Response;
	try {
		response = await fetch(request);
	} catch {
		throw unreachable();
	}
	if (!response.ok) throw await errorOf(response);
	return response.json();
}

const to = (call: string, what: string) => `/v1/live-calls/${encodeURIComponent(call)}/${what}`;

export const say = (call: string, body: Say) => ask<Done>("POST", to(call, "say"), body);
export const transfer = (call: string, body: Transfer) => ask<Done>("POST", to(call, "transfer"), body);
export const endCall = (call: string, body: End) => ask<Done>("POST", to(call, "end"), body);

export const queuesQuery = {
	queryKey: ["queues"],
	queryFn: async () => (await ask<{ queues: Queue[] | null }>("GET", "/v1/queues")).queues ?? [],
	retry: false,
};

export type AlertAction = "acknowledge" | "resolve";

export const settleAlert = (alert: string, how: AlertAction) =>
	ask<unknown>("POST", `/v1/alerts/${encodeURIComponent(alert)}/${how}`, {});
