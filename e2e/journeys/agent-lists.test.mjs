// An agent's settings that are lists: rules of compliance, extracted fields, a
// scorecard, and where a CRM keeps what, with a preview of a call.
import assert from "node:assert/strict";
import { look, settled } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("agent-lists", { expectStatus: ["409", "422"] });
let key = "";
let agent = "";

const part = (page, name) => page.getByRole("region", { name, exact: true });
const save = async (page) => {
	await page.getByRole("button", { name: "Save", exact: true }).click();
	await page.getByText(/changes? not saved/).waitFor({ state: "detached" });
};
const settings = async (server) => (await ask(server, key, "GET", `/v1/agents/${agent}`)).settings;

step("a rule and two fields are written and kept", async ({ page, server }) => {
	key = createKey(server, "admin");
	const made = await ask(server, key, "POST", "/v1/agents", { name: "Reception", sourceId: "asst_1", crmProvider: "hubspot" });
	agent = made.id;
	await page.goto(`/agents/${agent}`);
	const compliance = part(page, "Compliance");
	await compliance.getByRole("button", { name: "Add a rule" }).click();
	await compliance.getByRole("textbox", { name: "Name" }).fill("Recording disclosure");
	await page.getByRole("button", { name: "Save", exact: true }).click();
	await compliance.getByText("Enter at least one phrase").waitFor();
	await compliance.getByRole("heading", { name: "Compliance" }).scrollIntoViewIfNeeded();
	await look(page, "agent-compliance");
	await compliance.getByRole("textbox", { name: /^Phrases/ }).fill("this call is recorded\n");
	await compliance.getByRole("textbox", { name: /^Within/ }).fill("30");
	const extraction = part(page, "Extraction");
	await extraction.getByRole("button", { name: "Add a field" }).click();
	await extraction.getByRole("textbox", { name: /^Name/ }).fill("plan");
	await extraction.getByRole("button", { name: "Add a field" }).click();
	const second = extraction.getByRole("region", { name: "Field 2" });
	await second.getByRole("textbox", { name: /^Name/ }).fill("seats");
	const named = extraction.getByRole("region", { name: "Field 2: seats" });
	await named.getByRole("combobox", { name: "Only when" }).click();
	await page.getByRole("option", { name: "plan" }).click();
	await named.getByRole("combobox", { name: "Is one of" }).fill("annual,");
	await extraction.getByRole("heading", { name: "Extraction" }).scrollIntoViewIfNeeded();
	await look(page, "agent-extraction");
	await save(page);
	const kept = await settings(server);
	assert.deepEqual(kept.compliancePhrases, [
		{ name: "Recording disclosure", kind: "required", phrases: ["this call is recorded"], withinSeconds: 30 },
	]);
	assert.deepEqual(
		kept.extractionFields.map((f) => [f.name, f.when?.field]),
		[
			["plan", undefined],
			["seats", "plan"],
		],
	);
});

step("a field of the CRM gets a place, and without a call there is no preview", async ({ page }) => {
	const crm = part(page, "CRM");
	await crm.getByRole("button", { name: "Add a field" }).click();
	await crm.getByRole("textbox", { name: "Property for field 1" }).fill("call_seconds");
	await crm.getByRole("button", { name: "Preview" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText(/no call of this agent has ended/).waitFor();
	await look(page, "agent-preview-none");
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "detached" });
	await crm.getByText("Where each field goes").scrollIntoViewIfNeeded();
	await look(page, "agent-mapping");
});

step("the preview shows what would be written about the newest call", async ({ page, server }) => {
	await ask(server, key, "POST", "/api/v1/observability/calls", {
		id: "told",
		agent_id: "asst_1",
		startedAt: "2026-10-15T09:22:21Z",
		endedAt: "2026-10-15T09:24:30Z",
		from_phone_number: "+4915112345678",
		messages: [
			{ role: "assistant", content: "Good morning, how can I help?" },
			{ role: "user", content: "Where is my parcel?" },
		],
	});
	for (const end = Date.now() + 20_000; ; ) {
		const { items } = await ask(server, key, "GET", `/v1/calls?agent=${agent}`);
		if (items.length === 1) break;
		assert.ok(Date.now() < end, "the call did not come");
		await new Promise((r) => setTimeout(r, 200));
	}
	await part(page, "CRM").getByRole("button", { name: "Preview" }).click();
	await page.getByRole("dialog").getByText("call_seconds").first().waitFor();
	await settled(page);
	await look(page, "agent-preview");
	await page.keyboard.press("Escape");
	await save(page);
	assert.deepEqual((await settings(server)).crmFieldMapping, { duration: "call_seconds" });
});

step("what is removed is gone after a reload", async ({ page, server }) => {
	await part(page, "CRM").getByRole("button", { name: "Remove field 1" }).click();
	await part(page, "Compliance").getByRole("button", { name: "Remove Recording disclosure" }).click();
	await part(page, "Extraction").getByRole("button", { name: "Remove seats" }).click();
	await save(page);
	await page.reload();
	await part(page, "Compliance").getByText(/No rule yet/).waitFor();
	const kept = await settings(server);
	assert.equal(kept.crmFieldMapping, undefined);
	assert.equal(kept.extractionFields.length, 1);
});
