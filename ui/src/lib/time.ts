// Instants as people read them. The wire has UTC; the page shows the person's
// zone, or UTC when they switch to it.

export type Zone = "local" | "utc";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export const ms = { second, minute, hour, day };

const zoneName = (zone: Zone) => (zone === "utc" ? "UTC" : undefined);

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = zone + JSON.stringify(options);
	let f = formats.get(key);
	if (!f) {
		f = new Intl.DateTimeFormat("en-GB", { timeZone: zoneName(zone), hourCycle: "h23", ...options });
		formats.set(key, f);
	}
	return f;
}

export function parse(iso: string | null | undefined): Date | null {
	if (!iso) return null;
	const d = new Date(iso);
	return Number.isNaN(d.getTime()) ? null : d;
}

/** just now, 4 min ago, 3 h ago, 2 d ago, then the date; a future instant reads "in 5 min". */
export function relative(at: Date, now: Date, zone: Zone): string {
	const past = now.getTime() - at.getTime();
	const size = Math.abs(past);
	if (size < 10 * second) return "just now";
	if (size >= 7 * day) return date(at, zone, now);
	const text =
		size < minute
			? `${Math.floor(size / second)} s`
			: size < hour
				? `${Math.floor(size / minute)} min`
				: size < day
					? `${Math.floor(size / hour)} h`
					: `${Math.floor(size / day)} d`;
	return past >= 0 ? `${text} ago` : `in ${text}`;
}

/** 14 Nov, or 14 Nov 2025 in another year. */
export function date(at: Date, zone: Zone, now = new Date()): string {
	const year = format(zone, { year: "numeric" });
	const sameYear = year.format(at) === year.format(now);
	return format(zone, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(
		at,
	);
}

/** 20 Nov, 09:41, or 20 Nov 2025, 09:41 in another year. */
export function dateTime(at: Date, zone: Zone, now = new Date()): string {
	return `${date(at, zone, now)}, ${format(zone, { hour: "2-digit", minute: "2-digit" }).format(at)}`;
}

/** Friday, 20 November 2026, 09:41:07.250 CET: the whole truth, for a tooltip. */
export function absolute(at: Date, zone: Zone): string {
	return format(zone, {
		weekday: "long",
		day: "numeric",
		month: "long",
		year: "numeric",
		hour: "2-digit",
		minute: "2-digit",
		second: "2-digit",
		fractionalSecondDigits: at.getTime() % 1000 === 0 ? undefined : 3,
		timeZoneName: "short",
	}).format(at);
}

/** 09:41:07 */
export function clock(at: Date, zone: Zone): string {
	return format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
}

/** What <input type="datetime-local"> holds, in the zone that the page shows. */
export function toInput(at: Date, zone: Zone): string {
	const parts = format(zone, {
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
		hour: "2-digit",
		minute: "2-digit",
	}).formatToParts(at);
	const get = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
	return `${get("year")}-${get("month")}-${get("day")}T${get("hour")}:${get("minute")}`;
}

/** The instant that such an input means; null when it is empty or no time. */
export function fromInput(value: string, zone: Zone): Date | null {
	return value ? parse(zone === "utc" ? `${value}Z` : value) : null;
}
