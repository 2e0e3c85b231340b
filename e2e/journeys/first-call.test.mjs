// A newcomer: the printed link, an account, a key, the first call by the
// command that the page shows, and that call on the page.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { choose, look, openPage } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { admin } from "../lib/server.mjs";

const { step } = journey("first-call", { signedIn: false });
let command = "";

step("the set-up link leads to a form that takes the first account", async ({ page, server }) => {
	await page.goto(server.setupLink);
	await page.getByRole("heading", { name: "Set up Ringside" }).waitFor();
	await look(page, "setup");
	await page.getByLabel("Name").fill(admin.name);
	await page.getByLabel("Email").fill(admin.email);
	const make = page.getByRole("button", { name: "Make the account and sign in" });
	await page.getByLabel(/^Password/).fill("short");
	assert.ok(await make.isDisabled(), "a password of five characters is not taken");
	await page.getByLabel(/^Password/).fill(admin.password);
	await make.click();
	await page.getByRole("heading", { name: "Waiting for the first call" }).waitFor();
});

step("the link works once", async ({ browser, server }) => {
	const other = await openPage(browser, server);
	await other.goto(server.setupLink);
	await other.getByRole("heading", { name: "Ringside is set up already" }).waitFor();
	await other.context().close();
});

step("the empty page makes a key and shows a command with it", async ({ page, server }) => {
	await look(page, "calls-empty");
	const shown = page.getByRole("figure", { name: "Command for a terminal" }).locator("pre");
	assert.match(await shown.innerText(), /YOUR_API_KEY/);
	await page.getByRole("button", { name: "Make a key and put it in" }).click();
	await page.getByText("It is shown this once").waitFor();
	await page.getByRole("button", { name: "Copy: Command for a terminal" }).click();
	command = await page.evaluate(() => navigator.clipboard.readText());
	assert.match(command, new RegExp(`^curl -X POST '${server.url}/api/v1/observability/calls'`));
	assert.match(command, /X-API-Key: rs_live_\w+/);
});

step("each vendor has its steps", async ({ page }) => {
	await choose(page, "Where the call comes from", "Retell");
	await page.getByRole("button", { name: "Make the webhook address" }).waitFor();
	await page.getByText("Retell signs with the API key that has the webhook badge").waitFor();
	await look(page, "calls-empty-retell");
	await choose(page, "Where the call comes from", "curl");
});

step("that command sends the call, and the page turns green", async ({ page }) => {
	const out = execFileSync("bash", ["-c", command], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
	assert.equal(JSON.parse(out).action, "created", out);
	await page.getByRole("heading", { name: "The first call is here" }).waitFor();
	await look(page, "calls-first");
});

step("the call opens and says what was said", async ({ page }) => {
	await page.getByRole("link", { name: "Open it" }).click();
	await page.waitForURL(/\/calls\/call_\w+/);
	await page.getByRole("tab", { name: "Media & transcript" }).click();
	await page.getByText("I would like to move my appointment to Friday.").waitFor();
});

step("the list has it too", async ({ page }) => {
	await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Calls" }).click();
	const rows = page.getByRole("grid", { name: "Calls" }).getByRole("row");
	await rows.nth(1).getByText("Customer hung up").waitFor();
	assert.equal(await rows.count(), 2, "the head and one call");
});
