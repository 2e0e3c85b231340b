import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderUI } from "../../test/render";
import { SuccessRate } from "./AgentTable";
import { bodyOf, changed, check, draftOf } from "./draft";
import { FieldControl } from "./FieldControl";
import type { Field } from "./field";
import { groups, pointers, secrets } from "./fields";
import { nextSort, successRate, viewOf } from "./list";
import type { Agent } from "./queries";
import { validateAgentsSearch } from "./search";

function agent(
	change: Omit<Partial<Agent>, "settings"> & { settings?: Partial<Agent["settings"]> } = {},
): Agent {
	return {
		id: "agent_1",
		name: "Reception",
		source_id: "asst_77",
		provider: "vapi",
		discovered: false,
		created_at: "2026-11-01T09:00:00Z",
		updated_at: "2026-11-01T09:00:00Z",
		stats: { calls: 0, judged: 0, succeeded: 0, last_call_at: null },
		crmApiKey_set: false,
		webhookSecret_set: false,
		secrets_lost: false,
		disabled_webhooks: [],
		...change,
		settings: { crmApiKey_set: false, webhookSecret_set: false, secrets_lost: false, ...change.settings },
	};
}

const stats = (calls: number, judged: number, succeeded: number, last: string | null = null) => ({
	calls,
	judged,
	succeeded,
	last_call_at: last,
});

describe("the view of the list", () => {
	const a = agent({ id: "a", name: "Alpha", stats: stats(10, 10, 5, "2026-11-02T00:00:00Z") });
	const b = agent({ id: "b", name: "beta", source_id: "retell_9", stats: stats(30, 0, 0) });
	const c = agent({
		id: "c",
		name: "Gamma",
		discovered: true,
		stats: stats(20, 4, 4, "2026-11-03T00:00:00Z"),
	});
	const ids = (search: Parameters<typeof viewOf>[1]) => viewOf([c, a, b], search).map((x) => x.id);

	it("is by name without a sort", () => expect(ids({})).toEqual(["a", "b", "c"]));
	it("finds in names and source ids, every word", () => {
		expect(ids({ find: "RETELL" })).toEqual(["b"]);
		expect(ids({ find: "beta nothing" })).toEqual([]);
	});
	it("sorts either way, unjudged and uncalled last", () => {
		expect(ids({ sort: "-calls" })).toEqual(["b", "c", "a"]);
		expect(ids({ sort: "-success" })).toEqual(["c", "a", "b"]);
		expect(ids({ sort: "-last" })).toEqual(["c", "a", "b"]);
		expect(ids({ sort: "calls" })).toEqual(["a", "c", "b"]);
	});
	it("can show the discovered alone", () => expect(ids({ discovered: true })).toEqual(["c"]));
	it("leads from no sort down, up and back", () => {
		expect(nextSort("calls", undefined)).toBe("-calls");
		expect(nextSort("calls", "-calls")).toBe("calls");
		expect(nextSort("calls", "calls")).toBeUndefined();
		expect(nextSort("calls", "-last")).toBe("-calls");
	});
	it("drops what is malformed in the URL", () => {
		expect(validateAgentsSearch({ find: 3, sort: "up", discovered: "no" })).toEqual({});
		expect(validateAgentsSearch({ find: "x", sort: "-last", discovered: true })).toEqual({
			find: "x",
			sort: "-last",
			discovered: true,
		});
	});
});

describe("the success rate", () => {
	it("is unknown where nobody judged", () => {
		expect(successRate(stats(5, 0, 0))).toBeNull();
		renderUI(<SuccessRate stats={stats(5, 0, 0)} />);
		expect(screen.getByText("Not judged")).toBeTruthy();
	});
	it("shows counts for a small sample and a share with n for a large one", () => {
		renderUI(
			<>
				<SuccessRate stats={stats(5, 3, 2)} />
				<SuccessRate stats={stats(400, 200, 150)} />
			</>,
		);
		expect(screen.getByText("2 of 3 judged calls")).toBeTruthy();
		expect(screen.getByText(/75\.0 %/).textContent).toContain("n = 200");
	});
});

