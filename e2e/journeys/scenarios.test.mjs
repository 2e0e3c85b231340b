// A scenario: it is made on the page, run, watched while its call is on, and has
// passed; changed, it fails, and says why.
import { look } from "../lib/browser.mjs";
import { journey } from "../lib/journey.mjs";

const { step } = journey("scenarios", { expectStatus: [422] });

const script = `# greeting 1 success
A Hello, this is Larkspur Dental.
U Hello, I would like an appointment.
A Tuesday at nine is free.
U I will take it, goodbye.
`;

const row = (page) => page.getByRole("row").filter({ hasText: "Appointment" });

step("the settings teach, and a scenario is made", async ({ page }) => {
	await page.goto("/settings/scenarios");
	await page.getByText("No scenario yet").waitFor();
	await look(page, "scenarios-none");
	await page.getByRole("button", { name: "Add a scenario" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: "Name" }).fill("Appointment");
	await dialog.getByRole("textbox", { name: "Goal" }).fill("A first visit next week");
	await dialog.getByRole("textbox", { name: "Conversation" }).fill("# greeting 1 success\nZ Hello.");
	await dialog.getByRole("button", { name: "Add the scenario" }).click();
	await dialog.getByText(/begins no line/).waitFor();
	await look(page, "scenarios-refused");
	await dialog.getByRole("textbox", { name: "Conversation" }).fill(script);
	await dialog.getByRole("textbox", { name: "The agent says", exact: true }).fill("Tuesday at nine");
	await dialog.getByText("Daily", { exact: true }).click();
	await dialog.getByRole("textbox", { name: "At", exact: true }).fill("07:30");
	await look(page, "scenarios-dialog");
	await dialog.getByRole("button", { name: "Add the scenario" }).click();
	await row(page).getByText("Never").waitFor();
	await row(page).getByText(/^Daily at 07:30/).waitFor();
});

step("it is run, and its call is seen live as a simulation of it", async ({ page }) => {
	await row(page).getByRole("button", { name: "Run now" }).click();
	await page.getByText("1 simulated call of Appointment will begin").waitFor();
	await page.goto("/live");
	const live = page.getByRole("grid", { name: "Live calls" }).getByRole("row").nth(1);
	await live.getByText("Appointment").waitFor();
	await live.getByText(/Simulat/i).first().waitFor();
	await look(page, "scenarios-live");
});

step("it has passed, and its run leads to the call", async ({ page }) => {
	await page.goto("/settings/scenarios");
	await row(page).getByText("Passed").waitFor({ timeout: 90_000 });
	await look(page, "scenarios-list");
	await row(page).getByRole("button", { name: "Runs" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("Says “Tuesday at nine”").waitFor();
	await look(page, "scenarios-passed");
	await dialog.getByRole("link", { name: "Its 1 call" }).click();
	await page.waitForURL(/\/calls\?/);
	await page.getByText("1 call", { exact: true }).waitFor();
	await look(page, "scenarios-calls");
});

step("expecting what nobody says, it fails and tells the reason", async ({ page }) => {
	await page.goto("/settings/scenarios");
	await row(page).getByRole("button", { name: "Edit" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: "The agent says", exact: true }).fill("Wednesday");
	await dialog.getByRole("button", { name: "Save", exact: true }).click();
	await dialog.waitFor({ state: "hidden" });
	await row(page).getByRole("button", { name: "Run now" }).click();
	await row(page).getByText("Failed").waitFor({ timeout: 90_000 });
	await row(page).getByRole("button", { name: "Runs" }).click();
	await page.getByText("The agent never said “Wednesday”.").waitFor();
	await look(page, "scenarios-failed");
});
