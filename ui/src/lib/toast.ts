import { useSyncExternalStore } from "react";
import type { Tone } from "./words";

export interface Toast {
	id: number;
	title: string;
	detail?: string;
	tone: Tone;
	action?: { label: string; run: () => void };
}

type Asked = Omit<Toast, "id" | "tone"> & { tone?: Tone; seconds?: number };

class Toasts {
	private list: Toast[] = [];
	private next = 1;
	private readonly listeners = new Set<() => void>();

	read = () => this.list;

	subscribe = (l: () => void) => {
		this.listeners.add(l);
		return () => this.listeners.delete(l);
	};

	add = ({ seconds = 6, tone = "quiet", ...rest }: Asked): number => {
		const id = this.next++;
		this.set([...this.list.slice(-3), { ...rest, tone, id }]);
		window.setTimeout(() => this.drop(id), seconds * 1000);
		return id;
	};

	drop = (id: number) => this.set(this.list.filter((t) => t.id !== id));

	private set(list: Toast[]) {
		this.list = list;
		for (const l of this.listeners) l();
	}
}

const toasts = new Toasts();

/** Shows a short message for a while; gives the id that dropToast takes. */
export const toast = toasts.add;
export const dropToast = toasts.drop;

export function useToasts(): Toast[] {
	return useSyncExternalStore(toasts.subscribe, toasts.read);
}

/**
 * Does something after a few seconds in which it can be taken back. The
 * caller has already taken it off the screen; `undo` puts it back. Leaving
 * the page does it at once.
 */
export function doUnlessUndone(title: string, act: () => void, undo: () => void, seconds = 6) {
	let settled = false;
	const settle = (how: () => void) => () => {
		if (settled) return;
		settled = true;
		window.clearTimeout(timer);
		window.removeEventListener("pagehide", actNow);
		dropToast(id);
		how();
	};
	const actNow = settle(act);
	const id = toast({ title, seconds: seconds + 1, action: { label: "Undo", run: settle(undo) } });
	const timer = window.setTimeout(actNow, seconds * 1000);
	window.addEventListener("pagehide", actNow);
}
