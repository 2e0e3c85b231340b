// Quarantine: a vendor's delivery that can't be read is kept, shown with the
// reason and the place, and replayed. That a mended decoder folds it is tested
// in Go: a decoder can't change while the server runs.
import assert from "node:assert/strict";
import { look } from "../lib/browser.mjs";
import { createSource, deliver, payload } from "../lib/deliver.mjs";
import { journey } from "../lib/journey.mjs";
import { createKey } from "../lib/server.mjs";

const { step } = journey("inbox");
let address = "";

step("a source is made, and marked as unsigned", async ({ page }) => {
	await page.goto("/settings/sources");
	await look(page, "settings-sources-empty");
	await page.getByRole("button", { name: "Connect a platform" }).click();
	const dialog = page.getByRole("dialog", { name: "Connect a platform" });
	await dialog.getByLabel("Platform").click();
	await page.getByRole("option", { name: "Retell" }).click();
	await dialog.getByLabel("Name").fill("Retell, staging");
	await dialog.getByLabel("Take deliveries without a signature").check({ force: true });
	await dialog.getByText("Whoever learns the address can send made-up calls").waitFor();
	await look(page, "settings-source-new");
	await dialog.getByRole("button", { name: "Get the address" }).click();
	const made = page.getByRole("dialog", { name: "Now connect Retell" });
	address = (await made.getByRole("figure", { name: "Webhook address" }).locator("pre").innerText()).trim();
	assert.match(address, /\/webhooks\/retell\/\w{20,}/);
	await made.getByRole("button", { name: "Done" }).click();
	await page.getByText("Nothing: not verified").waitFor();
});

step("a delivery that can't be read is taken, and waits in the inbox", async ({ page }) => {
	const body = JSON.parse(payload("retell/call_ended.json"));
	delete body.call.call_id;
	const { status, body: answer } = await deliver(address, JSON.stringify(body));
	assert.equal(status, 202, answer);
	await page.goto("/settings/sources");
	await page.getByRole("link", { name: "1 could not be read" }).click();
	await page.waitForURL(/\/settings\/inbox\?state=quarantined/);
	const row = page.getByRole("region", { name: "Deliveries" }).getByRole("row").nth(1);
	await row.getByText("Quarantined").waitFor();
	await row.getByText("/call/call_id").waitFor();
	await look(page, "settings-inbox");
	await row.getByRole("button").click();
	const peek = page.getByRole("complementary", { name: "Delivery" });
	await peek.getByRole("button", { name: "Copy the pointer" }).waitFor();
	await peek.getByText(/is required: Retell's id of the call/i).waitFor();
	await look(page, "settings-inbox-delivery");
});

step("a replay says that it still can't be read, and why", async ({ page }) => {
	await page.getByRole("button", { name: "Replay", exact: true }).click();
	await page.getByText(/It still can.t be read/).first().waitFor();
	await page.getByRole("complementary", { name: "Delivery" }).getByText("Quarantined").waitFor();
	await page.getByRole("button", { name: "Replay all 1 quarantined" }).click();
	await page.getByText("1 still can't be read.").waitFor();
});

step("one that is stored replays as a duplicate, without a second call", async ({ page }) => {
	const { status, body: answer } = await deliver(address, payload("retell/call_ended.json"));
	assert.ok(status < 300 && status !== 202, `${status} ${answer}`);
	await page.goto("/settings/inbox?state=stored");
	await page.getByRole("region", { name: "Deliveries" }).getByRole("button").first().click();
	await page.getByRole("complementary", { name: "Delivery" }).getByRole("link", { name: "Its call" }).click();
	await page.getByRole("heading", { name: "Sol - collections" }).waitFor();
	await page.goto("/calls");
	await page.getByText("1 call", { exact: true }).waitFor();
});

step("a delivery about no call is ignored, and says so when replayed", async ({ page, server }) => {
	const bland = await createSource(server, createKey(server, "admin"), "bland", { allow_unsigned: true });
	const [first] = JSON.parse(payload("bland/batch-status.sequence.json"));
	const { status, body: answer } = await deliver(bland, JSON.stringify(first));
	assert.ok(status < 300, `${status} ${answer}`);
	await page.goto("/settings/inbox?state=ignored");
	await page.getByRole("region", { name: "Deliveries" }).getByRole("button").first().click();
	await page.getByRole("button", { name: "Replay", exact: true }).click();
	await page.getByText(/It says nothing about a call/).first().waitFor();
});
