// Agents and the rest of the settings, and the end of the sample calls.
import assert from "node:assert/strict";
import { look, switchWorkspace } from "../lib/browser.mjs";
import { demoCalls } from "../lib/demo.mjs";
import { journey } from "../lib/journey.mjs";

const { step } = journey("agents", { flags: ["--demo"] });

step("the sample calls made agents", async ({ page, server }) => {
	await demoCalls(server);
	await switchWorkspace(page, "Demo");
	await page.goto("/agents");
	await page.getByRole("region", { name: "Agents" }).getByText("Discovered").first().waitFor();
	await look(page, "agents");
});

step("a setting of a discovered agent is changed and kept", async ({ page }) => {
	const row = page.getByRole("row").filter({ hasText: "Discovered" }).first();
	await row.getByRole("link").first().click();
	await page.waitForURL(/\/agents\/agent_\w+/);
	await page.getByRole("heading", { name: "Facts" }).waitFor();
	await look(page, "agent");
	const longest = page.getByRole("textbox", { name: /^Longest call/ });
	await longest.fill("45");
	await page.getByText("1 change not saved").waitFor();
	await page.getByRole("button", { name: "Save", exact: true }).click();
	await page.getByText("Saved", { exact: true }).waitFor();
	await page.reload();
	await longest.waitFor();
	assert.match(await longest.inputValue(), /^45\b/);
});

step("a value that can't be is told at its field and not kept", async ({ page }) => {
	const longest = page.getByRole("textbox", { name: /^Longest call/ });
	await longest.fill("100000");
	await page.getByRole("button", { name: "Save", exact: true }).click();
	await page.getByRole("alert").filter({ hasText: "1 field needs another value" }).waitFor();
	assert.equal(await longest.getAttribute("aria-invalid"), "true");
	await page.getByRole("button", { name: "Discard" }).click();
	assert.match(await longest.inputValue(), /^45\b/);
});

step("every section of the settings can be read", async ({ page }) => {
	for (const [id, title] of [
		["sources", "Sources"],
		["keys", "API keys"],
		["inbox", "Inbox"],
		["queues", "Queues"],
		["users", "Users"],
		["workspace", "Workspaces"],
		["demo", "Demo"],
		["audit", "Audit"],
	]) {
		await page.goto(`/settings/${id}`);
		await page.getByRole("heading", { name: title, level: 1 }).waitFor();
		await look(page, `settings-${id}`);
	}
});

step("a key is made, shown once and listed", async ({ page }) => {
	await page.goto("/settings/keys");
	await page.getByRole("button", { name: "Create a key" }).first().click();
	const dialog = page.getByRole("dialog", { name: "Create a key" });
	await dialog.getByLabel("Name").fill("Dashboard");
	await dialog.getByText("Send and read").click();
	await look(page, "settings-key-new");
	await dialog.getByRole("button", { name: "Create the key" }).click();
	const made = page.getByRole("dialog", { name: "Copy the key now" });
	assert.match(await made.getByRole("figure", { name: "API key" }).locator("pre").innerText(), /^rs_live_\w{30,}$/);
	await made.getByRole("button", { name: "I have copied it" }).click();
	await page.getByRole("cell", { name: "Dashboard", exact: true }).waitFor();
	assert.doesNotMatch(await page.locator("main").innerText(), /rs_live_\w{30,}/);
});

step("one click removes the sample calls", async ({ page }) => {
	await page.goto("/settings/demo");
	await page.getByRole("button", { name: "Remove the sample calls" }).click();
	await page.waitForURL("**/calls");
	await page.getByRole("button", { name: /^Workspace: Default/ }).waitFor();
	await page.getByRole("heading", { name: "Waiting for the first call" }).waitFor();
	await page.goto("/settings/demo");
	await page.getByText("There are no sample calls").waitFor();
});
