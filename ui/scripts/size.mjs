// Fails when a person's first load of the calls page, or one further page,
// weighs more than its budget. Counts gzipped scripts and styles; fonts come
// after the first paint and are not counted.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const first = 250 * 1024;
const further = 60 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"));

const weigh = (files) =>
	[...files].reduce((sum, f) => sum + gzipSync(readFileSync(new URL(f, dist))).length, 0);

function closure(key, seen = new Set(), keys = new Set()) {
	if (keys.has(key)) return seen;
	keys.add(key);
	const chunk = manifest[key];
	for (const f of [chunk.file, ...(chunk.css ?? [])]) seen.add(f);
	for (const k of chunk.imports ?? []) closure(k, seen, keys);
	return seen;
}

const entry = Object.keys(manifest).find((k) => manifest[k].isEntry);
const pages = manifest[entry].dynamicImports ?? [];
const find = (part) => pages.find((p) => p.includes(part));
const frame = new Set([...closure(entry), ...closure(find("features/frame/Frame"))]);
const calls = new Set([...frame, ...closure(find("features/calls/route"))]);

let failed = false;
function hold(name, files, budget) {
	const size = weigh(files);
	failed ||= size > budget;
	console.log(
		`${name}: ${(size / 1024).toFixed(1)} of ${budget / 1024} KB${size > budget ? "  TOO BIG" : ""}`,
	);
}

hold("first load, the calls page", calls, first);
for (const page of pages) {
	const own = [...closure(page)].filter((f) => !frame.has(f));
	if (own.length > 0) hold(page, own, further);
}
process.exit(failed ? 1 : 0);
