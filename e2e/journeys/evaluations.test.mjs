// QA: a scorecard is made, tried on a call, and run on the calls of the day.
import assert from "node:assert/strict";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("evaluations");
const calls = [];
let key;

step("two calls come in", async ({ server }) => {
	key = createKey(server, "admin");
	for (const [id, hello] of [
		["kept", "Hello, this is Harbour Dental. This call is recorded."],
		["forgot", "Hello, this is Harbour Dental."],
	]) {
		const startedAt = new Date(Date.now() - 600_000);
		const call = await ask(server, key, "POST", "/api/v1/observability/calls", {
			id,
			agent_id: "desk",
			startedAt: startedAt.toISOString(),
			endedAt: new Date(startedAt.getTime() + 40_000).toISOString(),
			messages: [
				{ role: "bot", content: hello, start_time: startedAt.getTime() + 1000, end_time: startedAt.getTime() + 5000 },
				{ role: "user", content: "I need a cleaning, please.", start_time: startedAt.getTime() + 6000, end_time: startedAt.getTime() + 8000 },
			],
		});
		calls.push(call.call_short_id);
	}
});

step("a scorecard is made, held back until its weights come to 100", async ({ page }) => {
	await page.goto("/evaluations?view=scorecards");
	await page.getByText("No scorecard yet").waitFor();
	await look(page, "evaluations-empty");
	await page.goto("/evaluations/scorecards/new");
	await page.getByRole("textbox", { name: "Name" }).first().fill("Reception");
	await page.getByRole("textbox", { name: "Category" }).fill("Opening");
	await page.getByRole("region", { name: "Criterion 1" }).getByRole("textbox", { name: "Name" }).fill("Greeting quality");
	const weight = page.getByRole("textbox", { name: "Weight" }).first();
	await weight.fill("90");
	await page.getByText(/10 % are missing/).waitFor();
	await weight.fill("100");
	await look(page, "scorecard-editor");
	await page.getByRole("button", { name: "Save the scorecard" }).click();
	await page.waitForURL(/\/evaluations\/scorecards\/scorecard_\w+/);
});

step("it is tried on a call, and nothing is kept", async ({ page, server }) => {
	await page.getByRole("textbox", { name: "Call", exact: true }).fill(calls[0]);
	await page.getByRole("button", { name: "Try", exact: true }).click();
	await page.getByRole("region", { name: "Opening" }).getByText("Greeting quality").first().waitFor();
	await look(page, "scorecard-tried");
	const { items } = await ask(server, key, "GET", "/v1/evaluations");
	assert.equal(items.length, 0, "a dry run was kept");
});

step("an evaluator runs it on the calls of the day", async ({ page, server }) => {
	const { items } = await ask(server, key, "GET", "/v1/scorecards");
	await ask(server, key, "POST", "/v1/evaluators", { name: "Receptionists", scorecard_id: items[0].id });
	await page.goto("/evaluations");
	await page.getByRole("button", { name: "Run…" }).first().click();
	const dialog = page.getByRole("dialog", { name: "Run an evaluator" });
	await dialog.getByText("Last 24 hours").click();
	await dialog.getByRole("button", { name: "Run", exact: true }).click();
	await page.getByText(/2 calls/).first().waitFor();
	for (const end = Date.now() + 30_000; ; ) {
		const done = await ask(server, key, "GET", "/v1/evaluations?status=done");
		if (done.items.length === 2) break;
		assert.ok(Date.now() < end, "the evaluations were not done");
		await new Promise((r) => setTimeout(r, 200));
	}
});

step("a result says what it rests on", async ({ page }) => {
	await page.goto("/evaluations");
	const table = page.getByRole("region", { name: "Results", exact: true });
	await table.getByText("Done").first().waitFor();
	await look(page, "evaluations-results");
	await table.getByRole("row").nth(1).getByRole("button").first().click();
	const peek = page.getByRole("complementary", { name: "Result" });
	await peek.getByText("Greeting quality").first().waitFor();
	await look(page, "evaluation-result");
	await peek.getByTitle("Open the transcript there").first().click();
	await page.waitForURL(/\/calls\/\w+\?.*turn=0/);
});
