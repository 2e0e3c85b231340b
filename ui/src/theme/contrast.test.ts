import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/theme/tokens.css", "utf8");

function tokens(scheme: string): Record<string, string> {
	const block = css.match(new RegExp(`color-scheme="${scheme}"\\] \\{([^}]*)\\}`))?.[1] ?? "";
	return Object.fromEntries([...block.matchAll(/--rs-([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

function luminance(hex: string): number {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
		const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
		return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
	const [hi = 0, lo = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (hi + 0.05) / (lo + 0.05);
}

const surfaces = ["bg", "surface", "raised", "sunken", "hover", "selected"];
const words = ["text", "soft", "dim", "accent", "good", "watch", "bad", "info", "live", "agent", "caller"];
const soft = ["accent", "good", "watch", "bad", "info", "live", "agent", "caller"];

const pairs = [
	...words.flatMap((w) => surfaces.map((s) => [w, s])),
	...soft.map((w) => [w, `${w}-soft`]),
	...soft.map((w) => ["text", `${w}-soft`]),
	["on-accent", "accent"],
	["on-accent", "accent-hover"],
	["surface", "bad"],
	["on-mark", "mark"],
] as [string, string][];

describe.each(["light", "dark"])("the %s scheme", (scheme) => {
	const t = tokens(scheme);
	it.each(pairs)("%s reads on %s", (text, surface) => {
		const [a, b] = [t[text], t[surface]];
		if (!a || !b) throw new Error(`no token ${a ? surface : text}`);
		expect(contrast(a, b)).toBeGreaterThanOrEqual(4.5);
	});
});
