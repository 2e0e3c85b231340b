// A journey is one file: a server, a browser and a signed-in person, and steps
// that build on each other.
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { noProblems, openBrowser, openPage, setUp, without } from "./browser.mjs";
import { results } from "./paths.mjs";
import { startServer } from "./server.mjs";

/**
 * Registers the hooks of a journey and gives { server, browser, page, step }.
 * server, browser and page are there once the steps run. After a step that
 * failed the rest fail too, without waiting: each needs those before it.
 */
export function journey(name, { flags = [], expectStatus, signedIn = true } = {}) {
	const j = { server: null, browser: null, page: null, failed: "" };
	before(async () => {
		j.server = await startServer(...flags);
		j.browser = await openBrowser();
		j.page = await openPage(j.browser, j.server, { expectStatus });
		if (signedIn) await setUp(j.page, j.server);
	});
	after(async () => {
		if (j.failed && j.server) writeFileSync(`${results}/${name}-server.log`, j.server.log);
		await j.browser?.close();
		await j.server?.stop();
	});
	j.step = (title, run) =>
		test(`${name}: ${title}`, async () => {
			if (j.failed) throw without(`not reached: “${j.failed}” failed`);
			try {
				await run(j);
			} catch (e) {
				j.failed = title;
				await j.page?.screenshot({ path: `${results}/${name}-FAILED.png` }).catch(() => {});
				throw e;
			}
			noProblems(j.page);
		});
	return j;
}
