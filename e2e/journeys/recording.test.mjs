// A recording is given to a call: its waveform, its sound, and what is done with it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { look } from "../lib/browser.mjs";
import { createSource, deliver, payload } from "../lib/deliver.mjs";
import { journey } from "../lib/journey.mjs";
import { results } from "../lib/paths.mjs";
import { ask, createKey } from "../lib/server.mjs";
import { wav } from "../lib/recording.mjs";

const { step } = journey("recording", { expectStatus: ["400", "422"] });
let key = "";
let call = null;
let given = null;

const timeline = (page) => page.getByRole("region", { name: "Timeline" });
const slider = (page) => page.getByRole("slider", { name: "Position in the call" });
const seconds = async (page) => Number(await slider(page).getAttribute("aria-valuenow"));

/** Gives the file through the page, as a person does. */
async function give(page, name, buffer, button = "Give a recording") {
	const chooser = page.waitForEvent("filechooser");
	await page.getByRole("button", { name: button }).click();
	await (await chooser).setFiles({ name, mimeType: "application/octet-stream", buffer });
}

/** How many different colours a canvas has: an empty one has one. */
const colours = (canvas) =>
	canvas.evaluate((c) => {
		const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
		return new Set(new Uint32Array(data.buffer)).size;
	});

step("a call has no recording, and says why", async ({ page, server }) => {
	key = createKey(server, "admin");
	const vapi = await createSource(server, key, "vapi", { allow_unsigned: true });
	const { status, body } = await deliver(vapi, payload("vapi/end-of-call-report.json"));
	assert.ok(status < 300, `${status} ${body}`);
	call = (await ask(server, key, "GET", "/v1/calls?provider=vapi")).items[0];
	await page.goto(`/calls/${call.short_id}?tab=transcript`);
	await page.getByText("is a made-up name: there is nothing to fetch.").waitFor();
	await look(page, "recording-none");
});

step("what is no recording is refused in words", async ({ page }) => {
	await give(page, "notes.txt", Buffer.from("These are notes and no sound at all."));
	await page.getByRole("alert").getByText(/^The recording was not taken: /).waitFor();
	await look(page, "recording-refused");
});

step("a recording that is given is heard and drawn", async ({ page, server }) => {
	const { turns } = await ask(server, key, "GET", `/v1/calls/${call.id}`);
	const spoken = (role) =>
		turns.filter((t) => t.role === role && t.end_ms).map((t) => [t.start_ms / 1000, t.end_ms / 1000 - 0.1]);
	const last = Math.max(...turns.map((t) => t.end_ms ?? 0)) / 1000;
	given = wav(last + 3.5, spoken("user"), spoken("agent"));
	await give(page, "call.wav", given);
	const lanes = timeline(page).locator("canvas");
	await lanes.nth(2).waitFor();
	for (const i of [0, 1, 2]) assert.ok((await colours(lanes.nth(i))) > 1, `canvas ${i} is empty`);
	await timeline(page).getByText(/^Wait heard before \d+ turns?, median /).waitFor();
	await timeline(page).getByText(/^Claimed by Vapi, median /).waitFor();
	await timeline(page).getByRole("button", { name: /^Silence at / }).first().waitFor();
	await look(page, "recording-waveform");
});

step("it plays, a turn is its moment, and the playhead moves", async ({ page }) => {
	await page.getByRole("tabpanel").getByTitle("Go to this moment").nth(1).click();
	const at = await seconds(page);
	assert.ok(at > 0, `the playhead stands at ${at}`);
	await page.getByRole("toolbar", { name: "Player" }).getByText("3×").click();
	await page.keyboard.press("Escape");
	await page.getByRole("toolbar", { name: "Player" }).getByRole("button", { name: "Play", exact: true }).click();
	await page.waitForFunction((from) => {
		const s = document.querySelector('[role="slider"][aria-label="Position in the call"]');
		return Number(s?.getAttribute("aria-valuenow")) > from;
	}, at);
	await page.getByRole("toolbar", { name: "Player" }).getByRole("button", { name: "Pause" }).click();
});

