// Live calls: one appears by itself, is watched word by word, gets a note, ends
// and becomes the recorded call in place.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { ask, createKey } from "../lib/server.mjs";

const { step } = journey("live", { expectStatus: ["404", "409"] });
let key = "";
let id = "";

/** Sends events about a call, as an agent of one's own does. */
const tell = (server, call, ...events) => ask(server, key, "POST", `/v1/live-calls/${call}/events`, events);

const begun = (agent, agentName, secondsAgo, more = {}) => ({
	id: "start",
	type: "started",
	at: new Date(Date.now() - secondsAgo * 1000).toISOString(),
	agent,
	agentName,
	from: "+14155550100",
	to: "+14155550199",
	direction: "inbound",
	...more,
});

const turn = (n, text) => ({
	id: `turn-${n}`,
	type: "turn",
	role: n % 2 ? "user" : "agent",
	text,
	start_ms: n * 5000 + 200,
	end_ms: n * 5000 + 3200,
});

const rows = (page) => page.getByRole("grid", { name: "Live calls" }).getByRole("row");

step("an empty page teaches, and its command begins a call", async ({ page, server }) => {
	key = createKey(server, "admin");
	await page.getByRole("link", { name: "Live", exact: true }).click();
	await page.getByRole("heading", { name: "No call is in progress" }).waitFor();
	await look(page, "live-empty");
	await page.getByRole("button", { name: "Make a key and put it in" }).click();
	await page.getByText("It is shown this once").waitFor();
	const begin = await page.getByRole("figure", { name: "Begin a call" }).locator("pre").innerText();
	execFileSync("bash", ["-c", begin], { stdio: "ignore" });
	await rows(page).filter({ hasText: "move my appointment to Friday" }).waitFor();
	const end = await page.getByRole("figure", { name: "End it" }).locator("pre").innerText();
	await page.getByRole("link", { name: "1 live" }).waitFor();
	execFileSync("bash", ["-c", end], { stdio: "ignore" });
	await rows(page).getByText("Ended").waitFor();
	await page.getByRole("button", { name: "Dismiss" }).click();
	await page.getByRole("heading", { name: "No call is in progress" }).waitFor();
});

step("calls appear by themselves, the newest on top, and tick", async ({ page, server }) => {
	await tell(server, "desk-1", begun("front-desk", "Front desk", 200), turn(0, "Front desk, good morning."));
	await rows(page).filter({ hasText: "Front desk, good morning." }).waitFor();
	await tell(
		server,
		"bill-1",
		begun("billing", "Billing", 70, { context: "Order 4711" }),
		turn(0, "Billing, how can I help?"),
		turn(1, "I call about my invoice for the third time."),
		{ id: "tool", type: "tool_call", tool_call_id: "t1", name: "find_invoice", arguments: { order: 4711 }, start_ms: 9000 },
	);
	await tell(server, "sim-1", begun("billing", "Billing", 20, { isSimulation: true, scenario: "Angry customer" }), turn(0, "Hello."));
	await page.getByText("3 calls in progress").waitFor();
	await rows(page).nth(1).getByText("Simulation").waitFor();
	const bill = rows(page).filter({ hasText: "my invoice" });
	await bill.getByText("find_invoice").waitFor();
	await bill.getByText("Order 4711").waitFor();
	const before = await bill.getByRole("timer").innerText();
	await page.waitForTimeout(1500);
	assert.notEqual(await bill.getByRole("timer").innerText(), before, "the duration stands still");
	await look(page, "live-list");
});

step("filters and groups are in the URL, and Back takes one off", async ({ page }) => {
	await page.getByRole("button", { name: "Agent", exact: true }).click();
	await page.getByRole("checkbox", { name: /^Billing/ }).check();
	await page.keyboard.press("Escape");
	await page.waitForURL(/agent=/);
	await page.waitForFunction(() => document.querySelectorAll('[role="grid"] [role="row"]').length === 3);
	await page.getByRole("button", { name: "By agent" }).click();
	await page.waitForURL(/group=agent/);
	await rows(page).getByText("2 active").waitFor();
	await page.reload();
	await rows(page).getByText("2 active").waitFor();
	await look(page, "live-grouped");
	await page.getByRole("button", { name: /^Remove filter: Agent is Billing/ }).click();
	await page.getByText("Front desk, good morning.").waitFor();
	await page.goBack();
	await page.getByRole("button", { name: /^Remove filter: Agent is Billing/ }).waitFor();
	await page.goto("/live?alerts=critical");
	await page.getByText("No live call matches").waitFor();
	await page.getByRole("button", { name: "Clear filters" }).last().click();
	await rows(page).nth(3).waitFor();
});