describe("the draft", () => {
	it("has a place for every field and shows no secret", () => {
		const d = draftOf(
			agent({ settings: { crmApiKey_set: true, voice: { voiceId: "v1" }, maxDurationMinutes: 30 } }),
		);
		expect(Object.keys(d).toSorted()).toEqual(pointers.toSorted());
		expect(d["/voice/voiceId"]).toBe("v1");
		expect(d["/maxDurationMinutes"]).toBe(30);
		expect(d["/callSummaryEnabled"]).toBe(false);
		expect(d["/webhookEvents"]).toEqual([]);
		for (const s of secrets) expect(d[s]).toBe("");
	});

	it("sends only what changed, nested where the API nests, and null for an emptied number", () => {
		const before = draftOf(
			agent({ settings: { maxDurationMinutes: 30, voice: { provider: "x", voiceId: "v1" } } }),
		);
		const draft = {
			...before,
			"/name": " Front desk ",
			"/maxDurationMinutes": null,
			"/voice/voiceId": "v2",
			"/voice/model": "m",
			"/webhookEvents": ["call_ended"],
		};
		expect(changed(before, draft)).toHaveLength(5);
		expect(bodyOf(before, draft)).toEqual({
			name: "Front desk",
			maxDurationMinutes: null,
			voice: { voiceId: "v2", model: "m" },
			webhookEvents: ["call_ended"],
		});
	});

	it("is unchanged when a list has the same members", () => {
		const before = draftOf(agent({ settings: { scoringCriteria: ["a", "b"] } }));
		expect(changed(before, { ...before, "/scoringCriteria": ["a", "b"] })).toEqual([]);
		expect(changed(before, { ...before, "/scoringCriteria": ["b", "a"] })).toEqual(["/scoringCriteria"]);
	});

	it("is checked as the server would", () => {
		const before = draftOf(agent());
		expect(check(before)).toEqual({});
		const wrong = check({
			...before,
			"/name": " ",
			"/webhookUrl": "example.com",
			"/maxDurationMinutes": 1441,
			"/batchRetryAttempts": "two",
		});
		expect(Object.keys(wrong).toSorted()).toEqual([
			"/batchRetryAttempts",
			"/maxDurationMinutes",
			"/name",
			"/webhookUrl",
		]);
		expect(check({ ...before, "/webhookUrl": "https://example.com/x" })).toEqual({});
	});
});

describe("the form's groups", () => {
	it("name each setting once, and say which are acted on", () => {
		const all = groups.flatMap((g) => g.fields.map((f) => f.at));
		expect(new Set(all).size).toBe(all.length);
		expect(groups.filter((g) => !g.acts).map((g) => g.id)).toEqual(["outbound", "model"]);
	});
});

describe("FieldControl", () => {
	const of = (at: string): Field => {
		const f = groups.flatMap((g) => g.fields).find((x) => x.at === at);
		if (!f) throw new Error(`no field ${at}`);
		return f;
	};

	it("says that a secret is set and never shows it", () => {
		renderUI(<FieldControl field={of("/webhookSecret")} value="" onChange={() => {}} held />);
		expect(screen.getByText("Set")).toBeTruthy();
		expect(screen.getByLabelText(/^Secret/)).toHaveProperty("value", "");
		expect(screen.getByText("webhookSecret")).toBeTruthy();
	});

	it("gives numbers as numbers, nothing as null, and keeps what is neither", async () => {
		const change = vi.fn();
		renderUI(<FieldControl field={of("/maxDurationMinutes")} value={3} onChange={change} />);
		const input = screen.getByLabelText(/^Longest call/);
		await userEvent.type(input, "0");
		expect(change).toHaveBeenLastCalledWith(30);
		await userEvent.type(input, "x");
		expect(change).toHaveBeenLastCalledWith("3x");
		await userEvent.clear(input);
		expect(change).toHaveBeenLastCalledWith(null);
	});

	it("ticks events on and off", async () => {
		const change = vi.fn();
		renderUI(<FieldControl field={of("/webhookEvents")} value={["call_ended"]} onChange={change} />);
		const set = within(screen.getByRole("group", { name: "Events" }));
		await userEvent.click(set.getByLabelText("Call started"));
		expect(change).toHaveBeenLastCalledWith(["call_ended", "call_started"]);
		await userEvent.click(set.getByLabelText("Call ended"));
		expect(change).toHaveBeenLastCalledWith([]);
	});

	it("keeps events that came by the API and are on no list", async () => {
		const change = vi.fn();
		renderUI(<FieldControl field={of("/webhookEvents")} value={["call.danced"]} onChange={change} />);
		const set = within(screen.getByRole("group", { name: "Events" }));
		await userEvent.click(set.getByLabelText("Call ended"));
		expect(change).toHaveBeenLastCalledWith(["call.danced", "call_ended"]);
		await userEvent.click(set.getByLabelText("call.danced"));
		expect(change).toHaveBeenLastCalledWith([]);
	});

	it("shows a value that came by the API and is on no list", () => {
		renderUI(<FieldControl field={of("/dialerMode")} value="preview" onChange={() => {}} />);
		expect(screen.getByLabelText(/^Dialer mode/, { selector: "input" })).toHaveProperty("value", "preview");
	});

	it("shows the server's objection at the field", () => {
		renderUI(
			<FieldControl field={of("/webhookUrl")} value="x" onChange={() => {}} error="Is not a web address" />,
		);
		expect(screen.getByText("Is not a web address")).toBeTruthy();
		expect(screen.getByLabelText(/^Address/).getAttribute("aria-invalid")).toBe("true");
	});
});
