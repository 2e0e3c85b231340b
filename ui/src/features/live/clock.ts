import { useSyncExternalStore } from "react";

/** One clock that strikes every second, for every duration that ticks. */
class Seconds {
	private now = Date.now();
	private timer = 0;
	private readonly listeners = new Set<() => void>();

	read = () => this.now;

	subscribe = (l: () => void) => {
		if (this.listeners.size === 0) {
			this.now = Date.now();
			this.timer = window.setInterval(this.strike, 1000);
		}
		this.listeners.add(l);
		return () => {
			this.listeners.delete(l);
			if (this.listeners.size === 0) window.clearInterval(this.timer);
		};
	};

	private strike = () => {
		this.now = Date.now();
		for (const l of this.listeners) l();
	};
}

const seconds = new Seconds();

/** The time in ms, anew every second. */
export function useSecond(): number {
	return useSyncExternalStore(seconds.subscribe, seconds.read);
}
