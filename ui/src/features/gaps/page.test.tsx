import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage, session } from "../../test/page";

afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const gap = (i: number, change: object = {}) => ({
	id: `gap_${i}`,
	question: `do you deliver to island ${i}`,
	status: "open",
	answer: "",
	calls: 3,
	first_at: at,
	last_at: at,
	updated_at: at,
	...change,
});

const detail = (change: object = {}) => ({
	...gap(1),
	asked: [
		{
			call_id: "call_a",
			short_id: "aaaa2222",
			turn: 4,
			question: "do you deliver to island 1",
			at,
			agent: "Wren",
		},
		{ call_id: "call_b", short_id: "bbbb3333", turn: null, question: "island delivery", at, agent: "" },
	],
	...change,
});

describe("the knowledge gaps page", () => {
	it("teaches how a question gets here", async () => {
		renderPage("/knowledge-gaps", { "/v1/gaps": { items: [] } });
		expect(await screen.findByText("No open question")).toBeTruthy();
		expect(screen.getByText("[KNOWLEDGE_GAP: topic]")).toBeTruthy();
	});

	it("says what failed", async () => {
		renderPage("/knowledge-gaps", { "/v1/gaps": fail(500, "Ringside failed to do this") });
		expect(await screen.findByText("Could not load the questions")).toBeTruthy();
	});

	it("asks for open ones, or for those of the status in the address", async () => {
		const { requests } = renderPage("/knowledge-gaps?status=ignored", { "/v1/gaps": { items: [] } });
		expect(await screen.findByText("No question is ignored")).toBeTruthy();
		await userEvent.click(screen.getByText("Open"));
		await screen.findByText("No open question");
		const asked = requests.filter((r) => r.url.includes("/v1/gaps")).map((r) => new URL(r.url).search);
		expect(asked).toEqual(["?status=ignored", "?status=open"]);
	});

	it("opens a question beside the list, with the calls that asked it", async () => {
		const { router } = renderPage("/knowledge-gaps", {
			"/v1/gaps": { items: Array.from({ length: 60 }, (_, i) => gap(i)) },
			"/v1/gaps/gap_1": detail(),
		});
		await userEvent.click(await screen.findByRole("button", { name: "do you deliver to island 1" }));
		expect(router.state.location.search).toEqual({ gap: "gap_1" });
		const peek = await screen.findByRole("complementary", { name: "Question" });
		const link = await within(peek).findByRole("link", { name: "do you deliver to island 1" });
		expect(link.getAttribute("href")).toBe("/calls/aaaa2222?turn=4");
		expect(within(peek).getByRole("link", { name: "island delivery" }).getAttribute("href")).toBe(
			"/calls/bbbb3333",
		);
		expect(within(peek).getByText(/The newest 2 of 3 calls/)).toBeTruthy();
	});

	it("settles a question with its answer, and takes it back", async () => {
		const { requests } = renderPage("/knowledge-gaps?gap=gap_1", {
			"/v1/gaps": { items: [gap(1)] },
			"GET /v1/gaps/gap_1": detail(),
			"PATCH /v1/gaps/gap_1": detail({ status: "answered" }),
		});
		await userEvent.type(await screen.findByLabelText("Answer"), "Yes, weekly.");
		await userEvent.click(screen.getByRole("button", { name: "Mark as answered" }));
		await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
		await waitFor(() => expect(requests.filter((r) => r.method === "PATCH")).toHaveLength(2));
		const sent = await Promise.all(requests.filter((r) => r.method === "PATCH").map((r) => r.json()));
		expect(sent).toEqual([
			{ status: "answered", answer: "Yes, weekly." },
			{ status: "open", answer: "" },
		]);
	});

	it("shows a viewer the answer and nothing to change", async () => {
		renderPage("/knowledge-gaps?gap=gap_1", {
			"/v1/gaps": { items: [gap(1)] },
			"/v1/gaps/gap_1": detail({ answer: "Yes, weekly." }),
			"/v1/session": { ...session, user: { ...session.user, role: "viewer" } },
		});
		expect(await screen.findByText("Yes, weekly.")).toBeTruthy();
		expect(screen.queryByRole("button", { name: "Mark as answered" })).toBeNull();
	});
});
