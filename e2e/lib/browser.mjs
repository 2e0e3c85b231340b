// Chromium, and what is held against every page: no violation that axe calls
// serious, nothing wider than a telephone, no error in the console.
import { mkdirSync } from "node:fs";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { chromiumPath, results } from "./paths.mjs";
import { admin } from "./server.mjs";

const args = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-dev-shm-usage",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

/** The rules that another scheme can break; the rest see the same page in both. */
const colours = ["color-contrast", "link-in-text-block"];

const desk = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

export function openBrowser() {
	return chromium.launch({ executablePath: chromiumPath, args });
}

/**
 * A new page, as another person's: cookies and settings of its own. It keeps
 * the errors that the console got, but for answers that the journey expects
 * (expectStatus) — a wrong password is a 401.
 */
export async function openPage(browser, server, { expectStatus = [], state } = {}) {
	const context = await browser.newContext({
		baseURL: server.url,
		viewport: desk,
		reducedMotion: "reduce",
		colorScheme: "light",
		locale: "en-GB",
		timezoneId: "Europe/Berlin",
		permissions: ["clipboard-read", "clipboard-write"],
		storageState: state,
	});
	// Payloads name recordings on hosts that do not exist; nothing here goes further than this machine.
	await context.route((u) => u.protocol.startsWith("http") && u.origin !== server.url, (r) => r.abort());
	const page = await context.newPage();
	page.setDefaultTimeout(10_000);
	page.problems = [];
	page.found = [];
	const expected = new RegExp(`status of (${["401", ...expectStatus].join("|")}) `);
	page.on("console", (m) => {
		const ours = !m.location().url || m.location().url.startsWith(server.url);
		if (m.type() === "error" && ours && !expected.test(m.text())) page.problems.push(m.text());
	});
	page.on("pageerror", (e) => page.problems.push(String(e)));
	return page;
}

/** Fails when the console of a page got an error, or looks at it found something, since the last time. */
export function noProblems(page) {
	const all = [...page.problems.splice(0), ...page.found.splice(0)];
	if (all.length > 0) throw without(`\n${all.join("\n")}`);
}

/** An error whose stack would tell nothing. */
export function without(message) {
	const e = new Error(message);
	e.stack = message;
	return e;
}

/** Makes the first account by the printed link; ends on the calls page. */
export async function setUp(page, server) {
	await page.goto(server.setupLink);
	await page.getByLabel("Name").fill(admin.name);
	await page.getByLabel("Email").fill(admin.email);
	await page.getByLabel(/^Password/).fill(admin.password);
	await page.getByRole("button", { name: "Make the account and sign in" }).click();
	await page.waitForURL("**/calls**");
	await page.getByRole("navigation", { name: "Main" }).waitFor();
}

/** Chooses a workspace at the top of the rail. */
export async function switchWorkspace(page, name) {
	const button = page.getByRole("button", { name: /^Workspace:/ });
	await button.waitFor();
	if ((await button.innerText()).includes(name)) return;
	await button.click();
	await page.getByRole("menuitem", { name }).click();
	await page.getByRole("button", { name: new RegExp(`^Workspace: ${name}`) }).waitFor();
}

/** Waits until nothing on the page is loading. */
export async function settled(page) {
	await page.waitForFunction(
		() => !document.querySelector('[role="status"][aria-label^="Loading"]') && document.fonts.status === "loaded",
	);
}

/** Looks at the page as it is now: pictures and axe in both schemes, at both widths. What it finds fails the step at its end. */
export async function look(page, name) {
	await settled(page);
	mkdirSync(results, { recursive: true });
	const { found } = page;
	for (const size of [phone, desk]) {
		await page.setViewportSize(size);
		for (const scheme of ["dark", "light"]) {
			await page.emulateMedia({ colorScheme: scheme });
			await still(page, scheme);
			await page.screenshot({ path: `${results}/${name}-${size.width}-${scheme}.png` });
			found.push(...(await audit(page, `${name}, ${size.width} ${scheme}`, scheme === "dark" ? colours : undefined)));
		}
		const wide = await page.evaluate(() =>
			Math.max(...["html", "main"].map((s) => document.querySelector(s)?.scrollWidth ?? 0)),
		);
		if (wide > size.width) found.push(`${name}, ${size.width}: the page is ${wide} px wide`);
	}
}

/** Waits until a new scheme and size have been taken up and painted. */
async function still(page, scheme) {
	await page.waitForFunction((s) => document.documentElement.dataset.mantineColorScheme === s, scheme);
	await page.waitForTimeout(50);
	await page.evaluate(async () => {
		await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
		const ending = document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity);
		await Promise.all(ending.map((a) => a.finished.catch(() => {})));
	});
}

/** What axe finds that is serious or worse, one line each. */
async function audit(page, where, rules) {
	if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
	const violations = await page.evaluate(async (rules) => {
		const { violations } = await window.axe.run(document, {
			resultTypes: ["violations"],
			preload: false,
			...(rules ? { runOnly: rules } : {}),
		});
		return violations.map(({ id, impact, nodes }) => ({
			id,
			impact,
			nodes: nodes.map((n) => `${n.target.join(" ")} ${n.any[0]?.message ?? n.failureSummary ?? ""}`),
		}));
	}, rules);
	return violations
		.filter((v) => v.impact === "serious" || v.impact === "critical")
		.flatMap((v) => v.nodes.slice(0, 4).map((n) => `${where}: ${v.id} (${v.impact}) ${n}`));
}

/** Chooses one of a row of choices by its words: the input below them takes no clicks. */
export function choose(page, group, words) {
	return page.getByRole("radiogroup", { name: group }).getByText(words, { exact: true }).click();
}
