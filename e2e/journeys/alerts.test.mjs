// On call: an agent fails, the alert is taken on and settled, and a rule is made that tells of it sooner.
import assert from "node:assert/strict";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";

// No mail goes out: nothing that happens here makes the rule tell.
const { step } = journey("alerts", {
	flags: ["--smtp-url", "smtp://smtp.example.com", "--smtp-from", "alerts@example.com"],
});

step("with no alert, the page says what is watched for", async ({ page }) => {
	await page.goto("/alerts");
	await page.getByText("No open alert").waitFor();
	await page.getByText("Nobody speaks for 10 s").waitFor();
	await look(page, "alerts-empty");
});

step("calls that go wrong are alerts at once", async ({ page, server }) => {
	const key = createKey(server, "admin");
	for (const n of [1, 2, 3]) {
		await ask(server, key, "POST", `/v1/live-calls/desk-${n}/events`, [
			{ id: "1", type: "started", agent: "desk", agentName: "Front desk", from: "+13125550147" },
			{ id: "2", type: "turn", role: "user", text: "I need a cleaning, please.", start_ms: 200, end_ms: 1900 },
			{ id: "3", type: "error", component: "model", message: "the language model answered 503" },
		]);
	}
	await page.goto("/alerts");
	await page.locator("tbody tr").nth(2).waitFor();
	await look(page, "alerts-open");
	await page.keyboard.press("j");
	await page.getByRole("button", { name: /^Acknowledge/ }).first().click();
	await page.getByText("Acknowledged: it is yours").waitFor();
	await look(page, "alerts-peek");
	await page.keyboard.press("Escape");
	await page.getByRole("button", { name: /^Resolve/ }).first().click();
	await page.getByText(/^Resolved: it does not come again/).waitFor();
	await page.locator("label").filter({ hasText: /^Acknowledged/ }).click();
	await page.getByText("Acknowledged by Ada Reed").waitFor();
	assert.match(page.url(), /status=acknowledged/);
	await look(page, "alerts-acknowledged");
});

step("a rule is made, tried on the calls that were, and tells a team", async ({ page }) => {
	await page.goto("/alerts?view=rules");
	await page.getByText("9 rules, 9 on.").waitFor();
	await look(page, "alert-rules");
	await page.getByRole("button", { name: "Create a rule" }).click();
	await page.getByRole("textbox", { name: "Name" }).fill("Long calls at the desk");
	await page.getByRole("combobox", { name: "Looks at" }).click();
	await page.getByRole("option", { name: "Length of the call" }).click();
	await look(page, "alert-rule");
	await page.getByRole("tab", { name: "Whom it tells" }).click();
	const turn = (part) => page.getByRole("region", { name: part }).locator("label").first().click();
	for (const part of ["Email", "Slack", "PagerDuty", "Webhook", "Pauses", "Silences"]) await turn(part);
	await look(page, "alert-rule-tells");
	for (const part of ["Slack", "PagerDuty", "Webhook"]) await turn(part);
	await page.getByRole("combobox", { name: "To" }).fill("desk@example.com");
	await page.keyboard.press("Enter");
	await page.getByRole("tab", { name: "Try it" }).click();
	await page.getByRole("button", { name: "Try it on past calls" }).click();
	await page.getByText(/It would|There is no call/).waitFor();
	await look(page, "alert-rule-tried");
	await page.getByRole("button", { name: "Create the rule" }).click();
	await page.getByText("Long calls at the desk is here").waitFor();
	await page.getByText("The call is longer than 30 min").last().waitFor();
});
