import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Toaster } from "../components/Toaster";
import { renderUI } from "../test/render";
import { match, useAllCommands, useCommands } from "./commands";
import { caps, Keyboard, keyName, useKeyboard, useKeys } from "./keys";
import { doUnlessUndone } from "./toast";

function Keys({ onJ, onGo, onK }: { onJ: () => void; onGo: () => void; onK: () => void }) {
	useKeyboard();
	useKeys([
		{ keys: "j", run: onJ },
		{ keys: "g c", run: onGo },
		{ keys: "mod+k", run: onK },
	]);
	return <input aria-label="text" />;
}

function Spaced({ onSpace }: { onSpace: () => void }) {
	useKeyboard();
	useKeys([{ keys: " ", run: onSpace }]);
	return (
		<>
			<input type="checkbox" />
			<button type="button">Press</button>
		</>
	);
}

describe("keys", () => {
	it("run single keys, pairs and commands, and leave typing alone", () => {
		const [onJ, onGo, onK] = [vi.fn(), vi.fn(), vi.fn()];
		render(<Keys onJ={onJ} onGo={onGo} onK={onK} />);
		fireEvent.keyDown(document.body, { key: "j" });
		expect(onJ).toHaveBeenCalledTimes(1);
		fireEvent.keyDown(document.body, { key: "c" });
		expect(onGo).not.toHaveBeenCalled();
		fireEvent.keyDown(document.body, { key: "g" });
		fireEvent.keyDown(document.body, { key: "c" });
		expect(onGo).toHaveBeenCalledTimes(1);
		fireEvent.keyDown(screen.getByLabelText("text"), { key: "j" });
		expect(onJ).toHaveBeenCalledTimes(1);
		fireEvent.keyDown(screen.getByLabelText("text"), { key: "k", ctrlKey: true });
		expect(onK).toHaveBeenCalledTimes(1);
	});

	it("leave a control what it needs itself", () => {
		const space = vi.fn();
		render(<Spaced onSpace={space} />);
		fireEvent.keyDown(screen.getByRole("checkbox"), { key: " " });
		fireEvent.keyDown(screen.getByRole("button"), { key: " " });
		expect(space).not.toHaveBeenCalled();
		fireEvent.keyDown(document.body, { key: " " });
		expect(space).toHaveBeenCalledTimes(1);
	});

	it("ask the newest layer first", () => {
		const k = new Keyboard();
		const said: string[] = [];
		k.add({ bindings: [{ keys: "j", run: () => said.push("old") }] });
		const drop = k.add({ bindings: [{ keys: "j", run: () => said.push("new") }] });
		const press = () => k.press(new KeyboardEvent("keydown", { key: "j" }));
		press();
		drop();
		press();
		expect(said).toEqual(["new", "old"]);
	});

	it("have names and caps", () => {
		expect(keyName({ key: "K", metaKey: true, ctrlKey: false, altKey: false })).toBe("mod+k");
		expect(caps("g c")).toEqual(["G", "C"]);
		expect(caps("Escape")).toEqual(["Esc"]);
	});
});

const list = [{ id: "x", title: "X", group: "Do", run: () => {} }];

function All() {
	return <p>{useAllCommands().map((c) => c.title)}</p>;
}

function One() {
	useCommands(list);
	return null;
}

describe("commands", () => {
	it("are found by title first, then by other words", () => {
		const c = { title: "Dark theme", also: "appearance", group: "Do" };
		expect(match(c, "dark")).toBeGreaterThan(match(c, "theme"));
		expect(match(c, "theme")).toBeGreaterThan(match(c, "appear"));
		expect(match(c, "dark zebra")).toBe(0);
	});

	it("are there while their component is", () => {
		const { rerender, container } = render([<All key="all" />, <One key="one" />]);
		expect(container.textContent).toBe("X");
		rerender([<All key="all" />]);
		expect(container.textContent).toBe("");
	});
});

describe("doUnlessUndone", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("does it once, after the time to take it back", () => {
		const [done, undone] = [vi.fn(), vi.fn()];
		doUnlessUndone("Deleted", done, undone, 5);
		vi.advanceTimersByTime(4000);
		expect(done).not.toHaveBeenCalled();
		vi.advanceTimersByTime(2000);
		window.dispatchEvent(new Event("pagehide"));
		expect(done).toHaveBeenCalledTimes(1);
		expect(undone).not.toHaveBeenCalled();
	});

	it("does it at once when the page is left", () => {
		const done = vi.fn();
		doUnlessUndone("Deleted", done, vi.fn());
		window.dispatchEvent(new Event("pagehide"));
		expect(done).toHaveBeenCalledTimes(1);
	});

	it("does not do it when taken back", () => {
		const [done, undone] = [vi.fn(), vi.fn()];
		renderUI(<Toaster />);
		act(() => doUnlessUndone("Deleted the view", done, undone));
		fireEvent.click(screen.getByRole("button", { name: "Undo" }));
		vi.advanceTimersByTime(20_000);
		expect(undone).toHaveBeenCalledTimes(1);
		expect(done).not.toHaveBeenCalled();
	});
});
