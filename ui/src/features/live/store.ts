import { useSyncExternalStore } from "react";
import { fold, type LiveState, nothing } from "./fold";
import { type Link, Source } from "./source";

export interface Live {
	state: LiveState;
	link: Link;
	/** When the newest event came, by this clock. */
	heard: number;
}

const idle: Live = { state: nothing, link: "connecting", heard: 0 };

/** The calls in progress, from one connection for the whole page. The frame opens it. */
class LiveStore {
	private now = idle;
	private readonly listeners = new Set<() => void>();
	/** Whether to listen on while nobody sees the page: alarms are on. */
	stays = () => false;

	/** Follows a workspace's calls; gives the function that ends it. Another workspace starts afresh. */
	open = (): (() => void) => {
		const source = new Source({
			take: (frames) => {
				const heard = Date.now();
				this.set({ ...this.now, heard, state: fold(this.now.state, frames, heard) });
			},
			tell: (link) => this.set({ ...this.now, link }),
			stays: () => this.stays(),
		});
		source.start();
		return () => {
			source.stop();
			this.set(idle);
		};
	};

	read = (): Live => this.now;

	subscribe = (l: () => void) => {
		this.listeners.add(l);
		return () => {
			this.listeners.delete(l);
		};
	};

	private set(next: Live) {
		this.now = next;
		for (const l of this.listeners) l();
	}
}

export const live = new LiveStore();

/** What a component needs of the calls in progress; it renders again only when that changes. */
export function useLive<T>(pick: (l: Live) => T): T {
	return useSyncExternalStore(live.subscribe, () => pick(live.read()));
}
