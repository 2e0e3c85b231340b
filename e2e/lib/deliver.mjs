// Deliveries as vendors send them, from testdata/payloads.
import { readFileSync } from "node:fs";
import { ask } from "./server.mjs";
import { payloads } from "./paths.mjs";

/** A payload's text. */
export const payload = (name) => readFileSync(`${payloads}/${name}`, "utf8");

/** Makes a source by the API and gives its address. */
export async function createSource(server, key, provider, more = {}) {
	return (await ask(server, key, "POST", "/v1/sources", { provider, name: provider, ...more })).url;
}

/** Posts a body to a webhook address; gives the status and the answer. */
export async function deliver(url, body, headers = {}) {
	const r = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body });
	return { status: r.status, body: await r.text() };
}
