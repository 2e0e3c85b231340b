// When the people behind a queue answer: read in the queue's own time zone, as
// the server reads it (ringside.Hours).

import type { Queue } from "./queries";

export type Hours = Queue["hours"];
export type Window = NonNullable<Hours["windows"]>[number];

/** The days as the API names them, in the order of a week. */
export const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export function dayWords(day: string): string {
	return day.charAt(0).toUpperCase() + day.slice(1);
}

/** The minutes of a time of the day, 0 to 1440; null when it is none. */
export function minutesOf(text: string): number | null {
	const m = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
	if (!m) return null;
	const [hour, minute] = [Number(m[1]), Number(m[2])];
	const n = hour * 60 + minute;
	return minute < 60 && n <= 24 * 60 ? n : null;
}

function clockOf(minutes: number): string {
	const two = (n: number) => String(n).padStart(2, "0");
	return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The weekday and the minute of the day in a zone; in UTC where nobody knows the zone. */
function inZone(at: Date, timeZone: string): { day: number; minute: number } {
	const format = (zone: string) =>
		new Intl.DateTimeFormat("en-GB", {
			timeZone: zone,
			weekday: "short",
			hour: "2-digit",
			minute: "2-digit",
			hourCycle: "h23",
		}).formatToParts(at);
	let parts: Intl.DateTimeFormatPart[];
	try {
		parts = format(timeZone || "UTC");
	} catch {
		parts = format("UTC");
	}
	const get = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
	return {
		day: (days as readonly string[]).indexOf(get("weekday").toLowerCase()),
		minute: Number(get("hour")) * 60 + Number(get("minute")),
	};
}

const windowsOn = (hours: Hours, day: number) =>
	(hours.windows ?? [])
		.filter((w) => w.days.includes(days[day % 7] ?? ""))
		.map((w) => ({ from: minutesOf(w.from) ?? 0, to: minutesOf(w.to) ?? 0 }));

export interface Opening {
	open: boolean;
	/** When it opens next, "Mon 09:00"; empty when it is open, or never opens. */
	next: string;
}

/** Whether somebody answers at a time, and else when somebody does. */
export function opening(hours: Hours, at: Date): Opening {
	if (!hours.windows?.length) return { open: true, next: "" };
	const { day, minute } = inZone(at, hours.timezone ?? "");
	if (windowsOn(hours, day).some((w) => w.from <= minute && minute < w.to)) return { open: true, next: "" };
	for (let ahead = 0; ahead <= 7; ahead++) {
		const starts = windowsOn(hours, day + ahead)
			.map((w) => w.from)
			.filter((from) => ahead > 0 || from > minute);
		if (starts.length > 0) {
			return {
				open: false,
				next: `${dayWords(days[(day + ahead) % 7] ?? "")} ${clockOf(Math.min(...starts))}`,
			};
		}
	}
	return { open: false, next: "" };
}

/** "Mon–Fri 09:00–17:30"; days that follow each other are drawn together. */
export function windowWords({ days: named, from, to }: Window): string {
	const runs: number[][] = [];
	for (const [i, d] of days.entries()) {
		if (!named.includes(d)) continue;
		const last = runs.at(-1);
		if (last?.at(-1) === i - 1) last.push(i);
		else runs.push([i]);
	}
	const word = (i: number | undefined) => dayWords(days[i ?? 0] ?? "");
	const words = runs.map((r) =>
		r.length === 7 ? "Every day" : r.length > 2 ? `${word(r[0])}–${word(r.at(-1))}` : r.map(word).join(", "),
	);
	return `${words.join(", ")} ${from}–${to}`;
}

/** Every zone that the browser knows, and the one that is set even where it does not. */
export function zones(current: string): string[] {
	const known = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((z) => z !== "UTC")];
	return known.includes(current) || !current ? known : [current, ...known];
}

/** Where the person sits. */
export function ownZone(): string {
	return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
