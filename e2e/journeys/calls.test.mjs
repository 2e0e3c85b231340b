// The hunt: filters, dates and search on the sample calls; the URL holds the
// view.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { look, openPage, switchWorkspace } from "../lib/browser.mjs";
import { demoCalls } from "../lib/demo.mjs";
import { journey } from "../lib/journey.mjs";
import { ask } from "../lib/server.mjs";

const { step } = journey("calls", { flags: ["--demo"] });
let key = "";
let shared = "";

const grid = (page) => page.getByRole("grid", { name: "Calls" });
const rows = (page) => grid(page).getByRole("row");
const chip = (page, name) => page.getByRole("button", { name: new RegExp(`^Remove filter: ${name} `) });
const bar = (page) => page.getByRole("search", { name: "Filter the calls" });
/** What the list shows, once it is not the answer to an earlier view. */
async function total(page) {
	await page.waitForFunction(() => !document.querySelector("[data-stale]"));
	return Number((await grid(page).getAttribute("aria-rowcount")) ?? 1) - 1;
}

step("the page shows the sample calls", async ({ page, server }) => {
	({ key } = await demoCalls(server));
	await switchWorkspace(page, "Demo");
	await page.goto("/calls");
	await rows(page).nth(1).waitFor();
	await page.getByRole("region", { name: /^Last 24 hours/ }).waitFor();
	await look(page, "calls");
});

step("the facets narrow the list", async ({ page, server }) => {
	await bar(page).getByRole("button", { name: "Status" }).click();
	await page.getByRole("dialog", { name: "Status" }).getByRole("checkbox", { name: /^Completed/ }).check();
	await page.keyboard.press("Escape");
	await chip(page, "Status").waitFor();
	await bar(page).getByRole("button", { name: "Agent" }).click();
	const agents = page.getByRole("dialog", { name: "Agent" });
	await agents.getByRole("checkbox").first().waitFor();
	await look(page, "calls-facet");
	await agents.getByRole("checkbox").first().check();
	await page.keyboard.press("Escape");
	await chip(page, "Agent").waitFor();
	const q = new URL(page.url()).searchParams;
	assert.equal(q.get("status"), "completed");
	const { total: want } = await ask(server, key, "GET", `/v1/calls?limit=1&status=completed&agent=${q.get("agent")}`);
	assert.ok(want > 0);
	assert.equal(await total(page), want);
});

step("a date preset narrows it further", async ({ page }) => {
	const before = await total(page);
	await bar(page).getByRole("button", { name: "All time" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Last 7 days" }).click();
	await chip(page, "Started").waitFor();
	assert.match(page.url(), /range=7d/);
	assert.ok((await total(page)) <= before);
	shared = page.url();
});

step("a reload shows the same, and so does the address to somebody else", async ({ page, browser, server }) => {
	const before = await total(page);
	await page.reload();
	await chip(page, "Started").waitFor();
	await rows(page).nth(1).waitFor();
	assert.equal(await total(page), before);
	const other = await openPage(browser, server, { state: await page.context().storageState() });
	await other.goto(shared);
	await rows(other).nth(1).waitFor();
	for (const name of ["Status", "Agent", "Started"]) await chip(other, name).waitFor();
	assert.equal(await total(other), before);
	await other.context().close();
});

step("Back undoes one", async ({ page }) => {
	await page.goBack();
	await chip(page, "Started").waitFor({ state: "detached" });
	await chip(page, "Agent").waitFor();
	await page.goForward();
	await chip(page, "Started").waitFor();
	await page.getByRole("button", { name: "Clear filters" }).click();
	await chip(page, "Status").waitFor({ state: "detached" });
	assert.equal(new URL(page.url()).search, "");
});

step("search shows where the words were said", async ({ page }) => {
	await page.keyboard.press("/");
	await page.keyboard.type("appointment");
	await grid(page).locator("mark").first().waitFor();
	assert.match(page.url(), /q=appointment/);
	for (const m of await grid(page).locator("mark").allInnerTexts()) assert.match(m, /^appointment/i);
	await look(page, "calls-search");
	await page.keyboard.press("Escape");
	await page.getByRole("button", { name: "Clear filters" }).waitFor({ state: "detached" });
	await page.keyboard.press("Escape");
});

step("the drawer goes along with J and K, and Enter opens the call", async ({ page }) => {
	await rows(page).nth(3).waitFor();
	const peek = page.getByRole("complementary", { name: "Selected call" });
	await page.keyboard.press("j");
	await peek.waitFor();
	const first = new URL(page.url()).searchParams.get("peek");
	await look(page, "calls-peek");
	await page.keyboard.press("j");
	await page.waitForURL((u) => u.searchParams.get("peek") !== first);
	const second = new URL(page.url()).searchParams.get("peek");
	await page.keyboard.press("k");
	await page.waitForURL((u) => u.searchParams.get("peek") === first);
	await page.reload();
	await peek.waitFor();
	await page.keyboard.press("j");
	await page.waitForURL((u) => u.searchParams.get("peek") === second);
	await page.keyboard.press("Enter");
	await page.waitForURL(`**/calls/${second}`);
	await page.goBack();
	await peek.waitFor();
	await page.keyboard.press("Escape");
	await peek.waitFor({ state: "hidden" });
});

step("the export downloads what the filters mean", async ({ page, server }) => {
	await page.goto("/calls?status=failed");
	await rows(page).nth(1).waitFor();
	await page.getByRole("button", { name: "Export" }).click();
	const [file] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("menuitem", { name: "CSV, for a spreadsheet" }).click(),
	]);
	assert.match(file.suggestedFilename(), /\.csv$/);
	const lines = readFileSync(await file.path(), "utf8").trim().split(/\r?\n/);
	const { total: want } = await ask(server, key, "GET", "/v1/calls?limit=1&status=failed");
	assert.match(lines[0], /\bstatus\b/);
	assert.ok(lines.length - 1 >= want, `${lines.length - 1} lines for ${want} calls`);
});

step("a calls page with no match says how to go on", async ({ page }) => {
	await page.goto("/calls?q=zeppelinwurst");
	await page.getByRole("heading", { name: "No call matches" }).waitFor();
	await look(page, "calls-no-match");
	await page.getByRole("button", { name: "Clear filters" }).last().click();
	await rows(page).nth(1).waitFor();
});
