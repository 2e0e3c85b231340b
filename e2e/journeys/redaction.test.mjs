// Of a strict agent's call nothing personal is left: not on the page, not in what
// the API gives, not in the recording.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { samplesOf, wav } from "../lib/recording.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("redaction");
let key = "";
let call = null;
let hidden = [];

const began = Date.parse("2026-11-20T09:00:00Z");
const seconds = 46;

/** Role, from, to (in seconds) and what is said. */
const said = [
	["assistant", 0.5, 3.5, "Garden Centre, good morning. How can I help?"],
	["user", 4.5, 8, "I want to pay the invoice for the fence by card."],
	["assistant", 8.8, 11, "Of course. What is the number of your card?"],
	["user", 12, 18, "It is 4012 8888 8888 1881, it is a new one."],
	["assistant", 19, 21.5, "Thank you. Where may I send the receipt?"],
	["user", 22.5, 27, "Send it to rosa.lind@example.com, please."],
	["assistant", 28, 30, "And a phone number, in case it comes back?"],
	["user", 31, 34.5, "My number is 415 555 0123."],
	["assistant", 35.2, 36.5, "Another one, to be sure?"],
	["user", 37.2, 43.5, "Yes, six five zero, five five five, oh one double nine."],
	["assistant", 44, 45.5, "That is all, the receipt is on its way."],
];

/** What must be nowhere. Groups of digits count where they stand alone or together: ids may hold anything. */
const personal = [/(?<!\w)(4012|8888|1881|555|0123)+(?!\w)/, /rosa|lind@/i, /\b(five|double|oh one)\b/i];

function nothingPersonal(text, where) {
	for (const p of personal) assert.doesNotMatch(text, p, `${where} tells something personal`);
}

const timeline = (page) => page.getByRole("region", { name: "Timeline" });

/** Asks until the answer is as it should be; fails with what it was last. */
async function until(what, get, is) {
	let last;
	for (const end = Date.now() + 30_000; Date.now() < end; ) {
		last = await get().catch((e) => e);
		if (!(last instanceof Error) && is(last)) return last;
		await new Promise((r) => setTimeout(r, 200));
	}
	throw new Error(`${what}: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}

step("an agent is set to hide what is personal", async ({ page, server }) => {
	key = createKey(server, "admin");
	const agent = await ask(server, key, "POST", "/v1/agents", { name: "Garden Centre", source_id: "garden" });
	await ask(server, key, "PATCH", `/v1/agents/${agent.id}`, { redactionMode: "strict" });
	await page.goto(`/agents/${agent.id}#redaction`);
	await page.getByRole("region", { name: "Redaction" }).scrollIntoViewIfNeeded();
	await look(page, "redaction-settings");
});

step("a call comes, and its recording", async ({ server }) => {
	await ask(server, key, "POST", "/api/v1/observability/calls", {
		id: "invoice-1",
		agent_id: "garden",
		startedAt: new Date(began).toISOString(),
		endedAt: new Date(began + seconds * 1000).toISOString(),
		endedReason: "customer-ended-call",
		messages: said.map(([role, from, to, content]) => ({
			role,
			content,
			start_time: began + from * 1000,
			end_time: began + to * 1000,
		})),
	});
	const spans = (role) => said.filter(([who]) => who === role).map(([, from, to]) => [from, to - 0.1]);
	const r = await fetch(`${server.url}/v1/calls/invoice-1/recording`, {
		method: "PUT",
		headers: { Authorization: `Bearer ${key}` },
		body: wav(seconds, spans("user"), spans("assistant")),
	});
	assert.equal(r.status, 202, await r.text());
	[call] = (await ask(server, key, "GET", "/v1/calls")).items;
	const audio = await until(
		"what was muted",
		() => ask(server, key, "GET", `/v1/calls/${call.id}/audio`),
		(a) => a.redactions?.length > 0,
	);
	hidden = audio.redactions;
	assert.deepEqual(hidden.map((x) => x.kind), ["card", "email", "phone", "phone"]);
});

