// The autopsy of a call: a Vapi call with a tool call, as its webhook tells it.
import assert from "node:assert/strict";
import { look } from "../lib/browser.mjs";
import { createSource, deliver, payload } from "../lib/deliver.mjs";
import { journey } from "../lib/journey.mjs";
import { createKey } from "../lib/server.mjs";

const secret = "a secret between Vapi and us";
const { step } = journey("call");
const tool = JSON.parse(payload("vapi/end-of-call-report.json")).message.artifact.messages.find(
	(m) => m.toolCalls?.length > 0,
).toolCalls[0].function;
const args = typeof tool.arguments === "string" ? JSON.parse(tool.arguments) : tool.arguments;

step("deliveries of three vendors come in", async ({ server }) => {
	const key = createKey(server, "admin");
	const vapi = await createSource(server, key, "vapi", { secret });
	const bland = await createSource(server, key, "bland", { allow_unsigned: true });
	const eleven = await createSource(server, key, "elevenlabs", { allow_unsigned: true });
	const sign = { Authorization: `Bearer ${secret}` };
	for (const name of ["status-update.in-progress", "tool-calls", "end-of-call-report"]) {
		const { status, body } = await deliver(vapi, payload(`vapi/${name}.json`), sign);
		assert.ok(status < 300, `${name}: ${status} ${body}`);
	}
	const wrong = await deliver(vapi, payload("vapi/end-of-call-report.json"), { Authorization: "Bearer guess" });
	assert.equal(wrong.status, 401, wrong.body);
	for (const [url, name] of [
		[bland, "bland/post-call.json"],
		[eleven, "elevenlabs/post_call_transcription.json"],
	]) {
		const { status, body } = await deliver(url, payload(name));
		assert.ok(status < 300, `${name}: ${status} ${body}`);
	}
});

step("the Vapi call opens from the list", async ({ page }) => {
	await page.goto("/calls?provider=vapi");
	const row = page.getByRole("grid", { name: "Calls" }).getByRole("row").nth(1);
	await row.waitFor();
	await row.getByRole("link").first().click();
	await page.waitForURL(/\/calls\/call_\w+/);
	await page.getByRole("tab", { name: "Overview", selected: true }).waitFor();
	await look(page, "call-overview");
});

step("the overview tells the cost by component, in words", async ({ page }) => {
	const panel = page.getByRole("tabpanel");
	await panel.getByRole("heading", { name: "Cost" }).waitFor();
	assert.match(await panel.innerText(), /Voice/);
	const lines = (await page.locator("main").innerText()).split("\n");
	assert.deepEqual(lines.filter((l) => /^[a-z]+([_-][a-z]+)+$/.test(l)), [], "raw words of the vendor");
});

step("the transcript holds the tool call, folded, with arguments and result", async ({ page }) => {
	await page.getByRole("tab", { name: "Media & transcript" }).click();
	await look(page, "call-transcript");
	const panel = page.getByRole("tabpanel");
	await panel.getByRole("button", { name: tool.name }).first().click();
	const given = panel.getByRole("list", { name: `Arguments of ${tool.name}` });
	for (const key of Object.keys(args)) await given.getByText(key).first().waitFor();
	await panel.getByRole("list", { name: `Result of ${tool.name}` }).first().waitFor();
	await look(page, "call-transcript-tool");
});

step("an open menu holds to the rules, and gives the focus back", async ({ page }) => {
	for (const name of ["Transcript", /^Workspace:/]) {
		const button = page.getByRole("button", { name, exact: true });
		await button.click();
		await page.getByRole("menuitem").first().waitFor();
		await look(page, `call-menu-${name === "Transcript" ? "transcript" : "workspace"}`);
		await page.keyboard.press("Escape");
		await page.getByRole("menu").waitFor({ state: "detached" });
		assert.ok(await button.evaluate((b) => b === document.activeElement), "the focus is elsewhere");
	}
});

step("find goes from place to place and is in the URL", async ({ page }) => {
	const find = page.getByRole("textbox", { name: "Find in the transcript" });
	await find.fill("three");
	await page.getByText(/^1 of \d+$/).waitFor();
	assert.match(page.url(), /find=three/);
	await find.press("Enter");
	await page.getByText(/^2 of \d+$/).waitFor();
	assert.ok((await page.getByRole("tabpanel").locator("mark").count()) > 0, "what is found is marked");
	await find.fill("zeppelin");
	await page.getByText("Not found").waitFor();
	await find.fill("");
});

step("the debug log shows the tool's input and its raw result", async ({ page }) => {
	await page.getByRole("tab", { name: "Debug logs" }).click();
	const log = page.getByRole("tabpanel");
	await log.getByText(tool.name).first().waitFor();
	await look(page, "call-logs");
	await log.getByRole("button", { name: /^Tools? / }).first().click();
	assert.match(page.url(), /kinds=/);
	await log.getByText(tool.name).first().waitFor();
});

step("raw has every delivery as it was received", async ({ page }) => {
	await page.getByRole("tab", { name: "Raw" }).click();
	const panel = page.getByRole("tabpanel");
	await panel.getByRole("button", { name: "End of call report" }).waitFor();
	assert.equal(await panel.getByRole("listitem").filter({ hasText: "Download" }).count(), 3);
	await look(page, "call-raw");
});

step("a note is kept", async ({ page }) => {
	await page.getByRole("textbox", { name: "New note" }).fill("The agent asks for the date twice.");
	await page.getByRole("button", { name: "Add note" }).click();
	await page.getByRole("complementary", { name: "Notes on this call" }).getByText("asks for the date twice").waitFor();
	await page.reload();
	await page.getByText("asks for the date twice").waitFor();
	await page.getByText("Ada Reed").first().waitFor();
});

step("previous and next go along the list", async ({ page }) => {
	await page.goto("/calls");
	const rows = page.getByRole("grid", { name: "Calls" }).getByRole("row");
	await rows.nth(3).waitFor();
	await rows.nth(1).getByRole("link").first().click();
	await page.waitForURL(/\/calls\/call_\w+/);
	const first = page.url();
	await page.getByRole("link", { name: /^Older call/ }).click();
	await page.waitForURL((u) => u.href !== first);
	await page.getByRole("link", { name: /^Newer call/ }).click();
	await page.waitForURL(first);
	await page.getByRole("button", { name: /^Newer call/ }).waitFor();
	assert.ok(await page.getByRole("button", { name: /^Newer call/ }).isDisabled(), "the first has none before it");
});
