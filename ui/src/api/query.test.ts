import { onlineManager } from "@tanstack/react-query";
import { afterEach, describe, expect, it } from "vitest";
import { ApiError, unreachable } from "./error";
import { makeQueryClient } from "./query";

afterEach(() => onlineManager.setOnline(true));

describe("the query client", () => {
	it("asks although the browser thinks that it is offline: the server may be near", async () => {
		onlineManager.setOnline(false);
		const client = makeQueryClient(() => {});
		const asked = client.fetchQuery({ queryKey: ["x"], queryFn: () => "here", retry: false });
		expect(await asked).toBe("here");
		const refused = client.fetchQuery({
			queryKey: ["y"],
			queryFn: () => Promise.reject(unreachable()),
			retry: false,
		});
		await expect(refused).rejects.toBeInstanceOf(ApiError);
	});
});
