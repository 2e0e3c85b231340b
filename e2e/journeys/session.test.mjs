// Out and in again, the palette, the keys and the theme.
import assert from "node:assert/strict";
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";
import { admin, ask, createKey } from "../lib/server.mjs";

const { step } = journey("session");
let call;

const theme = (page) => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
const personMenu = (page) => page.getByRole("button", { name: /theme, time zone, sign out$/ });

step("a person signs out", async ({ page, server }) => {
	const key = createKey(server, "admin");
	await ask(server, key, "POST", "/api/v1/observability/calls", {
		id: "session-1",
		agent_id: "reception",
		startedAt: "2026-01-05T10:00:00Z",
		endedAt: "2026-01-05T10:01:00Z",
		messages: [{ role: "user", content: "Is this the bakery?" }],
	});
	[call] = (await ask(server, key, "GET", "/v1/calls")).items;
	await page.goto("/agents");
	await personMenu(page).click();
	await look(page, "person-menu");
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
	await page.waitForURL("**/signin**");
	await look(page, "signin");
	await page.goto("/agents");
	await page.waitForURL(/\/signin\?next=/);
});

step("a wrong password is told, and gives nothing away", async ({ page }) => {
	await page.getByLabel("Email").fill(admin.email);
	await page.getByLabel(/^Password/).fill("not the password");
	await page.getByRole("button", { name: "Sign in" }).click();
	const wrong = await page.getByRole("alert").innerText();
	await page.getByLabel("Email").fill("nobody@example.com");
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.waitForFunction(() => !document.querySelector("button[data-loading]"));
	assert.equal(await page.getByRole("alert").innerText(), wrong, "the same for a person whom nobody knows");
	await look(page, "signin-wrong");
});

step("the right one leads to where the person wanted to go", async ({ page }) => {
	await page.getByLabel("Email").fill(admin.email);
	await page.getByLabel(/^Password/).fill(admin.password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.waitForURL("**/agents");
	await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor();
});

step("the palette goes to a page", async ({ page }) => {
	await page.keyboard.press("Control+k");
	const palette = page.getByRole("dialog", { name: "Search or jump" });
	await palette.getByRole("combobox").fill("inbox");
	await look(page, "palette");
	await palette.getByRole("option", { name: "Settings: Inbox" }).waitFor();
	await page.keyboard.press("Enter");
	await page.waitForURL("**/settings/inbox");
});

step("the palette goes to a call by its short id", async ({ page }) => {
	await page.keyboard.press("Control+k");
	const palette = page.getByRole("dialog", { name: "Search or jump" });
	await palette.getByRole("combobox").fill(call.short_id);
	await palette.getByRole("option", { name: new RegExp(`^${call.short_id}`) }).waitFor();
	await page.keyboard.press("Enter");
	await page.waitForURL(`**/calls/${call.id}`);
	await page.getByRole("tab", { name: "Overview" }).waitFor();
});

step("a question mark lists the keys, and Escape closes the list", async ({ page }) => {
	await page.keyboard.press("?");
	const sheet = page.getByRole("dialog", { name: "Keys" });
	await sheet.getByText("Search, go to, do").waitFor();
	await look(page, "keys");
	await page.keyboard.press("Escape");
	await sheet.waitFor({ state: "hidden" });
	await page.keyboard.press("g");
	await page.keyboard.press("c");
	await page.waitForURL("**/calls");
});

step("the theme that is chosen stays", async ({ page }) => {
	await page.emulateMedia({ colorScheme: "light" });
	assert.equal(await theme(page), "light");
	await page.goto("/settings/appearance");
	await look(page, "settings-appearance");
	await page.getByRole("radiogroup", { name: "Theme" }).getByText("Dark").click();
	await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === "dark");
	await page.reload();
	await page.getByRole("heading", { name: "Appearance" }).waitFor();
	assert.equal(await theme(page), "dark");
});
