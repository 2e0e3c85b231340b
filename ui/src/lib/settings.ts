import { useSyncExternalStore } from "react";

/** What one person chose on one device. Everything else lives in the URL or on the server. */
export interface Settings {
	theme: "system" | "light" | "dark";
	density: "comfortable" | "compact";
	zone: "local" | "utc";
	rail: "open" | "closed";
	/** Columns of the calls table, in order; empty for the usual ones. */
	columns: string[];
	/** Pages and calls opened last, newest first. */
	recent: Recent[];
	/** Whether a critical alert in a live call sounds, and whether the browser notifies of it. */
	liveSound: boolean;
	liveNotify: boolean;
	/** How fast recordings play, and whether their silences are jumped over. */
	speed: number;
	skipSilence: boolean;
}

export interface Recent {
	to: string;
	label: string;
}

const key = "ringside.settings";

export const defaults: Settings = {
	theme: "system",
	density: "comfortable",
	zone: "local",
	rail: "open",
	columns: [],
	recent: [],
	liveSound: false,
	liveNotify: false,
	speed: 1,
	skipSilence: false,
};

const oneOf = <T extends string>(v: unknown, allowed: readonly T[], fallback: T): T =>
	allowed.includes(v as T) ? (v as T) : fallback;

/** Reads stored settings; whatever is missing or malformed falls back to the default. */
export function parseSettings(text: string | null): Settings {
	let raw: Record<string, unknown> = {};
	try {
		const v: unknown = JSON.parse(text ?? "{}");
		if (v && typeof v === "object") raw = v as Record<string, unknown>;
	} catch {
		return defaults;
	}
	return {
		theme: oneOf(raw.theme, ["system", "light", "dark"], defaults.theme),
		density: oneOf(raw.density, ["comfortable", "compact"], defaults.density),
		zone: oneOf(raw.zone, ["local", "utc"], defaults.zone),
		rail: oneOf(raw.rail, ["open", "closed"], defaults.rail),
		columns: Array.isArray(raw.columns) ? raw.columns.filter((c) => typeof c === "string") : [],
		recent: Array.isArray(raw.recent) ? raw.recent.filter(isRecent).slice(0, 8) : [],
		liveSound: raw.liveSound === true,
		liveNotify: raw.liveNotify === true,
		speed: typeof raw.speed === "number" && raw.speed >= 0.5 && raw.speed <= 3 ? raw.speed : defaults.speed,
		skipSilence: raw.skipSilence === true,
	};
}

function isRecent(v: unknown): v is Recent {
	const r = v as Recent;
	return typeof r?.to === "string" && r.to.startsWith("/") && typeof r.label === "string";
}

class Store {
	private value: Settings | null = null;
	private readonly listeners = new Set<() => void>();

	read = (): Settings => {
		this.value ??= parseSettings(storage()?.getItem(key) ?? null);
		return this.value;
	};

	write = (change: Partial<Settings>) => {
		this.value = { ...this.read(), ...change };
		try {
			storage()?.setItem(key, JSON.stringify(this.value));
		} catch {
			// Full or forbidden storage costs the choice its next visit, nothing more.
		}
		for (const l of this.listeners) l();
	};

	subscribe = (listener: () => void) => {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	};
}

function storage(): Storage | null {
	try {
		return window.localStorage;
	} catch {
		return null;
	}
}

const store = new Store();

export const changeSettings = store.write;

export function useSettings(): Settings {
	return useSyncExternalStore(store.subscribe, store.read);
}

/** Notes a page or a call as opened, for the palette. */
export function noteRecent(to: string, label: string) {
	const rest = store.read().recent.filter((r) => r.to !== to);
	store.write({ recent: [{ to, label }, ...rest].slice(0, 8) });
}
