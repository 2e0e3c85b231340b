import { describe, expect, it } from "vitest";
import { ApiError, errorOf, sentence } from "./error";

const answer = (status: number, body: unknown, headers?: HeadersInit) =>
	new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });

describe("errorOf", () => {
	it("reads a problem with its field pointers", async () => {
		const e = await errorOf(
			answer(422, {
				title: "Unprocessable",
				detail: "The agent is not valid.",
				code: "invalid",
				errors: [{ pointer: "/webhookUrl", detail: "is not a web address" }],
			}),
		);
		expect(e).toBeInstanceOf(ApiError);
		expect([e.status, e.code, e.message]).toEqual([422, "invalid", "The agent is not valid."]);
		expect(e.field("/webhookUrl")).toBe("is not a web address");
		expect(e.field("/other")).toBeUndefined();
	});

	it("says something useful of a proxy's page and of junk", async () => {
		expect((await errorOf(answer(502, "<html>bad gateway</html>"))).message).toContain("status 502");
		expect((await errorOf(answer(403, "null"))).message).toBe("Your role does not allow this.");
		expect((await errorOf(answer(422, { errors: [null, 3, {}] }))).fields).toHaveLength(3);
	});

	it("keeps how long to wait", async () => {
		expect((await errorOf(answer(429, {}, { "Retry-After": "7" }))).retryAfter).toBe(7);
		expect((await errorOf(answer(429, {}))).retryAfter).toBeNull();
	});

	it("has a sentence for anything thrown", () => {
		expect(sentence("x")).toBe("Something failed.");
		expect(sentence(new Error("Disk full"))).toBe("Disk full");
	});
});
