// A person asks to be forgotten: their calls are counted, erased by their
// number, and gone from the list and the search; a single call goes from its
// page; an agent's retention is set.
import assert from "node:assert/strict";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("erasure", { expectStatus: ["404", "422"] });
let key = "";
const calls = [
	["first", "+14155550142", "The parcel with the violet ribbon"],
	["second", "(415) 555-0142", "Again about the violet ribbon"],
	["other", "+14155550143", "A violet umbrella was left behind"],
	["single", "+14155550144", "Forget this one call only"],
];
const ids = {};

step("calls of several people come in", async ({ server }) => {
	key = createKey(server, "admin");
	for (const [id, from, said] of calls) {
		const made = await ask(server, key, "POST", "/api/v1/observability/calls", {
			id,
			agent_id: "desk",
			from_phone_number: from,
			startedAt: "2026-11-20T09:00:00Z",
			endedAt: "2026-11-20T09:01:00Z",
			messages: [
				{ role: "bot", content: "Hello, how can I help?" },
				{ role: "user", content: said },
			],
		});
		ids[id] = made.id;
	}
});

step("without an erasure the page says when one is needed", async ({ page }) => {
	await page.goto("/settings/erasure");
	await page.getByText("Nothing has been erased").waitFor();
	await look(page, "settings-erasure-none");
});

step("a number that is none is refused at the field", async ({ page }) => {
	await page.getByRole("button", { name: "Erase a person" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: /^Phone number/ }).fill("12");
	await dialog.getByRole("button", { name: "Count what would go" }).click();
	await dialog.getByText(/no telephone number/).waitFor();
});

step("what would go is counted, and nothing goes", async ({ page, server }) => {
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: /^Phone number/ }).fill("+1 415 555 0142");
	await dialog.getByRole("button", { name: "Count what would go" }).click();
	await dialog.getByText(/2 calls will be erased/).waitFor();
	await look(page, "settings-erasure-dialog");
	assert.equal((await ask(server, key, "GET", "/v1/calls")).items.length, 4);
});

step("with a reason both go, in whatever spelling", async ({ page, server }) => {
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: /^Reason/ }).fill("They asked for it");
	await dialog.getByRole("button", { name: "Erase for good" }).click();
	const row = page.getByRole("row").filter({ hasText: "They asked for it" });
	await row.getByText(/2 calls/).waitFor();
	await row.getByText("By phone number").waitFor();
	await look(page, "settings-erasure");
	const { items } = await ask(server, key, "GET", "/v1/calls");
	assert.deepEqual(items.map((c) => c.provider_call_id).toSorted(), ["other", "single"]);
	const list = JSON.stringify(await ask(server, key, "GET", "/v1/erasures"));
	assert.ok(!list.includes("0142"), list);
});

step("the search finds the others' calls alone", async ({ page }) => {
	await page.goto("/calls?q=violet");
	const grid = page.getByRole("grid", { name: "Calls" });
	await grid.getByText("umbrella").waitFor();
	assert.equal(await grid.getByText("ribbon").count(), 0);
	await page.goto(`/calls/${ids.first}`);
	await page.getByText(/may have been deleted or erased/).waitFor();
});

step("a single call is erased on its page", async ({ page }) => {
	await page.goto(`/calls/${ids.single}`);
	await page.getByRole("button", { name: "Erase…" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: /^Reason/ }).fill("A slip of the tongue");
	await look(page, "call-erase");
	await dialog.getByRole("button", { name: "Erase the call" }).click();
	await page.getByText("The call is erased").waitFor();
	await page.goto(`/calls/${ids.single}`);
	await page.getByText(/may have been deleted or erased/).waitFor();
});

step("an agent's retention is set", async ({ page, server }) => {
	const { items } = await ask(server, key, "GET", "/v1/agents");
	await page.goto(`/agents/${items[0].id}`);
	await page.getByRole("textbox", { name: "Transcripts" }).fill("30");
	await page.getByRole("heading", { name: "Retention" }).scrollIntoViewIfNeeded();
	await look(page, "agent-retention");
	await page.getByRole("button", { name: "Save" }).first().click();
	await page.getByText(/saved/i).first().waitFor();
	const agent = await ask(server, key, "GET", `/v1/agents/${items[0].id}`);
	assert.equal((agent.settings ?? agent).retention.transcriptDays, 30);
});
