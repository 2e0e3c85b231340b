// A frustrated caller: the call rises with an alert, is opened, noted and handed
// over, and later read in history with what was done. Another call is heard.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";
import { startSound } from "../lib/sound.mjs";

const { step } = journey("step-in", { flags: ["--egress-allow", "127.0.0.0/8"] });

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
const sound = await startSound();
after(() => {
	agent.close();
	sound.close();
});

let key = "";
let id = "";
const tell = async (server, call, ...events) => (await ask(server, key, "POST", `/v1/live-calls/${call}/events`, events)).id;
const rows = (page) => page.getByRole("grid", { name: "Live calls" }).getByRole("row");
const turns = [
	["agent", "Billing, how can I help?"],
	["user", "You charged me twice and nobody calls back. This is ridiculous."],
	["agent", "I am sorry, I can't see your account."],
	["user", "This is useless, nothing works! I want to speak to a manager right now."],
];

step("a frustrated caller's call rises with an alert", async ({ page, server }) => {
	key = createKey(server, "admin");
	await ask(server, key, "POST", "/v1/queues", { name: "Claims desk", number: "+14155550123" });
	await page.getByRole("link", { name: "Live", exact: true }).click();
	const at = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
	await tell(server, "calm", { id: "s", type: "started", at: at(90), agent: "desk", agentName: "Front desk" }, {
		id: "1",
		type: "turn",
		role: "agent",
		text: "Front desk, good morning.",
	});
	await rows(page).filter({ hasText: "good morning" }).waitFor();
	id = await tell(server, "angry", {
		id: "s",
		type: "started",
		at: at(30),
		agent: "billing",
		agentName: "Billing",
		from: "+14155550100",
		direction: "inbound",
		controlUrl: `http://127.0.0.1:${agent.address().port}/orders`,
	});
	for (const [i, [role, text]] of turns.entries()) {
		await tell(server, "angry", { id: `t${i}`, type: "turn", role, text, start_ms: i * 6000, end_ms: i * 6000 + 4000 });
	}
	await rows(page).nth(1).getByText("Customer frustration").waitFor();
	await look(page, "step-in-list");
});

step("it is opened, and the alert shows the caller's words", async ({ page }) => {
	await rows(page).nth(1).click();
	await page.waitForURL(new RegExp(`/live/${id}`));
	const alerts = page.getByRole("region", { name: "Alerts" });
	await alerts.getByText("Customer frustration").first().waitFor();
	await alerts.getByRole("button", { name: "Acknowledge" }).first().click();
	await alerts.getByText(/Acknowledged/i).first().waitFor();
});

step("a note is added, and the call is handed over", async ({ page }) => {
	await page.keyboard.press("n");
	await page.keyboard.type("Charged twice; wants a manager.");
	await page.getByRole("button", { name: "Add note" }).click();
	await page.getByRole("region", { name: "Notes" }).getByText("Charged twice").waitFor();
	await page.getByRole("button", { name: "Transfer", exact: true }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("To a queue").selectOption({ label: "Claims desk, +1 (415) 555-0123" });
	await dialog.getByLabel("Reason").fill("charged twice");
	await dialog.getByRole("button", { name: "Transfer now" }).click();
	await page.getByText("Transferred to Claims desk").first().waitFor();
	await look(page, "step-in-transferred");
	assert.deepEqual([orders[0].type, orders[0].to, orders[0].reason], ["transfer", "+14155550123", "charged twice"]);
});

step("later it is read in history, with what was done in its log", async ({ page, server }) => {
	await tell(server, "angry", { id: "end", type: "ended", reason: "transferred" });
	await page.goto(`/calls/${id}`);
	await page.getByText("Charged twice; wants a manager.").first().waitFor();
	await page.getByRole("tab", { name: "Debug logs" }).click();
	await page.getByText("Transferred to Claims desk").first().waitFor();
	await look(page, "step-in-history");
});

step("a call is listened to, until its sound ends", async ({ page, server }) => {
	const startedAt = new Date().toISOString();
	await ask(server, key, "POST", "/api/rest/v2/call-logs", {
		provider: "vapi",
		payload: {
			message: {
				type: "status-update",
				status: "in-progress",
				timestamp: Date.now(),
				call: { id: "heard", type: "inboundPhoneCall", createdAt: startedAt, monitor: { listenUrl: sound.url } },
			},
		},
	});
	const { activeCalls } = await ask(server, key, "GET", "/v1/live-calls");
	await page.goto(`/live/${activeCalls.find((c) => c.providerCallId === "heard").id}`);
	await page.getByRole("button", { name: "Listen", exact: true }).click();
	const bar = page.getByRole("region", { name: "Listening" });
	const level = bar.getByRole("meter");
	await bar.getByText("Listening", { exact: true }).waitFor();
	for (const until = Date.now() + 10_000; Number(await level.getAttribute("aria-valuenow")) < 80; ) {
		assert.ok(Date.now() < until, "no sound was heard");
	}
	await look(page, "step-in-listening");
	sound.hangUp();
	await bar.getByText("The sound has ended.").waitFor();
	await page.keyboard.press("Escape");
	await bar.waitFor({ state: "detached" });
});

step("listening that fails says why, can be tried again, and stops by Escape", async ({ page }) => {
	sound.refuse = true;
	await page.getByRole("button", { name: "Listen", exact: true }).click();
	const bar = page.getByRole("region", { name: "Listening" });
	await bar.getByText("The vendor's sound can't be reached (status 404)").waitFor();
	await look(page, "step-in-not-heard");
	sound.refuse = false;
	await bar.getByRole("button", { name: "Try again" }).click();
	await bar.getByText("Listening", { exact: true }).waitFor();
	assert.equal(sound.listeners.size, 1);
	await page.keyboard.press("Escape");
	await bar.waitFor({ state: "detached" });
	for (const until = Date.now() + 10_000; sound.listeners.size > 0; ) {
		assert.ok(Date.now() < until, "the vendor still sends to nobody");
		await page.waitForTimeout(50);
	}
	await page.goto("/settings/audit");
	await page.getByText("Listened to a live call").first().waitFor();
});
