import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeStream, fakeStreams, liveCall } from "../../test/stream";
import { Source } from "./source";
import type { Frame } from "./types";

const a = liveCall("call_a");
const updated = (seq: number): Frame => ({ type: "call_updated", seq, callId: a.id, call: a });
const snapshot = (seq: number, ...activeCalls: (typeof a)[]): Frame => ({
	type: "snapshot",
	seq,
	activeCalls,
});

describe("the connection", () => {
	beforeEach(() => {
		vi.useFakeTimers();
		fakeStreams();
	});
	afterEach(() => {
		vi.useRealTimers();
		vi.unstubAllGlobals();
	});

	function follow() {
		const got: Frame[][] = [];
		const links: string[] = [];
		const source = new Source({
			query: { callIds: "call_a" },
			take: (frames) => got.push(frames),
			tell: (l) => links.push(l),
		});
		source.start();
		return { got, links, source };
	}

	it("hands on a snapshot at once and the rest in batches", () => {
		const { got, links } = follow();
		const stream = FakeStream.open(true);
		stream.accept();
		stream.send(snapshot(1, a));
		stream.send(updated(2), updated(3));
		expect(got).toHaveLength(1);
		vi.advanceTimersByTime(300);
		expect(got[1]).toHaveLength(2);
		expect(links).toEqual(["live"]);
	});

	it("comes back behind the last event, slower each time it fails", () => {
		const { links, source } = follow();
		FakeStream.open(true).send(snapshot(7, a));
		FakeStream.open(true).fail();
		expect(links).toEqual(["reconnecting"]);
		vi.advanceTimersByTime(1000);
		expect(FakeStream.open(true).url.searchParams.get("since")).toBe("epoch-7");
		FakeStream.open(true).fail(true);
		expect(links.at(-1)).toBe("refused");
		vi.advanceTimersByTime(1000);
		expect(FakeStream.all).toHaveLength(2);
		vi.advanceTimersByTime(1000);
		expect(FakeStream.all).toHaveLength(3);
		source.stop();
		vi.advanceTimersByTime(60_000);
		expect(FakeStream.all.filter((s) => s.readyState < 2)).toHaveLength(0);
	});

	it("takes a stream that has gone silent for lost", () => {
		const { links } = follow();
		FakeStream.open(true).accept();
		vi.advanceTimersByTime(34_000);
		expect(links).toEqual(["live"]);
		vi.advanceTimersByTime(8000);
		expect(links).toEqual(["live", "reconnecting"]);
	});

	it("is given back while nobody sees the page", () => {
		const { source } = follow();
		const see = (state: string) => {
			vi.spyOn(document, "visibilityState", "get").mockReturnValue(state as DocumentVisibilityState);
			document.dispatchEvent(new Event("visibilitychange"));
		};
		see("hidden");
		vi.advanceTimersByTime(61_000);
		expect(() => FakeStream.open(true)).toThrow();
		see("visible");
		expect(FakeStream.open(true)).toBeTruthy();
		source.stop();
		vi.restoreAllMocks();
	});
});
