// An API key is pasted: the agents appear, the last 30 days of calls are imported
// behind a bar, what is missing is said, the webhooks are set, and what changes of
// an agent there is a version here.
import assert from "node:assert/strict";
import { after } from "node:test";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { startRetell } from "../lib/retell.mjs";
import { ask, createKey } from "../lib/server.mjs";

const calls = 150;
const retell = await startRetell(calls);
after(() => retell.close());

const { step } = journey("connect", { flags: ["--egress-allow", "127.0.0.0/8", "--vendor-url", `retell=${retell.url}`], expectStatus: ["401"] });
let key = "";

step("a platform is connected by its key, and says what the key is for", async ({ page, server }) => {
	key = createKey(server, "admin");
	await page.goto("/settings/sources");
	await page.getByRole("button", { name: "Connect a platform" }).first().click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("combobox", { name: "Platform" }).click();
	await page.getByRole("option", { name: "Retell" }).click();
	await dialog.getByText(/To import past calls and fetch those whose webhook never came/).waitFor();
	await dialog.getByLabel("Take deliveries without a signature").check();
	await dialog.getByLabel("API key", { exact: true }).fill(retell.key);
	await look(page, "connect-key");
	await dialog.getByRole("button", { name: "Get the address" }).click();
	await dialog.getByRole("button", { name: "Done" }).click();
	await page.getByText(/2 agents at the platform/).waitFor({ timeout: 30_000 });
	const { items } = await ask(server, key, "GET", "/v1/agents");
	assert.deepEqual(items.map((a) => a.name).sort(), ["Front desk", "Sales"]);
	await look(page, "connect-before");
});

step("past calls are imported behind a bar that goes on by itself", async ({ page, server }) => {
	await page.getByRole("button", { name: "Import the last 30 days" }).click();
	await page.getByRole("progressbar").waitFor();
	await page.getByRole("button", { name: "Stop the import" }).waitFor();
	await look(page, "connect-import");
	await page.getByText(new RegExp(`${calls} calls found`)).waitFor({ timeout: 120_000 });
	await page.getByRole("button", { name: "Import again" }).waitFor({ timeout: 60_000 });
	const { items } = await ask(server, key, "GET", "/v1/sources");
	assert.equal(items[0].import.imported, calls);
	assert.equal(items[0].import.state, "done");
	assert.equal((await ask(server, key, "GET", "/v1/calls?limit=200")).items.length, calls);
});

step("what is missing is said, with a way to those calls", async ({ page }) => {
	await page.reload();
	const link = page.getByRole("link", { name: `${calls} without a recording` });
	await link.waitFor();
	await page.getByText("none without a transcript").waitFor();
	await look(page, "connect-done");
	await link.click();
	await page.waitForURL(/\/calls\?.*recording=false/);
	await page.getByText("Front desk").first().waitFor();
});

step("the webhooks are set, and another's address is replaced only on demand", async ({ page }) => {
	await page.goto("/settings/sources");
	await page.getByText("Webhooks at Retell").click();
	await page.getByText("https://theirs.example.com/hook").waitFor();
	await page.getByRole("button", { name: /Send the webhooks of agents without one/ }).click();
	await page.getByText("Comes here").waitFor();
	assert.match(retell.agents[0].webhook_url, /\/webhooks\/retell\//);
	assert.equal(retell.agents[1].webhook_url, "https://theirs.example.com/hook");
	await look(page, "connect-webhooks");
	await page.getByRole("button", { name: "Replace", exact: true }).click();
	await page.getByRole("button", { name: "Replace the webhook" }).click();
	await page.getByText("Comes here").nth(1).waitFor();
	assert.match(retell.agents[1].webhook_url, /\/webhooks\/retell\//);
});

step("what an agent was is on its page, once it is another", async ({ page, server }) => {
	const desk = (await ask(server, key, "GET", "/v1/agents")).items.find((a) => a.name === "Front desk");
	const versions = page.getByRole("region", { name: "Versions", exact: true });
	await page.goto(`/agents/${desk.id}`);
	await versions.getByText("Seen for the first time").waitFor();
	await versions.scrollIntoViewIfNeeded();
	await look(page, "connect-version-first");
	Object.assign(retell.llms[0], { model: "gpt-4.1-mini", general_prompt: "You book tables, and rooms." });
	Object.assign(retell.agents[0], { version: 2, voice_id: "clara" });
	const [source] = (await ask(server, key, "GET", "/v1/sources")).items;
	await ask(server, key, "PATCH", `/v1/sources/${source.id}`, { api_key: retell.key });
	const noted = () => ask(server, key, "GET", `/v1/agents/${desk.id}/versions`);
	while ((await noted()).items.length < 2) await new Promise((r) => setTimeout(r, 200));
	await page.reload();
	const now = versions.getByRole("row").filter({ hasText: "Current" });
	await now.getByText("Voice: anna").waitFor();
	await now.getByText("Model: gpt-4.1").waitFor();
	await now.getByText("Prompt: ").waitFor();
	await versions.scrollIntoViewIfNeeded();
	await look(page, "connect-versions");
	await versions.getByRole("link", { name: /version 1$/ }).click();
	await page.waitForURL(/\/calls\?.*before=/);
});
