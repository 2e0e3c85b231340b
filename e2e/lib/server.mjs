// A real server on a free port, with a data directory that is thrown away.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "./paths.mjs";

export const admin = {
	name: "Ada Reed",
	email: "ada@example.com",
	password: "nine green bottles",
};

const startWithinMs = 30_000;
const stopWithinMs = 25_000;

function freePort() {
	return new Promise((resolve, reject) => {
		const s = createServer();
		s.once("error", reject);
		s.listen(0, "127.0.0.1", () => {
			const { port } = s.address();
			s.close(() => resolve(port));
		});
	});
}

/** Environment of the caller without its own settings of Ringside. */
function cleanEnv() {
	return Object.fromEntries(Object.entries(process.env).filter(([k]) => !k.startsWith("RINGSIDE_")));
}

/**
 * Starts `ringside serve` and gives { url, setupLink, data, log, stop } once
 * it has printed the set-up link. stop ends it by its process id and removes
 * the data.
 */
export async function startServer(...flags) {
	const port = await freePort();
	const data = mkdtempSync(join(tmpdir(), "ringside-e2e-"));
	const child = spawn(binary, ["serve", "--listen", `localhost:${port}`, "--data", data, ...flags], {
		env: cleanEnv(),
		stdio: ["ignore", "pipe", "pipe"],
	});
	const server = { url: `http://localhost:${port}`, data, setupLink: "", log: "" };
	child.stderr.on("data", (b) => {
		server.log += b;
	});
	const exited = new Promise((resolve) => child.once("exit", resolve));
	server.stop = async () => {
		if (child.exitCode === null) child.kill("SIGTERM");
		const timer = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
		await exited;
		clearTimeout(timer);
		rmSync(data, { recursive: true, force: true });
	};
	try {
		server.setupLink = await linkFrom(child, server);
		await ready(server.url);
	} catch (e) {
		await server.stop();
		throw e;
	}
	return server;
}

function linkFrom(child, server) {
	return new Promise((resolve, reject) => {
		let out = "";
		const timer = setTimeout(
			() => reject(new Error(`no set-up link within ${startWithinMs} ms\n${out}${server.log}`)),
			startWithinMs,
		);
		child.once("exit", (code) => reject(new Error(`the server ended with ${code}\n${server.log}`)));
		child.stdout.on("data", (b) => {
			out += b;
			const link = /https?:\/\/\S+\/setup\?token=\S+/.exec(out);
			if (link) {
				clearTimeout(timer);
				resolve(link[0]);
			}
		});
	});
}

async function ready(url) {
	for (const until = Date.now() + startWithinMs; Date.now() < until; ) {
		const ok = await fetch(`${url}/readyz`).then(
			(r) => r.ok,
			() => false,
		);
		if (ok) return;
		await new Promise((r) => setTimeout(r, 50));
	}
	throw new Error(`${url}/readyz was not ready within ${startWithinMs} ms`);
}

/** Makes a key beside the running server, as a person does in a terminal. */
export function createKey(server, scope, workspace = "Default") {
	return execFileSync(
		binary,
		["keys", "create", "--data", server.data, "--name", `e2e ${scope}`, "--scope", scope, "--workspace", workspace],
		{ env: cleanEnv(), encoding: "utf8" },
	).trim();
}

/** Asks the API with a key; throws on anything but 2xx. */
export async function ask(server, key, method, path, body) {
	const r = await fetch(server.url + path, {
		method,
		headers: { Authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const text = await r.text();
	if (!r.ok) throw new Error(`${method} ${path}: ${r.status} ${text}`);
	return text ? JSON.parse(text) : undefined;
}
