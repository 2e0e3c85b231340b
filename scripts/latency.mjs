// latency.mjs URL KEY prints how long the server takes to answer what people
// ask most: one call, a filtered list, a search. It asks one thing at a time,
// over one connection, for what is really there.
import { performance } from "node:perf_hooks";

const [base, key] = process.argv.slice(2);
const rounds = 300;

async function get(path) {
	const response = await fetch(base + path, { headers: { authorization: `Bearer ${key}` } });
	const body = await response.json();
	if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
	return body;
}

// A sample of calls from all over the archive, newest to oldest.
async function sample() {
	const ends = await Promise.all(["-started_at", "started_at"].map((s) => get(`/v1/calls?limit=1&sort=${s}`)));
	const [last, first] = ends.map((page) => Date.parse(page.items[0].started_at));
	const calls = [];
	for (let i = 0; i < 20; i++) {
		const before = new Date(last - ((last - first) * i) / 20 + 1).toISOString();
		calls.push(...(await get(`/v1/calls?limit=20&started_before=${before}`)).items);
	}
	return calls;
}

// Words to search for: one that is in most transcripts, one that is in few,
// and two that were said one after the other.
async function words(calls) {
	const counts = new Map();
	let pair = "";
	for (const { id } of calls.slice(0, 100)) {
		const call = await get(`/v1/calls/${id}`);
		const said = new Set();
		for (const turn of call.turns) {
			const all = turn.text.toLowerCase().match(/[a-z]{4,}/g) ?? [];
			for (const word of all) said.add(word);
			const two = turn.text.toLowerCase().match(/\b([a-z]{4,}) ([a-z]{4,})\b/);
			if (two) pair = `${two[1]} ${two[2]}`;
		}
		for (const word of said) counts.set(word, (counts.get(word) ?? 0) + 1);
	}
	const sorted = [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => word);
	return { common: sorted[0], rare: sorted.at(-1), pair };
}

async function measure(name, path) {
	const times = [];
	for (let i = 0; i < rounds; i++) {
		const started = performance.now();
		await get(path(i));
		times.push(performance.now() - started);
	}
	times.sort((a, b) => a - b);
	const at = (q) => times[Math.min(times.length - 1, Math.floor(q * times.length))].toFixed(1).padStart(8);
	console.log(`${name.padEnd(34)} p50${at(0.5)} ms   p99${at(0.99)} ms`);
}

const calls = await sample();
const one = (i) => calls[(i * 7) % calls.length];
const { common, rare, pair } = await words(calls);
const after = new Date(Date.parse(calls[0].started_at) - 30 * 86400e3).toISOString();
const search = (q) => () => `/v1/calls?limit=50&q=${encodeURIComponent(q)}`;

await measure("call by id", (i) => `/v1/calls/${one(i).id}`);
await measure("list", () => "/v1/calls?limit=50");
await measure("list, agent + status + 30 days", (i) => {
	const { agent, status } = one(i);
	return `/v1/calls?limit=50&status=${status}&started_after=${after}${agent ? `&agent=${agent.id}` : ""}`;
});
await measure(`search, common (${common})`, search(common));
await measure(`search, rare (${rare})`, search(rare));
await measure(`search, two words (${pair})`, search(pair));
