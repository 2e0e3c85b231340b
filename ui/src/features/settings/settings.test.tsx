import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { mayOf } from "../../api/may";
import { holds, JsonView, pathOf } from "../../components/JsonView";
import { neighbour } from "../../lib/neighbour";
import { renderUI } from "../../test/render";
import { actionWords, subjectOf } from "./audit";
import { replayWords, whyWords } from "./inbox";
import { expiry, keyState, tryCommand } from "./keys";
import type { User } from "./queries";
import { validateSettingsSearch } from "./search";
import { checkSource, sameSigning, tidySigning } from "./signing";
import { invitation, isLastAdmin } from "./users";
import { removal } from "./workspaces";

describe("who may what", () => {
	it("follows the role", () => {
		expect(mayOf("viewer")).toEqual({ change: false, manage: false });
		expect(mayOf("member")).toEqual({ change: true, manage: false });
		expect(mayOf("admin")).toEqual({ change: true, manage: true });
		expect(mayOf(undefined)).toEqual({ change: false, manage: false });
	});
});

describe("removing a workspace", () => {
	const demo = { id: "d", name: "Demo", is_demo: true };
	const own = { id: "o", name: "Own", is_demo: false };
	const other = { id: "x", name: "Demo 2", is_demo: true };

	it("needs nothing when the person stands elsewhere", () => {
		expect(removal("d", "o", [demo, own])).toEqual({});
	});
	it("moves out first, to one without sample calls where there is one", () => {
		expect(removal("d", "d", [demo, other, own])).toEqual({ moveTo: "o" });
		expect(removal("d", "d", [demo, other])).toEqual({ moveTo: "x" });
	});
	it("makes another where it is the only one", () => {
		expect(removal("d", "d", [demo])).toEqual({ make: "Default" });
	});
});

describe("keys", () => {
	const now = new Date("2026-11-20T12:00:00Z");
	it("end after so many days, or never", () => {
		expect(expiry("30", now)).toBe("2026-12-20T12:00:00.000Z");
		expect(expiry("", now)).toBeUndefined();
	});
	it("are told of before they end", () => {
		expect(keyState(null, now)).toBe("good");
		expect(keyState("2027-01-01T00:00:00Z", now)).toBe("good");
		expect(keyState("2026-11-23T00:00:00Z", now)).toBe("ending");
		expect(keyState("2026-11-20T12:00:00Z", now)).toBe("ended");
	});
	it("come with a command that the scope allows", () => {
		expect(tryCommand("ingest", "https://r.example", "rs_live_x", now)).toContain(
			"/api/v1/observability/calls",
		);
		expect(tryCommand("read", "https://r.example", "rs_live_x", now)).toBe(
			"curl 'https://r.example/v1/calls?limit=5' \\\n  -H 'Authorization: Bearer rs_live_x'",
		);
	});
});

describe("users", () => {
	const user = (id: string, role: User["role"]) => ({ id, role }) as User;
	it("keep their last admin", () => {
		const a = user("a", "admin");
		expect(isLastAdmin(a, [a, user("b", "member")])).toBe(true);
		expect(isLastAdmin(a, [a, user("b", "admin")])).toBe(false);
		expect(isLastAdmin(user("b", "member"), [a])).toBe(false);
	});
	it("are invited with all that they need", () => {
		expect(invitation("https://r.example", "a@b.example", "pw").split("\n")).toEqual([
			"You can sign in to Ringside:",
			"https://r.example/signin",
			"Email: a@b.example",
			"Password: pw",
			"Change the password under Settings, Users.",
		]);
	});
});

describe("signature settings", () => {
	it("are sent without defaults and empties", () => {
		expect(
			tidySigning({
				enabled: true,
				algorithm: "sha256",
				encoding: "base64",
				prefix: " sha256= ",
				format: "",
				secret_is_base64: false,
			}),
		).toEqual({ enabled: true, encoding: "base64", prefix: "sha256=" });
	});
	it("are not sent where nothing would be verified without saying so", () => {
		const signs = { name: "Vapi", signs: true };
		expect(Object.keys(checkSource({ secret: " ", unsigned: false }, signs, false))).toEqual(["/secret"]);
		expect(checkSource({ secret: "s", unsigned: false }, signs, false)).toEqual({});
		expect(checkSource({ secret: "", unsigned: true }, signs, false)).toEqual({});
		expect(checkSource({ secret: "", unsigned: false }, signs, true)).toEqual({});
		expect(
			Object.keys(checkSource({ secret: "", unsigned: false }, { name: "Bland", signs: false }, false)),
		).toEqual(["/allow_unsigned"]);
	});
	it("are the same whatever the order and the defaults", () => {
		expect(sameSigning({ enabled: true, algorithm: "sha256" }, { enabled: true })).toBe(true);
		expect(sameSigning({ enabled: true }, {})).toBe(false);
	});
});

