import { describe, expect, it } from "vitest";
import { bar, columnsOf, gainOf, spanAt } from "./wave";

describe("peaks to pixels", () => {
	it("joins what falls into one column", () => {
		const pairs = [-10, 20, -127, 5, 0, 0, -1, 127];
		expect(columnsOf(pairs, 4, 1000, 2)).toEqual({ low: [-1, -1 / 127], top: [20 / 127, 1] });
	});

	it("repeats a pair that is wider than a column", () => {
		expect(columnsOf([-127, 127], 1, 1000, 3).top).toEqual([1, 1, 1]);
	});

	it("ends where the sound ends", () => {
		expect(columnsOf([-1, 1, -1, 1], 2, 4000, 8).low).toHaveLength(2);
	});

	it("draws nothing of nothing", () => {
		expect(columnsOf([], 4, 1000, 10).low).toEqual([]);
		expect(columnsOf([-1, 1], 0, 1000, 10).low).toEqual([]);
		expect(columnsOf([-1, 1], 4, 0, 10).low).toEqual([]);
	});

	it("loses no peak, whatever the width", () => {
		const pairs = Array.from({ length: 400 }, (_, i) => (i === 251 ? 99 : 0));
		for (const width of [7, 64, 199, 200, 333]) {
			const { top } = columnsOf(pairs, 20, 10_000, width);
			expect(Math.max(...top), `${width}`).toBeCloseTo(99 / 127);
		}
	});

	it("enlarges both sides alike, and not without end", () => {
		expect(gainOf([[-127, 3]])).toBeCloseTo(0.94);
		expect(gainOf([[-50, 3], [64]])).toBeCloseTo((127 / 64) * 0.94);
		expect(gainOf([[-1, 1]])).toBeCloseTo(6 * 0.94);
		expect(gainOf([])).toBe(1);
	});

	it("keeps a bar within its lane, at least a pixel tall", () => {
		expect(bar(-1, 1, 1, 40)).toEqual([0, 40]);
		expect(bar(0, 0, 1, 40)).toEqual([20, 1]);
		expect(bar(-0.5, 0.5, 9, 40)).toEqual([0, 40]);
		expect(bar(-1, -1, 1, 40)).toEqual([39, 1]);
	});

	it("finds the span of a moment", () => {
		const spans = [
			{ start: 0, end: 10 },
			{ start: 20, end: 30 },
			{ start: 40, end: 50 },
		];
		expect([0, 9, 10, 25, 30, 49, 50].map((ms) => spanAt(spans, ms))).toEqual([0, 0, -1, 1, -1, 2, -1]);
		expect(spanAt([], 5)).toBe(-1);
	});
});