step("nothing personal is in what the API gives", async ({ server }) => {
	const at = `/v1/calls/${call.id}`;
	for (const path of ["", "/raw", "/transcript", "/transcript?format=text", "/transcript?format=srt", "/log"]) {
		const r = await fetch(`${server.url}${at}${path}`, { headers: { Authorization: `Bearer ${key}` } });
		assert.equal(r.status, 200, path);
		nothingPersonal(await r.text(), path || "the call");
	}
	const { turns } = await ask(server, key, "GET", at);
	assert.match(turns[3].text, /^It is \[card 1\], it is a new one/);
	assert.match(turns[5].text, /^Send it to \[email 1\]/);
	assert.match(turns[7].text, /\[phone 1\]/);
	assert.match(turns[9].text, /\[phone 2\]/);
	for (const q of ["8888", "rosa", "0123", "five"]) {
		assert.equal((await ask(server, key, "GET", `/v1/calls?q=${q}`)).items.length, 0, `${q} is found`);
	}
});

step("the page names what is hidden, and marks where it is muted", async ({ page }) => {
	await page.goto(`/calls/${call.short_id}?tab=transcript`);
	const panel = page.getByRole("tabpanel");
	await panel.getByText(said[0][3]).hover();
	for (const name of ["Card number 1", "E-mail address 1", "Phone number 1", "Phone number 2"]) {
		const token = panel.getByTitle("Hidden by the agent's redaction settings").filter({ hasText: name });
		// Of a long transcript only the rows that are seen are there.
		for (let n = 0; n < 10 && (await token.count()) === 0; n++) await page.mouse.wheel(0, 150);
		await token.waitFor();
	}
	await timeline(page).locator("canvas").nth(2).waitFor();
	await timeline(page).getByText("Personal data is muted in 4 places").waitFor();
	for (const name of [/^Redaction at .*Card number, muted for/, /^Redaction at .*E-mail address, muted for/]) {
		await timeline(page).getByRole("button", { name }).waitFor();
	}
	assert.equal(await timeline(page).getByRole("button", { name: /^Redaction at .*Phone number, muted for/ }).count(), 2);
	await look(page, "redaction-transcript");
});

step("no tab of the call tells it", async ({ page }) => {
	const tabs = page.getByRole("tab");
	const names = await tabs.allInnerTexts();
	assert.ok(names.length >= 4, `tabs: ${names}`);
	for (const name of names) {
		await page.getByRole("tab", { name, exact: true }).click();
		await look(page, `redaction-${name.toLowerCase().replace(/\W+/g, "-")}`);
		nothingPersonal(await page.locator("body").innerText(), `the tab ${name}`);
		nothingPersonal(await page.locator("#root").innerHTML(), `the markup of the tab ${name}`);
	}
});

step("what is downloaded is silent where it is hidden, and sounds elsewhere", async ({ page }) => {
	await page.getByRole("tab", { name: /transcript/ }).click();
	const download = page.waitForEvent("download");
	await page.getByRole("link", { name: "Download the recording" }).click();
	const { rate, channels } = samplesOf(readFileSync(await (await download).path()));
	for (const x of hidden) {
		assert.ok(x.end_ms > x.start_ms, JSON.stringify(x));
		for (const [c, samples] of channels.entries()) {
			if (x.channel !== null && x.channel !== c) continue;
			const muted = samples.slice(Math.ceil((x.start_ms * rate) / 1000), Math.floor((x.end_ms * rate) / 1000));
			assert.ok(muted.every((s) => s === 0), `${x.kind} is heard on channel ${c}`);
		}
	}
	const loud = (samples, from, to) => samples.slice(from * rate, to * rate).some((s) => Math.abs(s) > 1000);
	for (const [role, from, to] of said.slice(0, 3)) {
		assert.ok(loud(channels[role === "user" ? 0 : 1], from, to), `nothing is heard from ${from} s on`);
	}
});