step("the wall view shows a tile for each agent", async ({ page }) => {
	await page.getByRole("button", { name: "Wall" }).click();
	await page.getByRole("region", { name: "Wall view" }).getByRole("heading", { name: "Billing" }).waitFor();
	await look(page, "live-wall");
	await page.keyboard.press("Escape");
	await rows(page).nth(3).waitFor();
});

step("J and Enter open a call, and its words stream", async ({ page, server }) => {
	const { activeCalls } = await ask(server, key, "GET", "/v1/live-calls");
	id = activeCalls.find((c) => c.providerCallId === "bill-1").id;
	await page.keyboard.press("j");
	await page.keyboard.press("j");
	await page.waitForURL(new RegExp(`at=${id}`));
	await page.keyboard.press("Enter");
	await page.waitForURL(new RegExp(`/live/${id}`));
	await page.getByText("I call about my invoice for the third time.", { exact: true }).first().waitFor();
	await page.locator("main").getByText("Following").waitFor();
	await tell(server, "bill-1", { type: "partial", role: "agent", text: "I am looking for" });
	const transcript = page.getByRole("region", { name: "Transcript" });
	await transcript.getByText("I am looking for", { exact: true }).waitFor();
	await page.getByText("Agent speaks").waitFor();
	await look(page, "live-call");
	await tell(
		server,
		"bill-1",
		{ id: "tool-r", type: "tool_result", tool_call_id: "t1", result: { invoice: 12 }, end_ms: 9900 },
		turn(2, "I have found your invoice."),
	);
	await transcript.getByText("I have found your invoice.").waitFor();
	await transcript.getByText("I am looking for", { exact: true }).waitFor({ state: "detached" });
	await transcript.getByText(/^Answered in/).waitFor();
	await page.getByRole("region", { name: "Responses" }).getByText("Turn 3").waitFor();
});

step("what can't be done says why", async ({ page }) => {
	await page.getByRole("button", { name: /^Transfer: not possible/ }).hover();
	await page.getByRole("tooltip").waitFor();
	await page.mouse.move(0, 0);
});

step("a note is pinned to its moment", async ({ page }) => {
	await page.keyboard.press("n");
	await page.keyboard.type("Asks for the invoice a third time.");
	const notes = page.getByRole("region", { name: "Notes" });
	await notes.getByText(/^at \d+:\d\d$/).waitFor(); // an alert has such a time too
	await page.getByRole("button", { name: "Add note" }).click();
	await notes.getByRole("listitem").filter({ hasText: "third time" }).getByText(/^\d+:\d\d$/).waitFor();
});

step("it ends and becomes the recorded call in place", async ({ page, server }) => {
	const box = page.getByRole("region", { name: "Transcript" });
	const top = (await box.boundingBox()).y;
	await tell(server, "bill-1", { id: "end", type: "ended", reason: "customer-ended-call", success: true });
	await page.getByText("The call has ended.").waitFor();
	await page.getByText("Succeeded", { exact: true }).waitFor();
	assert.match(page.url(), new RegExp(`/live/${id}`));
	await box.getByText("I have found your invoice.").waitFor();
	await page.waitForTimeout(500);
	const moved = Math.abs((await box.boundingBox()).y - top);
	assert.ok(moved < 2, `the transcript moved by ${moved} px`);
	await look(page, "live-ended");
	await page.getByRole("link", { name: "Open the recorded call" }).click();
	await page.waitForURL(new RegExp(`/calls/${id}`));
	await page.getByText("Asks for the invoice a third time.").first().waitFor();
});

step("a link to it leads to the recorded call, and the list goes on without it", async ({ page }) => {
	await page.goto(`/live/${id}`);
	await page.waitForURL(new RegExp(`/calls/${id}`));
	await page.goto("/live");
	await page.getByText("2 calls in progress").waitFor();
});
