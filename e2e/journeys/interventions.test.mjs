// A rule that steps in: it is made on the page, counts down on a call for
// everybody to see, is cancelled, and the next time does what it says.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("interventions", { flags: ["--egress-allow", "127.0.0.0/8"] });

/** An agent of one's own that takes orders. */
const orders = [];
const agent = createServer((req, res) => {
	let body = "";
	req.on("data", (b) => {
		body += b;
	});
	req.on("end", () => {
		orders.push(JSON.parse(body));
		res.writeHead(204).end();
	});
});
await new Promise((resolve) => agent.listen(0, "127.0.0.1", resolve));
after(() => agent.close());

let key = "";
let id = "";
const tell = async (server, ...events) => (await ask(server, key, "POST", "/v1/live-calls/broken/events", events)).id;
const fault = (n, component) => ({ id: `e${n}`, type: "error", component, message: "503, overloaded" });
const card = (page) => page.getByRole("region", { name: "Proposed" });

step("the settings teach, and a rule is made that acts for one agent", async ({ page, server }) => {
	key = createKey(server, "admin");
	await ask(server, key, "POST", "/v1/agents", { name: "Billing", source_id: "billing" });
	await page.goto("/settings/interventions");
	await page.getByText("Nothing steps into calls yet").waitFor();
	await look(page, "interventions-none");
	await page.getByRole("button", { name: "Add a rule" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Name").fill("Calm them down");
	await dialog.getByText("Say", { exact: true }).click();
	await dialog.getByLabel("Words").fill("One moment, please: I am getting help.");
	await dialog.getByText("Do it after a countdown").click();
	await dialog.getByRole("textbox", { name: "Countdown" }).fill("120");
	await dialog.getByRole("button", { name: "Add the rule" }).click();
	await dialog.getByText("Choose the agents").waitFor();
	await dialog.getByRole("combobox", { name: "Agents" }).click();
	await page.getByRole("option", { name: "Billing" }).click();
	await dialog.getByLabel("Name").click(); // the list closes
	await look(page, "interventions-dialog");
	await dialog.getByRole("button", { name: "Add the rule" }).click();
	await page.getByText("by itself, after 120 s").waitFor();
	await look(page, "interventions-list");
});

step("an alert has it count down on the call, and it is cancelled with the keyboard", async ({ page, server }) => {
	id = await tell(server, {
		id: "s",
		type: "started",
		agent: "billing",
		controlUrl: `http://127.0.0.1:${agent.address().port}/orders`,
	});
	await tell(server, { id: "t", type: "turn", role: "agent", text: "Billing, how can I help?" }, fault(1, "model"));
	await page.goto("/live");
	const row = page.getByRole("grid", { name: "Live calls" }).getByRole("row").nth(1);
	await row.getByTitle("Proposed: Say “One moment, please: I am getting help.”").waitFor();
	await look(page, "interventions-marked");
	await row.click();
	await page.waitForURL(new RegExp(`/live/${id}`));
	await card(page).getByRole("timer").waitFor();
	await look(page, "interventions-countdown");
	await card(page).getByRole("button", { name: "Cancel" }).focus();
	await page.keyboard.press("Enter");
	await card(page).getByText(/Cancelled by/).waitFor();
	assert.equal(orders.length, 0);
});

step("left alone it does what it says, once, and the call says so", async ({ page, server }) => {
	const [rule] = (await ask(server, key, "GET", "/v1/intervention-rules")).items;
	await ask(server, key, "PATCH", `/v1/intervention-rules/${rule.id}`, { countdown: 5 });
	await tell(server, fault(2, "voice"));
	await card(page).getByRole("timer").waitFor();
	await card(page).getByText(/Said through the agent.* By rule Calm them down/).waitFor({ timeout: 20_000 });
	await look(page, "interventions-done");
	assert.deepEqual(orders.map((o) => [o.type, o.message]), [["say", "One moment, please: I am getting help."]]);
	await page.getByRole("region", { name: "Events" }).getByText(/Said through the agent/).waitFor();
});
