// Every block of the README, docs/live-events.md and docs/import.md that a comment
// marks is run as it stands, in order, against a fresh server:
//
//	<!-- test: name -->
//	```bash
//	…
//	```
//
// Blocks share a folder and what they export, as a person's terminal does. Only
// the address, the data directory and the program's path are this server's.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { binary, root } from "./lib/paths.mjs";
import { ask, createKey, startServer } from "./lib/server.mjs";

const readme = readFileSync(`${root}/README.md`, "utf8");
const liveEvents = readFileSync(`${root}/docs/live-events.md`, "utf8");
const imports = readFileSync(`${root}/docs/import.md`, "utf8");
const blocksOf = (text) =>
	[...text.matchAll(/<!-- test: ([\w-]+) -->\n```(\w+)\n([\s\S]*?)\n```/g)].map(([, name, language, code]) => ({
		name,
		language,
		code,
	}));
const marked = [...blocksOf(readme), ...blocksOf(liveEvents), ...blocksOf(imports)];

/** How a program is run: the file that it is saved as, and the command. */
const programs = {
	js: ["agent.mjs", "node agent.mjs"],
	go: ["agent.go", "go run agent.go"],
	python: ["agent.py", "python3 agent.py"],
};

/** The call that a program of docs/live-events.md told of. */
const told = async (id, turns) => {
	const { items } = await ask(server, readKey, "GET", `/v1/calls?provider_call_id=${id}`);
	assert.equal(items.length, 1, id);
	assert.deepEqual([items[0].status, items[0].turns], ["completed", turns]);
};

/** What each block leads to, asked of the API. */
const leadsTo = {
	key: async () => {},
	curl: async (calls) => calls("external", 1, ["completed"]),
	"call-log": async (calls) => calls("custom", 1, ["completed"]),
	"retell-source": async (_, get) => assert.equal((await get("/v1/sources")).items[0].secret_set, true),
	"retell-webhook": async (calls) => calls("retell", 1, ["completed"]),
	"vapi-webhook": async (calls) => calls("vapi", 1, ["completed"]),
	"own-agent": async (calls) => {
		const [call] = await calls("own", 1, ["completed"]);
		assert.equal(call.turns, 4, "what both said");
		assert.equal(call.tool_calls, 1, "the use of a tool");
	},
	"live-go": () => told("go-1", 1),
	"live-python": () => told("python-1", 1),
	"live-node": () => told("node-1", 1),
	import: async (calls) => {
		for (const c of await calls("import", 3, ["completed"])) assert.equal(c.agent.name, "reception");
	},
};

let server;
let folder;
let readKey;

before(async () => {
	server = await startServer();
	readKey = createKey(server, "read");
	folder = mkdtempSync(join(tmpdir(), "ringside-readme-"));
	symlinkSync(`${root}/testdata`, `${folder}/testdata`);
	symlinkSync(`${root}/internal/simulate/spoken`, `${folder}/recordings`);
});

after(async () => {
	await server?.stop();
	if (folder) rmSync(folder, { recursive: true, force: true });
});

/** The block for this server, with what the blocks before it exported. */
function script(code) {
	const here = code
		.replaceAll("http://localhost:8080", server.url)
		.replaceAll("bin/ringside", `'${binary}'`)
		.replaceAll("./data", `'${server.data}'`);
	return `set -euo pipefail\ntouch .exports\nsource .exports\n${here}\nexport -p > .exports\n`;
}

function bash(code) {
	return new Promise((resolve) => {
		const child = spawn("bash", ["-c", script(code)], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
		let out = "";
		child.stdout.on("data", (b) => (out += b));
		child.stderr.on("data", (b) => (out += b));
		child.once("close", (status) => resolve({ status, out }));
	});
}

async function calls(provider, count, statuses) {
	const { items } = await ask(server, readKey, "GET", `/v1/calls?provider=${provider}`);
	assert.equal(items.length, count, `calls of ${provider}`);
	for (const c of items) assert.ok(statuses.includes(c.status), `${c.status} is not ${statuses}`);
	return items;
}

test("the README opens with make run and make test", () => {
	const commands = [...readme.matchAll(/^```\w*\n([\s\S]*?)\n```/gm)][0][1];
	assert.match(commands, /^make run\b.*\nmake test\b/);
});

test("the documents' blocks are those that are tested", () => {
	assert.deepEqual(
		marked.map((b) => b.name),
		Object.keys(leadsTo),
	);
});

for (const { name, language, code } of marked) {
	test(`documents: ${name}`, async () => {
		const [file, run] = programs[language] ?? [];
		if (file) writeFileSync(`${folder}/${file}`, code.replaceAll("http://localhost:8080", server.url));
		const { status, out } = await bash(run ?? code);
		assert.equal(status, 0, out);
		assert.doesNotMatch(out, /"title":|"code":/, "an error of the API");
		await leadsTo[name](calls, (path) => ask(server, createKey(server, "admin"), "GET", path));
	});
}
