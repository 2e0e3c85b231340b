import { useEffect, useSyncExternalStore } from "react";
import type { IconName } from "../components/Icon";

/** Something the palette can do. */
export interface Command {
	id: string;
	title: string;
	/** "Go to", "Do", or the noun it is about. */
	group: string;
	icon?: IconName;
	/** Other words under which it is found. */
	also?: string;
	/** Its key, shown beside it; the binding itself is made with useKeys. */
	keys?: string;
	run: () => void;
}

class Commands {
	private sets: Command[][] = [];
	private flat: Command[] = [];
	private readonly listeners = new Set<() => void>();

	add(list: Command[]): () => void {
		this.set([...this.sets, list]);
		return () => this.set(this.sets.filter((s) => s !== list));
	}

	all = () => this.flat;

	subscribe = (l: () => void) => {
		this.listeners.add(l);
		return () => this.listeners.delete(l);
	};

	private set(sets: Command[][]) {
		this.sets = sets;
		const byID = new Map(sets.flat().map((c) => [c.id, c]));
		this.flat = [...byID.values()];
		for (const l of this.listeners) l();
	}
}

const commands = new Commands();

/** Puts commands into the palette while the component is on screen. Memoise the list. */
export function useCommands(list: Command[]) {
	useEffect(() => commands.add(list), [list]);
}

export function useAllCommands(): Command[] {
	return useSyncExternalStore(commands.subscribe, commands.all);
}

/** How well a command answers a query: every word must occur; word starts and the title count more. 0 = not at all. */
export function match(c: Pick<Command, "title" | "also" | "group">, query: string): number {
	const title = c.title.toLowerCase();
	const rest = `${c.also ?? ""} ${c.group}`.toLowerCase();
	let score = 1;
	for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
		const at = title.indexOf(word);
		if (at === 0) score += 4;
		else if (at > 0 && title[at - 1] === " ") score += 3;
		else if (at > 0) score += 2;
		else if (rest.includes(word)) score += 1;
		else return 0;
	}
	return score;
}
