import { useEffect, useRef, useSyncExternalStore } from "react";

/**
 * A key that does something: "j", "/", "?", "Enter", "Escape", "ArrowDown",
 * "mod+k" (⌘ on a Mac, Ctrl elsewhere), or two in a row: "g c".
 */
export interface KeyBinding {
	keys: string;
	/** For the help sheet; a binding without a label is not listed. */
	label?: string;
	group?: string;
	run: (e: KeyboardEvent) => void;
}

const sequenceMs = 900;

/** The name of a pressed key as bindings write it. */
export function keyName(e: Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey">): string {
	const key = e.key.length === 1 && (e.metaKey || e.ctrlKey) ? e.key.toLowerCase() : e.key;
	if (e.metaKey || e.ctrlKey) return `mod+${key}`;
	return e.altKey ? `alt+${key}` : key;
}

/** Whether a key typed at this element means text and no command. */
export function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
	if (target.tagName !== "INPUT") return target.getAttribute("role") === "textbox";
	return !["checkbox", "radio", "button", "submit", "range"].includes((target as HTMLInputElement).type);
}

/** Keys that a focused control needs for itself. */
function ownedByControl(name: string, target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	if (name === "Enter" || name === " ")
		return target.closest("a,button,summary,input,[role=menuitem],[role=tab]") !== null;
	return (
		name.startsWith("Arrow") &&
		target.closest("[role=menu],[role=listbox],[role=tablist],[role=radiogroup]") !== null
	);
}

type Layer = { bindings: KeyBinding[] };

/** Layers of bindings, the newest asked first. */
export class Keyboard {
	private layers: Layer[] = [];
	private readonly listeners = new Set<() => void>();
	private pending = "";
	private pendingAt = 0;
	private snapshot: KeyBinding[] = [];

	add(layer: Layer): () => void {
		this.set([...this.layers, layer]);
		return () => this.set(this.layers.filter((l) => l !== layer));
	}

	/** Handles one key; tells whether a binding took it. */
	press(e: KeyboardEvent): boolean {
		if (e.defaultPrevented || e.isComposing) return false;
		const name = keyName(e);
		const command = name.startsWith("mod+");
		if (!command && name !== "Escape" && isTyping(e.target)) return false;
		if (!command && (document.querySelector('[aria-modal="true"]') || ownedByControl(name, e.target)))
			return false;
		const pair = e.timeStamp - this.pendingAt < sequenceMs && this.pending ? `${this.pending} ${name}` : "";
		this.pending = "";
		const hit = (pair && this.find(pair)) || this.find(name);
		if (hit) {
			e.preventDefault();
			hit.run(e);
			return true;
		}
		if (this.startsPair(name)) {
			this.pending = name;
			this.pendingAt = e.timeStamp;
		}
		return false;
	}

	subscribe = (l: () => void) => {
		this.listeners.add(l);
		return () => this.listeners.delete(l);
	};

	/** Every binding in force, oldest layer first. */
	all = () => this.snapshot;

	private find(keys: string): KeyBinding | undefined {
		for (const layer of this.layers.toReversed()) {
			const hit = layer.bindings.find((b) => b.keys === keys);
			if (hit) return hit;
		}
		return undefined;
	}

	private startsPair(name: string): boolean {
		return this.layers.some((l) => l.bindings.some((b) => b.keys.startsWith(`${name} `)));
	}

	private set(layers: Layer[]) {
		this.layers = layers;
		this.snapshot = layers.flatMap((l) => l.bindings);
		for (const l of this.listeners) l();
	}
}

const keyboard = new Keyboard();

/** Installs the one listener; the frame calls it once. */
export function useKeyboard() {
	useEffect(() => {
		const on = (e: KeyboardEvent) => void keyboard.press(e);
		window.addEventListener("keydown", on);
		return () => window.removeEventListener("keydown", on);
	}, []);
}

/** Puts bindings in force while the component is on screen. `run` may close over fresh state each render. */
export function useKeys(bindings: KeyBinding[], enabled = true) {
	const latest = useRef(bindings);
	latest.current = bindings;
	const names = bindings.map((b) => b.keys).join("|");
	// biome-ignore lint/correctness/useExhaustiveDependencies: names stands for the bindings, read through the ref
	useEffect(() => {
		if (!enabled) return;
		const stable = latest.current.map((b, i) => ({
			...b,
			run: (e: KeyboardEvent) => latest.current[i]?.run(e),
		}));
		return keyboard.add({ bindings: stable });
	}, [names, enabled]);
}

export function useAllKeys(): KeyBinding[] {
	return useSyncExternalStore(keyboard.subscribe, keyboard.all);
}

const isMac = () => /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/** The caps to draw for a binding: "mod+k" → ["⌘", "K"] on a Mac. */
export function caps(keys: string): string[] {
	return keys.split(/[ +]/).map((k) => {
		if (k === "mod") return isMac() ? "⌘" : "Ctrl";
		const named: Record<string, string> = {
			ArrowUp: "↑",
			ArrowDown: "↓",
			ArrowLeft: "←",
			ArrowRight: "→",
			Escape: "Esc",
			" ": "Space",
		};
		return named[k] ?? (k.length === 1 ? k.toUpperCase() : k);
	});
}
