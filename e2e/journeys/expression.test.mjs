// How callers sound, and what an agent's calls sound like.
import assert from "node:assert/strict";
import { look, switchWorkspace } from "../lib/browser.mjs";
import { demoCalls } from "../lib/demo.mjs";
import { journey } from "../lib/journey.mjs";
import { ask } from "../lib/server.mjs";

const { step } = journey("expression", { flags: ["--demo"] });
let key = "";
let call = null;

/** The sample call whose customer is heard to get upset, once its recording has been heard. */
async function upsetCall(server) {
	for (const until = Date.now() + 120_000; Date.now() < until; ) {
		const { items } = await ask(server, key, "GET", "/v1/calls?finding=frustration&has_recording=true&limit=50");
		for (const { id } of items) {
			const c = await ask(server, key, "GET", `/v1/calls/${id}`);
			if (c.analysis.expression?.upset.length > 0) return c;
		}
		await new Promise((r) => setTimeout(r, 1000));
	}
	throw new Error(`no sample call sounds upset\n${server.log}`);
}

step("a finding says that the voice agrees, and the calls list finds it", async ({ page, server }) => {
	({ key } = await demoCalls(server));
	call = await upsetCall(server);
	const finding = call.findings.find((f) => f.kind === "frustration");
	assert.match(finding.detail, /voice agrees.*estimate/);
	const { expressions } = await ask(server, key, "GET", `/v1/calls/${call.id}/audio`);
	const turn = expressions.find((e) => e.turn === call.analysis.expression.upset[0]);
	assert.ok(turn.scores[0].score >= 0.65 && turn.scores[0].confidence === "medium", JSON.stringify(turn));
	await switchWorkspace(page, "Demo");
	await page.goto("/calls?finding=frustration&recording=true");
	await page.locator(`a[href*="${call.short_id}"]`).first().waitFor();
});

step("the transcript says how a turn sounds, as an estimate", async ({ page }) => {
	await page.goto(`/calls/${call.short_id}?tab=transcript`);
	const label = page.getByRole("button", { name: /^sounds (frustrated|angry), estimate\./ }).first();
	await label.scrollIntoViewIfNeeded();
	await label.hover();
	await page.getByRole("tooltip").filter({ hasText: "Confidence medium" }).waitFor();
	await look(page, "expression-transcript");
});

step("the overview sums the estimates up", async ({ page }) => {
	await page.goto(`/calls/${call.short_id}`);
	const summed = page.getByRole("region", { name: "How the customer sounds" });
	await summed.getByText(/sounds? upset, of \d that could be held/).waitFor();
	await summed.scrollIntoViewIfNeeded();
	await look(page, "expression-sound");
});

step("an agent's page tells what was heard in its calls", async ({ page }) => {
	await page.goto(`/agents/${call.agent.id}`);
	const part = (name) => page.getByRole("region", { name, exact: true });
	await part("Response").getByText(/^Median .*; n = \d+ turns? of \d+ calls?\.$/).waitFor();
	await part("Interruptions by the agent").getByRole("table").waitFor();
	await part("Silences of 2 s and longer").getByRole("table").waitFor();
	await part("Response").scrollIntoViewIfNeeded();
	await look(page, "expression-agent");
});
