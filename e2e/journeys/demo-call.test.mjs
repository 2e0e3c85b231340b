// The sample calls that can be heard: at first start one is played, and one that
// is a recording alone says what it lacks.
import assert from "node:assert/strict";
import { look, switchWorkspace } from "../lib/browser.mjs";
import { demoCalls } from "../lib/demo.mjs";
import { journey } from "../lib/journey.mjs";
import { ask } from "../lib/server.mjs";

const { step } = journey("demo-call", { flags: ["--demo"] });
let key = "";

const timeline = (page) => page.getByRole("region", { name: "Timeline" });
const slider = (page) => page.getByRole("slider", { name: "Position in the call" });
const player = (page) => page.getByRole("toolbar", { name: "Player" });

/** A sample call, once its recording has been heard. */
async function heard(server, name) {
	for (const until = Date.now() + 60_000; Date.now() < until; ) {
		const { items } = await ask(server, key, "GET", `/v1/calls?provider_call_id=spoken-${name}`);
		const c = items.length > 0 ? await ask(server, key, "GET", `/v1/calls/${items[0].id}`) : null;
		if (c?.analysis.audio) return c;
		await new Promise((r) => setTimeout(r, 1000));
	}
	throw new Error(`the sample call ${name} was never heard\n${server.log}`);
}

step("a sample call plays, and its playhead is in lanes, transcript and bars", async ({ page, server }) => {
	({ key } = await demoCalls(server));
	const call = await heard(server, "renewal");
	await switchWorkspace(page, "Demo");
	await page.goto(`/calls/${call.short_id}?tab=transcript`);
	await timeline(page).getByText(/^Wait heard before \d+ turns?, median /).waitFor();
	const turn = call.turns[2];
	await page.getByRole("tabpanel").getByTitle("Go to this moment").nth(2).click();
	assert.equal(Number(await slider(page).getAttribute("aria-valuenow")), Math.floor(turn.start_ms / 1000));
	// One line stands at the moment, over both lanes and the bars of the waits.
	const canvases = await timeline(page).locator("canvas").all();
	assert.equal(canvases.length, 3, "two lanes and the waits");
	const boxes = await Promise.all(canvases.map((c) => c.boundingBox()));
	const line = await timeline(page).locator('[class*="_cursor_"]').boundingBox();
	for (const [i, box] of boxes.entries()) {
		assert.ok(line.y <= box.y + 1 && line.y + line.height >= box.y + box.height - 1, `the playhead is not over canvas ${i}`);
		const at = box.x + (box.width * turn.start_ms) / call.duration_ms;
		assert.ok(Math.abs(line.x - at) < box.width / 50, `over canvas ${i} the playhead is at ${line.x}, not ${at}`);
	}
	const before = await page.locator('[aria-current="true"]').filter({ hasText: turn.text }).count();
	assert.equal(before, 1, "the turn is not the current one");
	await player(page).getByText("3×").click();
	await player(page).getByRole("button", { name: "Play", exact: true }).click();
	const next = call.turns[3];
	await page.locator('[aria-current="true"]').filter({ hasText: next.text }).waitFor();
	await player(page).getByRole("button", { name: "Pause" }).click();
	const moved = await timeline(page).locator('[class*="_cursor_"]').boundingBox();
	assert.ok(moved.x > line.x, "the playhead has not moved");
	await look(page, "demo-call-played");
	for (const [form, ending] of [["MP3, as it is kept", "mp3"], ["WAV, for any program", "wav"]]) {
		await page.getByRole("button", { name: "Download the recording" }).click();
		const download = page.waitForEvent("download");
		await page.getByRole("menuitem", { name: form }).click();
		assert.match((await download).suggestedFilename(), new RegExp(`^call-${call.short_id}-\\d{8}-\\d{6}\\.${ending}$`));
	}
});

step("one that is a recording alone shows its figures, and what is missing", async ({ page, server }) => {
	const call = await heard(server, "voicemail");
	assert.equal(call.turns.length, 0);
	await page.goto(`/calls/${call.short_id}?tab=transcript`);
	await page.getByText(/none was made from its recording. No speech to text is set up/).waitFor();
	await look(page, "demo-call-voicemail");
	await page.getByRole("tab", { name: "Overview" }).click();
	const card = page.getByRole("region", { name: "Sound", exact: true });
	await card.getByText(/^Not measured: /).first().waitFor();
	await card.scrollIntoViewIfNeeded();
	await look(page, "demo-call-voicemail-sound");
});
