// The sample calls: waits for them to be in.
import { ask, createKey } from "./server.mjs";

const withinMs = 60_000;

/** Waits until the Demo workspace has calls and no more come; gives a key that reads it, and how many there are. */
export async function demoCalls(server) {
	const key = createKey(server, "read", "Demo");
	let before = -1;
	for (const until = Date.now() + withinMs; Date.now() < until; ) {
		const { total } = await ask(server, key, "GET", "/v1/calls?limit=1");
		if (total > 0 && total === before) return { key, total };
		before = total;
		await new Promise((r) => setTimeout(r, 1000));
	}
	throw new Error(`the sample calls were not in within ${withinMs} ms: ${before} calls\n${server.log}`);
}