step("a click into the waveform and keys seek", async ({ page }) => {
	const box = await timeline(page).locator("canvas").first().boundingBox();
	await page.mouse.click(box.x + box.width / 2, box.y + 10);
	const middle = await seconds(page);
	assert.ok(middle > 10, `the middle is at ${middle} s`);
	await page.keyboard.press("Home");
	assert.equal(await seconds(page), 0);
	await page.keyboard.press("l");
	assert.equal(await seconds(page), 10);
	await page.keyboard.press("j");
	assert.equal(await seconds(page), 0);
});

step("a silence is skipped when that is asked for", async ({ page, server }) => {
	const { silences } = await ask(server, key, "GET", `/v1/calls/${call.id}/audio`);
	const [from, to] = silences.at(-1);
	await page.getByRole("button", { name: "Skip silence", pressed: false }).click();
	await timeline(page).getByRole("button", { name: /^Silence at / }).last().click();
	assert.equal(await seconds(page), Math.floor(from));
	const began = Date.now();
	await page.keyboard.press("k");
	await page.waitForFunction(
		(end) => Number(document.querySelector('[role="slider"]')?.getAttribute("aria-valuenow")) >= end,
		Math.floor(to) - 1,
	);
	assert.ok(Date.now() - began < (to - from) * 1000, "the silence was played");
	await page.getByRole("button", { name: "Skip silence", pressed: true }).waitFor();
});

step("it is downloaded under a name, and the link says the moment", async ({ page }) => {
	const download = page.waitForEvent("download");
	await page.getByRole("link", { name: "Download the recording" }).click();
	const file = await download;
	assert.match(file.suggestedFilename(), new RegExp(`^call-${call.short_id}-\\d{8}-\\d{6}\\.wav$`));
	assert.ok(readFileSync(await file.path()).equals(given), "what comes is what was given");
	await page.getByRole("button", { name: /^Copy a link to \d/ }).click();
	assert.match(await page.evaluate(() => navigator.clipboard.readText()), /[?&]t=\d/);
});

step("the overview tells the sound, and how each figure was come by", async ({ page }) => {
	await page.getByRole("tab", { name: "Overview" }).click();
	const card = page.getByRole("region", { name: "Sound", exact: true });
	await card.getByText(/^Median response .* claimed by Vapi$/).waitFor();
	const why = card.getByRole("button", { name: /^Median response: Heard in the recording\./ });
	await card.scrollIntoViewIfNeeded();
	await look(page, "recording-sound");
	await why.focus();
	await page.keyboard.press("Shift+Tab"); // a focus that is seen comes by the keyboard
	await page.keyboard.press("Tab");
	await page.getByRole("tooltip").filter({ hasText: "Confidence high" }).waitFor();
	await page.screenshot({ path: `${results}/recording-sound-why.png` });
});

step("a file without sound is kept and says so", async ({ page, server }) => {
	const bland = await createSource(server, key, "bland", { allow_unsigned: true });
	const { status, body } = await deliver(bland, payload("bland/post-call.json"));
	assert.ok(status < 300, `${status} ${body}`);
	const other = (await ask(server, key, "GET", "/v1/calls?provider=bland")).items[0];
	await page.goto(`/calls/${other.id}?tab=transcript`);
	await give(page, "empty.wav", wav(0, []));
	await page.getByText("could not be measured").waitFor();
	await look(page, "recording-unheard");
});

step("one channel says what it cannot tell", async ({ page }) => {
	const talk = Array.from({ length: 14 }, (_, i) => [i * 4 + 0.5, i * 4 + (i % 3 ? 3.6 : 1.4)]);
	await give(page, "mono.wav", wav(60, talk), "Give another");
	await timeline(page).getByText(/^Nothing can be told of who speaks/).waitFor();
	assert.equal(await timeline(page).locator("canvas").count(), 1);
	await look(page, "recording-mono");
	await page.getByRole("tab", { name: "Overview" }).click();
	const card = page.getByRole("region", { name: "Sound", exact: true });
	await card.getByText(/^Not measured: /).first().waitFor();
	await card.scrollIntoViewIfNeeded();
	await look(page, "recording-mono-sound");
});
