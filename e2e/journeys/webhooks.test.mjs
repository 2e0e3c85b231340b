// A receiver that fails: what was sent is kept, told as it is, and sent again.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("webhooks", { flags: ["--egress-allow", "127.0.0.0/8"] });

/** Somebody's system: it says no until told otherwise. */
const receiver = { status: 500, got: [] };
const http = createServer((req, res) => {
	let body = "";
	req.on("data", (b) => {
		body += b;
	});
	req.on("end", () => {
		receiver.got.push({ id: req.headers["webhook-id"], type: req.headers["x-event-type"], body: JSON.parse(body) });
		res.writeHead(receiver.status).end(receiver.status === 500 ? "the queue is full" : "ok");
	});
});
await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
after(() => http.close());

step("an endpoint hears of a call's end, and refuses it", async ({ server }) => {
	const key = createKey(server, "admin");
	await ask(server, key, "POST", "/v1/webhook-endpoints", {
		url: `http://127.0.0.1:${http.address().port}/hook`,
		events: ["call_ended"],
		max_retries: 0,
	});
	await ask(server, key, "POST", "/api/v1/observability/calls", {
		id: "told",
		startedAt: "2026-10-15T09:22:21Z",
		endedAt: "2026-10-15T09:24:30Z",
		messages: [
			{ role: "assistant", content: "Good morning, how can I help?" },
			{ role: "user", content: "Where is my parcel?" },
		],
	});
	for (const end = Date.now() + 30_000; ; ) {
		const { items } = await ask(server, key, "GET", "/v1/webhook-deliveries?status=dead");
		if (items.length === 1) break;
		assert.ok(Date.now() < end, "the delivery was not given up");
		await new Promise((r) => setTimeout(r, 200));
	}
	assert.equal(receiver.got[0].type, "call_ended");
});

step("the deliveries tell what the receiver answered", async ({ page }) => {
	await page.goto("/settings/deliveries");
	const table = page.getByRole("region", { name: "Deliveries", exact: true });
	await table.waitFor();
	await look(page, "settings-deliveries");
	await table.getByRole("row").nth(1).getByRole("button").first().click();
	const peek = page.getByRole("complementary", { name: "Delivery" });
	await peek.getByText("the queue is full").first().waitFor();
	await look(page, "settings-delivery");
});

step("it is sent again, and taken", async ({ page }) => {
	receiver.status = 200;
	const peek = page.getByRole("complementary", { name: "Delivery" });
	await peek.getByRole("button", { name: "Send again" }).click();
	await peek.getByText("Delivered").first().waitFor();
	assert.equal(receiver.got.length, 2);
	assert.equal(receiver.got[0].id, receiver.got[1].id, "a receiver can tell that it is the same");
});

step("the webhooks and integrations sections can be read", async ({ page }) => {
	await page.goto("/settings/webhooks");
	await page.getByText(/127\.0\.0\.1/).first().waitFor();
	await look(page, "settings-webhooks");
	await page.goto("/settings/integrations");
	await page.getByText("Language model").first().waitFor();
	await look(page, "settings-integrations");
	await page.goto("/knowledge-gaps");
	await page.getByText("No open question").waitFor();
	await look(page, "knowledge-gaps");
});
