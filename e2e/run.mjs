// Runs the browser journeys and the README's commands against the real
// binary: RINGSIDE_BIN, or bin/ringside as make builds it. Names given as
// arguments pick files: `node run.mjs inbox readme`.
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { binary, results, root } from "./lib/paths.mjs";

if (!existsSync(binary)) {
	console.error(`e2e: there is no ${binary}; build it first: make build`);
	process.exit(1);
}
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const wanted = process.argv.slice(2);
// The path below e2e is what a name is looked for in: the clone's own folder may be called anything.
const files = ["journeys/", ""]
	.flatMap((dir) => readdirSync(`${root}/e2e/${dir}`).map((f) => dir + f))
	.filter((f) => f.endsWith(".test.mjs"))
	.filter((f) => wanted.length === 0 || wanted.some((w) => f.includes(w)))
	.map((f) => `${root}/e2e/${f}`);
if (files.length === 0) {
	console.error(`e2e: nothing is named ${wanted.join(" or ")}`);
	process.exit(1);
}

// Two at a time: each has a server and a browser of its own, and mostly waits for calls that go on in real time.
run({ files, concurrency: 2, timeout: 360_000 })
	.on("test:fail", () => {
		process.exitCode = 1;
	})
	.compose(spec)
	.pipe(process.stdout);
