import { useEffect } from "react";

class Crumb {
	private name = "";
	private readonly listeners = new Set<() => void>();

	read = () => this.name;

	subscribe = (l: () => void) => {
		this.listeners.add(l);
		return () => this.listeners.delete(l);
	};

	set = (name: string) => {
		this.name = name;
		for (const l of this.listeners) l();
	};
}

const crumb = new Crumb();

export const crumbName = crumb.read;
export const watchCrumb = crumb.subscribe;

/** Names the thing that the page shows, in the breadcrumb: a call's short id, an agent's name. */
export function useCrumb(name: string | undefined) {
	useEffect(() => {
		crumb.set(name ?? "");
		return () => crumb.set("");
	}, [name]);
}
