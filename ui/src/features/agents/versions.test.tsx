import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fail, renderPage } from "../../test/page";
import type { AgentVersion } from "./queries";
import { changesOf, versionWords } from "./versions";

beforeEach(() => {
	Element.prototype.scrollIntoView = vi.fn();
});
afterEach(() => vi.unstubAllGlobals());

const at = "2026-11-20T09:00:00Z";

const agent = {
	id: "agent_1",
	name: "Reception",
	source_id: "asst_1",
	provider: "vapi",
	discovered: false,
	created_at: at,
	updated_at: at,
	stats: { calls: 12, judged: 10, succeeded: 9, last_call_at: at },
	secrets_lost: false,
	settings: { crmApiKey_set: false, webhookSecret_set: false },
};

const version = (number: number, change: Partial<AgentVersion> = {}): AgentVersion => ({
	number,
	name: "Reception",
	prompt_hash: "3f2a91c0aaaaaaaa",
	language_model: "small-1",
	voice: "Anna",
	vendor_version: "",
	since: `2026-11-${10 + number}T09:00:00Z`,
	...change,
});

const platform = (id: string, agents: boolean) => ({ id, name: `The ${id}`, key_gives: { agents } });

const render = (versions: unknown, provider = "vapi", path = "/agents/agent_1") =>
	renderPage(path, {
		"/v1/agents": { items: [agent] },
		"/v1/agents/agent_1": { ...agent, provider },
		"/v1/agents/agent_1/versions": versions,
		"/v1/providers": { items: [platform("vapi", true), platform("retell", true), platform("twilio", false)] },
	});

/** By its id: the page has a long form, and to look for roles in it takes seconds. */
const section = async () =>
	within(
		await waitFor(() => {
			const place = document.getElementById("versions");
			expect(place).not.toBeNull();
			return place as HTMLElement;
		}),
	);

describe("an agent's versions", () => {
	it("are listed with what each changed, the current one marked, each with a way to its calls", async () => {
		render({
			items: [
				version(3, { language_model: "large-2", voice: "", vendor_version: "v7" }),
				version(2, { prompt_hash: "9b1c22aabbbbbbbb", vendor_version: "v6" }),
				version(1),
			],
		});
		const rows = await (await section()).findAllByRole("row");
		expect(rows).toHaveLength(4);
		const [, third, second, first] = rows.map((r) => within(r as HTMLElement));
		expect(third?.getByText("Current")).toBeTruthy();
		expect(third?.getByText("v7 at Vapi")).toBeTruthy();
		expect(third?.getByText(/^Model:/).parentElement?.textContent).toBe(
			"Prompt: 9b1c22aa →  to 3f2a91c0Model: small-1 →  to large-2Voice: Anna →  to none shown",
		);
		expect(second?.queryByText("Current")).toBeNull();
		expect(second?.queryByText(/^Model:/)).toBeNull();
		expect(first?.getByText("Seen for the first time")).toBeTruthy();
		const calls = new URL(
			second?.getByRole("link", { name: /^Its calls\s*, version 2$/ }).getAttribute("href") ?? "",
			"http://ringside",
		);
		expect(Object.fromEntries(calls.searchParams)).toEqual({
			agent: "agent_1",
			after: "2026-11-12T09:00:00Z",
			before: "2026-11-13T09:00:00Z",
		});
		expect(third?.getByRole("link").getAttribute("href")).not.toContain("before");
		expect((await section()).getByText("Now: model large-2, prompt 3f2a91c0.")).toBeTruthy();
	});

	it("are five at first, and all on request", async () => {
		const items = [9, 8, 7, 6, 5, 4, 3].map((n) => version(n, { voice: `Voice ${n}` }));
		render({ items });
		const place = await section();
		expect(await place.findAllByRole("row")).toHaveLength(1 + 5);
		await userEvent.click(place.getByRole("button", { name: "Show 2 older versions" }));
		expect(place.getAllByRole("row")).toHaveLength(1 + 7);
		expect(place.queryByText("Seen for the first time")).toBeNull();
		expect(place.getByText("Model small-1, voice Voice 3, prompt 3f2a91c0")).toBeTruthy();
	});

	it("say how they come when there is none", async () => {
		render({ items: [] });
		expect(await (await section()).findByText(/^None noted yet/)).toBeTruthy();
		expect((await section()).getByRole("link", { name: "source" }).getAttribute("href")).toBe(
			"/settings/sources",
		);
	});

	it("say that a platform which can't be asked has none", async () => {
		render({ items: [] }, "twilio");
		expect(
			await (await section()).findByText(/^None: Ringside can ask The vapi and The retell what/),
		).toBeTruthy();
	});

	it("can be asked for again after a failure", async () => {
		let broken = true;
		render(() => (broken ? fail(500, "the disk is full") : { items: [version(1)] }));
		expect(await screen.findByText("Could not load the versions")).toBeTruthy();
		broken = false;
		await userEvent.click((await section()).getByRole("button", { name: "Try again" }));
		expect(await screen.findByText("Seen for the first time")).toBeTruthy();
	});

	it("are where a link to them leads", async () => {
		render({ items: [version(1)] }, "vapi", "/agents/agent_1#versions");
		await screen.findByText("Seen for the first time");
		expect(Element.prototype.scrollIntoView).toHaveBeenCalled();
	});
});

describe("the words of a version", () => {
	it("leave out what the vendor does not show", () => {
		expect(versionWords(version(1, { language_model: "" }))).toBe("voice Anna, prompt 3f2a91c0");
		expect(versionWords(version(1, { language_model: "", voice: "", prompt_hash: "" }))).toBe(
			"the platform shows no prompt, model or voice",
		);
	});
	it("tell what changed, names as well", () => {
		expect(changesOf(version(2, { name: "Front desk" }), version(1))).toEqual([
			{ part: "Name", before: "Reception", now: "Front desk" },
		]);
		expect(changesOf(version(2), version(1))).toEqual([]);
	});
});