describe("the inbox", () => {
	const list = [{ id: "a" }, { id: "b" }, { id: "c" }];
	it("steps through the list and stops at its ends", () => {
		expect(neighbour(list, undefined, 1)).toBe("a");
		expect(neighbour(list, "a", 1)).toBe("b");
		expect(neighbour(list, "a", -1)).toBeUndefined();
		expect(neighbour(list, "c", 1)).toBeUndefined();
		expect(neighbour([], undefined, 1)).toBeUndefined();
	});
	it("says what a replay did", () => {
		expect(replayWords("created", "")).toEqual({ title: "It made a call", good: true });
		expect(replayWords("quarantined", whyWords("is required", "/type"))).toEqual({
			title: "It still can't be read",
			detail: "/type is required",
			good: false,
		});
		expect(replayWords("something new", "").good).toBe(false);
	});
	it("gives the reason with the field that it is about", () => {
		expect(whyWords("must be an object", "")).toBe("Must be an object");
		expect(whyWords(undefined, undefined)).toBe("");
	});
	it("reads its view from the URL", () => {
		expect(validateSettingsSearch({ state: "ignored", delivery: "dlv_1" })).toEqual({
			state: "ignored",
			delivery: "dlv_1",
		});
		expect(validateSettingsSearch({ state: "lost", delivery: 7 })).toEqual({});
	});
});

describe("the audit", () => {
	it("reads as words", () => {
		expect(actionWords("key.create")).toBe("Created a key");
		expect(actionWords("thing.explode")).toBe("Thing: explode");
	});
	it("splits the name from the id, and leaves what has none", () => {
		expect(subjectOf("Reception (2) (agent_01ab)")).toEqual({ name: "Reception (2)", id: "agent_01ab" });
		expect(subjectOf("agent_1 into agent_2")).toEqual({ name: "agent_1 into agent_2" });
	});
});

describe("JsonView at a place", () => {
	const body = { message: { call: { "a/b": [1, { id: null }] }, type: "x" }, deep: { er: { still: true } } };

	it("reads pointers with their escapes", () => {
		expect(pathOf("/a~1b/~0/0")).toEqual(["a/b", "~", "0"]);
	});
	it("knows whether there is something at a pointer", () => {
		expect(holds(body, "/message/call/a~1b/1/id")).toBe(true);
		expect(holds(body, "/message/call/id")).toBe(false);
		expect(holds(body, "/message/type/x")).toBe(false);
		expect(holds("text", "/a")).toBe(false);
	});
	it("opens the way and marks the field", () => {
		const { container } = renderUI(
			<JsonView value={body} label="Body" at="/message/call/a~1b/1/id" open={1} />,
		);
		const marked = container.querySelectorAll("[data-marked]");
		expect(marked).toHaveLength(1);
		expect(marked[0]?.textContent).toBe("id: null");
		expect(screen.queryByText("still:")).toBeNull();
	});
	it("marks the parent of a field that is missing", () => {
		const { container } = renderUI(<JsonView value={body} label="Body" at="/message/call/id" />);
		expect(container.querySelectorAll("[data-marked]")).toHaveLength(1);
		expect(container.querySelector("[data-marked]")?.textContent).toMatch(/^call/);
	});
	it("shows a far entry of a long list", () => {
		const long = { turns: Array.from({ length: 400 }, (_, i) => ({ i })) };
		const { container } = renderUI(<JsonView value={long} label="Body" at="/turns/250/i" />);
		expect(container.querySelector("[data-marked]")?.textContent).toBe("i: 250");
	});
	it("marks nothing without a place", () => {
		const { container } = renderUI(<JsonView value={body} label="Body" />);
		expect(container.querySelector("[data-marked]")).toBeNull();
	});
});
