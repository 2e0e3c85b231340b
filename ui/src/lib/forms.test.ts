import { describe, expect, it } from "vitest";
import { ApiError, unreachable } from "../api/error";
import { capital, problemsOf } from "./forms";

const refused = (...fields: { pointer: string; detail: string }[]) =>
	new ApiError(422, "invalid", "Some of the values are not valid.", fields);

describe("problemsOf", () => {
	it("is empty without an error", () => {
		expect(problemsOf(null, ["/name"])).toEqual({ fields: {}, rest: null });
	});

	it("places a problem at its field, and one inside a list at the list", () => {
		const e = refused(
			{ pointer: "/name", detail: "is required" },
			{ pointer: "/webhookEvents/2", detail: "is not known" },
		);
		expect(problemsOf(e, ["/name", "/webhookEvents"])).toEqual({
			fields: { "/name": "Is required", "/webhookEvents": "Is not known" },
			rest: null,
		});
	});

	it("gives a nested problem to the nearest field", () => {
		const e = refused({ pointer: "/voice/voiceId", detail: "is too long" });
		expect(problemsOf(e, ["/voice", "/voice/voiceId"]).fields).toEqual({ "/voice/voiceId": "Is too long" });
	});

	it("does not mistake a field for another that begins alike", () => {
		const e = refused({ pointer: "/nameless", detail: "is not known" });
		expect(problemsOf(e, ["/name"])).toEqual({ fields: {}, rest: "/nameless is not known" });
	});

	it("tells the whole form what has no field", () => {
		expect(problemsOf(new ApiError(409, "last_admin", "this is the last admin"), ["/role"]).rest).toBe(
			"This is the last admin",
		);
		expect(problemsOf(unreachable(), []).rest).toMatch(/did not answer/);
	});
});

describe("capital", () => {
	it("leaves empty text alone", () => {
		expect(capital("")).toBe("");
		expect(capital("é")).toBe("É");
	});
});
