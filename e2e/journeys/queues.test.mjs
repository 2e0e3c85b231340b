// People who take over calls: a queue is made, refused, changed and deleted;
// and the key by which a vendor lets somebody step in.
import assert from "node:assert/strict";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("queues", { expectStatus: ["422"] });
let key = "";

step("without a queue the page says what one is for", async ({ page, server }) => {
	key = createKey(server, "admin");
	await ask(server, key, "POST", "/v1/agents", { name: "Reception" });
	await page.goto("/settings/queues");
	await page.getByText("Nobody takes over calls yet").waitFor();
	await look(page, "settings-queues-none");
});

step("a queue is made, with hours in its own time zone", async ({ page, server }) => {
	await page.getByRole("button", { name: "Add a queue" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: /^Name/ }).fill("Front desk");
	await dialog.getByRole("textbox", { name: /^Number or SIP/ }).fill("+1 (415) 555-0123");
	await dialog.getByRole("button", { name: "Set hours" }).click();
	await dialog.getByRole("checkbox", { name: "Sat" }).check();
	await dialog.getByRole("textbox", { name: "To", exact: true }).fill("08:00");
	await dialog.getByRole("button", { name: "Add the queue" }).click();
	await dialog.getByText("Must be after the start; a night is two rows").waitFor();
	await look(page, "settings-queue-dialog");
	await dialog.getByRole("textbox", { name: "To", exact: true }).fill("17:30");
	await dialog.getByRole("button", { name: "Add the queue" }).click();
	await page.getByText("Front desk is added").waitFor();
	const { queues } = await ask(server, key, "GET", "/v1/queues");
	assert.equal(queues[0].number, "+14155550123");
	assert.deepEqual(queues[0].hours, {
		timezone: "Europe/Berlin",
		windows: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "09:00", to: "17:30" }],
	});
});

step("a second one of its name is refused at the field", async ({ page }) => {
	await page.getByRole("button", { name: "Add a queue" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: /^Name/ }).fill("front desk");
	await dialog.getByRole("textbox", { name: /^Number or SIP/ }).fill("sip:night@example.com");
	await dialog.getByRole("button", { name: "Add the queue" }).click();
	await dialog.getByText(/There is a queue of this name already/).waitFor();
	await dialog.getByRole("textbox", { name: /^Name/ }).fill("Night desk");
	await dialog.getByRole("button", { name: "Add the queue" }).click();
	const row = page.getByRole("row").filter({ hasText: "sip:night@example.com" });
	await row.getByText("Open now").waitFor();
	await look(page, "settings-queues");
});

step("a queue is deleted after a question", async ({ page }) => {
	await page.getByRole("button", { name: "Delete Night desk" }).click();
	await page.getByRole("button", { name: "Delete the queue" }).click();
	await page.getByText("Night desk is deleted").waitFor();
	await page.getByRole("row").filter({ hasText: "sip:night@example.com" }).waitFor({ state: "detached" });
});

step("a source takes a key, and says that it is set", async ({ page, server }) => {
	await ask(server, key, "POST", "/v1/sources", { provider: "twilio", secret: "token" });
	await page.goto("/settings/sources");
	await page.getByText("None: nobody can step into its calls").waitFor();
	await page.getByRole("button", { name: "Edit" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("API key").fill("AC1:token");
	await dialog.getByRole("button", { name: "Save" }).click();
	await dialog.waitFor({ state: "detached" });
	await page.getByRole("button", { name: "Edit" }).click();
	await dialog.getByText("Remove the API key").waitFor();
	await look(page, "settings-source-key");
	const { items } = await ask(server, key, "GET", "/v1/sources");
	assert.equal(items[0].api_key_set, true);
});
