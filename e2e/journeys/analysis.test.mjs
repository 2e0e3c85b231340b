// After the call: what was found, and the words that it rests on.
import assert from "node:assert/strict";
import { look } from "../lib/browser.mjs";
import { createSource, deliver, payload } from "../lib/deliver.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("analysis");
const withinMs = 30_000;

/** Asks until an answer is as it should be. */
async function until(what, read, good) {
	for (const end = Date.now() + withinMs; Date.now() < end; ) {
		const answer = await read();
		if (good(answer)) return answer;
		await new Promise((r) => setTimeout(r, 200));
	}
	throw new Error(`${what}: not within ${withinMs} ms`);
}

step("a report comes in and is analysed by itself", async ({ server }) => {
	const key = createKey(server, "admin");
	const vapi = await createSource(server, key, "vapi", { allow_unsigned: true });
	const { status, body } = await deliver(vapi, payload("vapi/end-of-call-report.json"));
	assert.ok(status < 300, `${status} ${body}`);
	const list = await until(
		"the call is analysed",
		() => ask(server, key, "GET", "/v1/calls"),
		({ items }) => items[0]?.sentiment,
	);
	assert.equal(list.items.length, 1);
});

step("the list shows its score", async ({ page }) => {
	await page.goto("/calls");
	const row = page.getByRole("grid", { name: "Calls" }).getByRole("row").nth(1);
	await row.waitFor();
	await look(page, "calls-analysed");
	await row.getByRole("link").first().click();
	await page.waitForURL(/\/calls\/call_\w+/);
});

step("the overview says what it is made of, and that it is local", async ({ page }) => {
	await page.getByRole("region", { name: "Analysis", exact: true }).waitFor();
	const criteria = page.getByRole("region", { name: "Criteria" });
	await criteria.waitFor();
	assert.match(await page.getByRole("region", { name: "Analysis", exact: true }).innerText(), /Local estimate/i);
	const lines = (await page.locator("main").innerText()).split("\n");
	assert.deepEqual(lines.filter((l) => /^[a-z]+(_[a-z]+)+$/.test(l)), [], "raw words of the API");
	await look(page, "call-analysis");
});

step("a criterion's quote leads to its turn", async ({ page }) => {
	const quote = page.getByRole("region", { name: "Criteria" }).getByRole("link").first();
	await quote.click();
	await page.waitForURL(/tab=transcript/);
	assert.match(page.url(), /turn=\d+/);
	await page.getByRole("tab", { name: "Media & transcript", selected: true }).waitFor();
	await look(page, "call-analysis-transcript");
});

step("a step is done again", async ({ page }) => {
	await page.getByRole("tab", { name: "Overview" }).click();
	await page.getByRole("button", { name: "Retry: Analysis" }).click();
	await page.getByRole("list", { name: "Steps after the call" }).getByText("Done").first().waitFor();
});
