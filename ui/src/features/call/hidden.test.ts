import { expect, test } from "vitest";
import { type Hidden, hiddenMarkers, hiddenName, hiddenPieces } from "./hidden";
import type { Turn } from "./types";

const card: Hidden = { kind: "card", token: "[card 2]", start_ms: 1500, end_ms: 4000, method: "words" };
const phone: Hidden = { kind: "phone", token: "[phone 1]", start_ms: null, end_ms: null, method: "turn" };

test("what is hidden is named, with its number in the call", () => {
	expect(hiddenName(card)).toBe("Card number 2");
	expect(hiddenName(phone)).toBe("Phone number 1");
});

test("a turn is cut where something is hidden", () => {
	const text = "It's [card 2], or call [phone 1].";
	const pieces = hiddenPieces(text, [card, phone]);
	expect(pieces.map((p) => p.text)).toEqual(["It's ", "[card 2]", ", or call ", "[phone 1]", "."]);
	expect(pieces.map((p) => p.hidden?.kind ?? null)).toEqual([null, "card", null, "phone", null]);
	for (const p of pieces) expect(text.slice(p.start, p.start + p.text.length)).toBe(p.text);
});

test("brackets that somebody said are text", () => {
	expect(hiddenPieces("[card 2]", [])).toEqual([{ text: "[card 2]", start: 0, hidden: null }]);
	expect(hiddenPieces("nothing", [card]).map((p) => p.text)).toEqual(["nothing"]);
});

test("what has a time is marked on the axis", () => {
	const turn = { index: 3, role: "user", text: "[card 2] [phone 1]", redacted: [card, phone] } as Turn;
	expect(hiddenMarkers([turn])).toEqual([
		{ kind: "redaction", at: 1500, label: "Card number 2 is hidden", bad: false, turn: 3 },
	]);
});
