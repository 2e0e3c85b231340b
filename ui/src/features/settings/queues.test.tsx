import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";
import { days, minutesOf, opening, windowWords, zones } from "./hours";
import { checkQueue, draftOf, queueBody, workWeek } from "./queues";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const queue = {
	id: "queue_1",
	name: "Front desk",
	number: "+14155550123",
	sip: "",
	hours: {},
	agents: [] as string[],
	created_at: at,
	updated_at: at,
};

const agents = { items: [{ id: "agent_1", name: "Reception", settings: {} }] };
const viewer = { ...session, user: { ...session.user, role: "viewer" } };
const sent = (requests: Request[], method: string) => requests.find((r) => r.method === method)?.json();
const week = { timezone: "Europe/Berlin", windows: [workWeek] };

describe("Settings, Queues", () => {
	it("teaches when there is none", async () => {
		renderPage("/settings/queues", { "/v1/queues": { queues: [] } });
		expect(await screen.findByText("Nobody takes over calls yet")).toBeTruthy();
		expect(screen.getByText(/where a transfer of a call in progress goes/)).toBeTruthy();
		expect(screen.getByRole("button", { name: "Add a queue" })).toBeTruthy();
	});

	it("shows what failed with a way to try again, and then who answers when", async () => {
		let broken = true;
		const never = { timezone: "Europe/Berlin", windows: [{ days: [], from: "09:00", to: "17:00" }] };
		const inThree = days[(new Date().getDay() + 2) % 7] ?? "";
		const later = {
			...queue,
			id: "queue_3",
			name: "Later",
			hours: { timezone: "UTC", windows: [{ ...workWeek, days: [inThree] }] },
		};
		const night = { ...queue, id: "queue_2", name: "Night", number: "", sip: "sip:night@example.com" };
		renderPage("/settings/queues", {
			"/v1/queues": () =>
				broken
					? fail(500, "the disk is full")
					: { queues: [queue, later, { ...night, hours: never, agents: ["agent_1"] }] },
			"/v1/agents": agents,
		});
		expect(await screen.findByText("Could not load the queues")).toBeTruthy();
		broken = false;
		await userEvent.click(screen.getByRole("button", { name: "Try again" }));
		const desk = within(
			(await screen.findByRole("cell", { name: /^Front desk\s*\+1/ })).closest("tr") as HTMLElement,
		);
		expect(desk.getByText("+1 (415) 555-0123")).toBeTruthy();
		expect(desk.getByText("Open now")).toBeTruthy();
		expect(desk.getByText("Always")).toBeTruthy();
		expect(desk.getByText("Every agent")).toBeTruthy();
		const closed = within(screen.getByRole("cell", { name: /^Later/ }).closest("tr") as HTMLElement);
		expect(closed.getByText("Closed")).toBeTruthy();
		expect(closed.getByText(/^until \w{3} 09:00$/)).toBeTruthy();
		const row = within(screen.getByRole("cell", { name: /^Night\s*sip/ }).closest("tr") as HTMLElement);
		expect(row.getByText("sip:night@example.com")).toBeTruthy();
		expect(row.getByText("Never open")).toBeTruthy();
		expect(await row.findByText("Reception")).toBeTruthy();
	});

	it("says at the field what can't be, before the server does", async () => {
		const { requests } = renderPage("/settings/queues", {
			"GET /v1/queues": { queues: [] },
			"/v1/agents": agents,
		});
		await userEvent.click(await screen.findByRole("button", { name: "Add a queue" }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.type(dialog.getByLabelText(/^Number or SIP/), "0171");
		await userEvent.click(dialog.getByRole("button", { name: "Set hours" }));
		await userEvent.clear(dialog.getByLabelText("To"));
		await userEvent.click(dialog.getByRole("button", { name: "Add the queue" }));
		expect(dialog.getByText("Enter a name: a transfer goes by it")).toBeTruthy();
		expect(dialog.getByText(/with its country code, like/)).toBeTruthy();
		expect(dialog.getByLabelText("To").getAttribute("aria-invalid")).toBe("true");
		expect(requests.some((r) => r.method === "POST")).toBe(false);
	});

	it("adds a queue with hours and agents, and places what the server refuses", async () => {
		let refused = true;
		const { requests } = renderPage("/settings/queues", {
			"GET /v1/queues": { queues: [] },
			"POST /v1/queues": () =>
				refused ? fail(422, "there is a queue of this name already", "/name") : { ...queue, name: "Desk" },
			"/v1/agents": agents,
		});
		await userEvent.click(await screen.findByRole("button", { name: "Add a queue" }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.type(dialog.getByLabelText(/^Name/), "Desk");
		await userEvent.type(dialog.getByLabelText(/^Number or SIP/), "+1 (415) 555-0123");
		await userEvent.click(dialog.getByRole("button", { name: "Set hours" }));
		await userEvent.click(dialog.getByLabelText("Sat"));
		await userEvent.click(dialog.getByLabelText("Agents", { selector: "input" }));
		await userEvent.click(await screen.findByRole("option", { name: "Reception" }));
		await userEvent.click(dialog.getByRole("button", { name: "Add the queue" }));
		expect(await dialog.findByText("There is a queue of this name already")).toBeTruthy();
		refused = false;
		await userEvent.type(dialog.getByLabelText(/^Name/), "2");
		expect(dialog.queryByText("There is a queue of this name already")).toBeNull();
		await userEvent.click(dialog.getByRole("button", { name: "Add the queue" }));
		expect(await screen.findByText("Desk is added")).toBeTruthy();
		expect(await sent(requests, "POST")).toEqual({
			name: "Desk",
			number: "+14155550123",
			sip: "",
			hours: {
				timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
				windows: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "09:00", to: "17:00" }],
			},
			agents: ["agent_1"],
		});
	});

	it("edits: a number becomes a SIP address, and hours go", async () => {
		const { requests } = renderPage("/settings/queues", {
			"GET /v1/queues": { queues: [{ ...queue, hours: week }] },
			"PATCH /v1/queues/queue_1": queue,
			"/v1/agents": agents,
		});
		await userEvent.click(await screen.findByRole("button", { name: /^Edit\s*Front desk$/ }));
		const dialog = within(await screen.findByRole("dialog"));
		await userEvent.clear(dialog.getByLabelText(/^Number or SIP/));
		await userEvent.type(dialog.getByLabelText(/^Number or SIP/), "sip:desk@example.com");
		await userEvent.click(dialog.getByRole("button", { name: "Remove hours 1" }));
		expect(dialog.getByText("Somebody always answers.")).toBeTruthy();
		await userEvent.click(dialog.getByRole("button", { name: "Save" }));
		expect(await screen.findByText("Saved")).toBeTruthy();
		expect(await sent(requests, "PATCH")).toEqual({
			name: "Front desk",
			number: "",
			sip: "sip:desk@example.com",
			hours: { timezone: "Europe/Berlin", windows: [] },
			agents: [],
		});
	});

	it("deletes after a question", async () => {
		let queues = [queue];
		renderPage("/settings/queues", {
			"GET /v1/queues": () => ({ queues }),
			"DELETE /v1/queues/queue_1": () => {
				queues = [];
				return {};
			},
		});
		await userEvent.click(await screen.findByRole("button", { name: /^Delete\s*Front desk$/ }));
		expect(await screen.findByText(/A transfer to Front desk is refused/)).toBeTruthy();
		await userEvent.click(screen.getByRole("button", { name: "Delete the queue" }));
		expect(await screen.findByText("Front desk is deleted")).toBeTruthy();
		await waitFor(() => expect(screen.getByText("Nobody takes over calls yet")).toBeTruthy());
	});

	it("lets a viewer look and change nothing", async () => {
		renderPage("/settings/queues", { "/v1/session": viewer, "/v1/queues": { queues: [queue] } });
		expect(await screen.findByText("Front desk")).toBeTruthy();
		expect(screen.queryByRole("button", { name: /Add|Edit|Delete/ })).toBeNull();
	});
});

describe("hours", () => {
	const on = (iso: string, hours = {}) => opening({ ...week, ...hours }, new Date(iso));

	it("are read in the queue's zone, and say when it opens next", () => {
		// A Thursday; Berlin is an hour ahead of UTC in November.
		expect(on("2026-11-26T07:59:00Z")).toEqual({ open: false, next: "Thu 09:00" });
		expect(on("2026-11-26T08:00:00Z")).toEqual({ open: true, next: "" });
		expect(on("2026-11-26T15:59:00Z").open).toBe(true);
		expect(on("2026-11-26T16:00:00Z")).toEqual({ open: false, next: "Fri 09:00" });
		expect(on("2026-11-27T16:00:00Z")).toEqual({ open: false, next: "Mon 09:00" });
		expect(on("2026-11-26T23:30:00Z", { timezone: "Asia/Tokyo" })).toEqual({
			open: false,
			next: "Fri 09:00",
		});
	});
	it("go on over the clock's change in spring", () => {
		expect(on("2026-03-27T08:30:00Z").open).toBe(true);
		expect(on("2026-03-30T07:00:00Z").open).toBe(true);
	});
	it("come round to the same day of the next week", () => {
		const mondays = { windows: [{ days: ["mon"], from: "09:00", to: "12:00" }] };
		expect(on("2026-11-23T12:00:00Z", mondays)).toEqual({ open: false, next: "Mon 09:00" });
	});
	it("know the day's end, no hours, and no zone", () => {
		const night = { windows: [{ days: ["thu"], from: "18:00", to: "24:00" }] };
		expect(on("2026-11-26T22:59:00Z", night).open).toBe(true);
		expect(opening({}, new Date(at)).open).toBe(true);
		expect(on("2026-11-26T09:00:00Z", { timezone: "Nowhere/Town" }).open).toBe(true);
	});
	it("read as people write them", () => {
		expect(windowWords({ ...workWeek, to: "17:30" })).toBe("Mon–Fri 09:00–17:30");
		expect(windowWords({ days: ["sun", "sat", "wed"], from: "10:00", to: "14:00" })).toBe(
			"Wed, Sat, Sun 10:00–14:00",
		);
		expect(
			windowWords({ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "00:00", to: "24:00" }),
		).toBe("Every day 00:00–24:00");
		expect([minutesOf("24:00"), minutesOf("24:01"), minutesOf("9:05"), minutesOf("9.05")]).toEqual([
			1440,
			null,
			545,
			null,
		]);
		expect(zones("Mars/Base")[0]).toBe("Mars/Base");
		expect(zones("UTC").filter((z) => z === "UTC")).toHaveLength(1);
	});
});

describe("a queue's draft", () => {
	it("keeps what is set and takes numbers as people write them", () => {
		const draft = draftOf({ ...queue, hours: week, agents: ["agent_1"] });
		expect(queueBody(draft)).toEqual({
			name: "Front desk",
			number: "+14155550123",
			sip: "",
			hours: week,
			agents: ["agent_1"],
		});
		expect(queueBody({ ...draft, to: " desk@example.com" })).toMatchObject({
			number: "",
			sip: "desk@example.com",
		});
	});
	it("is checked as the server would", () => {
		const draft = draftOf({ ...queue, hours: week });
		expect(checkQueue(draft)).toEqual({});
		expect(checkQueue({ ...draft, to: "desk@example.com" })["/number"]).toMatch(/sip:desk/);
		expect(checkQueue({ ...draft, windows: [{ days: [], from: "22:00", to: "06:00" }] })).toEqual({
			"/hours/windows/0/days": "Choose at least one day",
			"/hours/windows/0/to": "Must be after the start; a night is two rows",
		});
	});
});
