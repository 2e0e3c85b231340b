// What the figures of a call's sound mean is set for an agent.
import assert from "node:assert/strict";
import { look } from "../lib/browser.mjs";
import { createSource, deliver, payload } from "../lib/deliver.mjs";
import { journey } from "../lib/journey.mjs";
import { wav } from "../lib/recording.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("limits", { expectStatus: ["422"] });
let key = "";
let call = null;

/** What the card of the sound says of the median response. */
const said = (page, words) => page.getByRole("region", { name: "Sound", exact: true }).getByText(words, { exact: true }).waitFor();

step("a recording is judged by the usual limits", async ({ page, server }) => {
	key = createKey(server, "admin");
	const vapi = await createSource(server, key, "vapi", { allow_unsigned: true });
	const { status, body } = await deliver(vapi, payload("vapi/end-of-call-report.json"));
	assert.ok(status < 300, `${status} ${body}`);
	call = (await ask(server, key, "GET", "/v1/calls?provider=vapi")).items[0];
	// The agent answers after 3 s each time.
	const turns = [0, 1, 2, 3, 4].map((i) => i * 7);
	const sound = wav(36, turns.map((s) => [s + 1, s + 2.5]), turns.map((s) => [s + 5.5, s + 7.5]));
	const given = await fetch(`${server.url}/v1/calls/${call.id}/recording`, {
		method: "PUT",
		headers: { authorization: `Bearer ${key}` },
		body: sound,
	});
	assert.equal(given.status, 202);
	await page.goto(`/calls/${call.short_id}`);
	await said(page, "Off the beat of a conversation");
});

step("limits that give no verdict are refused at their place", async ({ page }) => {
	await page.goto(`/agents/${call.agent.id}#sound`);
	const limits = page.getByRole("region", { name: "Median response", exact: true });
	await limits.getByRole("button", { name: "Set other limits" }).click();
	await limits.getByLabel("Good to").fill("8");
	await limits.getByLabel("Watch to").fill("5");
	await page.getByRole("button", { name: "Save", exact: true }).click();
	await limits.getByText(/must not be below where good ends/i).waitFor();
	await look(page, "limits-refused");
});

step("limits of one's own change the verdict", async ({ page, server }) => {
	const limits = page.getByRole("region", { name: "Median response", exact: true });
	await limits.getByLabel("Watch to").fill("9.5");
	await page.getByRole("button", { name: "Save", exact: true }).click();
	await page.getByText("Saved", { exact: true }).waitFor();
	const { items } = await ask(server, key, "GET", `/v1/sound-limits?agent=${call.agent.id}`);
	assert.equal(items.find((l) => l.figure === "response_p50_ms").limits.watch_to, 9500);
	await page.goto(`/calls/${call.short_id}`);
	await said(page, "Prompt");
});
