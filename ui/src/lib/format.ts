// Numbers as people read them. Every function takes null or undefined for
// "not known" and answers with the dash that the page shows for it.

export const unknown = "—";

type Maybe = number | null | undefined;

const known = (n: Maybe): n is number => typeof n === "number" && Number.isFinite(n);

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** 12,345 */
export function count(n: Maybe): string {
	return known(n) ? whole.format(n) : unknown;
}

/** 12.3K from ten thousand on; exact below. */
export function shortCount(n: Maybe): string {
	if (!known(n)) return unknown;
	return Math.abs(n) < 10_000 ? whole.format(n) : short.format(n);
}

/** Milliseconds as a call's length: 0:47, 12:05, 1:02:03. */
export function duration(ms: Maybe): string {
	if (!known(ms)) return unknown;
	const total = Math.max(0, Math.round(ms / 1000));
	const s = String(total % 60).padStart(2, "0");
	const m = Math.floor(total / 60) % 60;
	const h = Math.floor(total / 3600);
	return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

/** The same in words, for a tooltip or a screen reader: 2 min 5 s. */
export function durationWords(ms: Maybe): string {
	if (!known(ms)) return "not known";
	if (ms < 1000) return `${Math.round(ms)} ms`;
	const total = Math.round(ms / 1000);
	const parts = [
		[Math.floor(total / 3600), "h"],
		[Math.floor(total / 60) % 60, "min"],
		[total % 60, "s"],
	] as const;
	return parts
		.filter(([n]) => n > 0)
		.map(([n, unit]) => `${n} ${unit}`)
		.join(" ");
}

/** A position in a call with tenths: 0:47.3, 1:02:03.4. Used where two events may share a second. */
export function offset(ms: Maybe): string {
	if (!known(ms)) return unknown;
	const tenths = Math.floor(Math.max(0, ms) / 100);
	return `${duration(Math.floor(tenths / 10) * 1000)}.${tenths % 10}`;
}

/** A latency: 840 ms, 1.24 s, 31 s. */
export function latency(ms: Maybe): string {
	if (!known(ms)) return unknown;
	if (ms < 1000) return `${Math.round(ms)} ms`;
	return ms < 10_000 ? `${(ms / 1000).toFixed(2)} s` : `${(ms / 1000).toFixed(ms < 100_000 ? 1 : 0)} s`;
}

/** Money in its currency. Small sums keep the digits that tell them apart. "credits" is a vendor's own unit. */
export function money(amount: Maybe, currency: string | null | undefined): string {
	if (!known(amount)) return unknown;
	const size = Math.abs(amount);
	const digits = size === 0 || size >= 1 ? 2 : size >= 0.01 ? 3 : 4;
	const places = { minimumFractionDigits: 2, maximumFractionDigits: digits };
	if (currency && /^[A-Z]{3}$/.test(currency)) {
		try {
			return new Intl.NumberFormat("en-US", { style: "currency", currency, ...places }).format(amount);
		} catch {
			// Not a currency that the browser knows: fall through to the plain form.
		}
	}
	const n = new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }).format(amount);
	return currency ? `${n} ${currency}` : n;
}

/** A share between 0 and 1: 93.4 %. */
export function share(ratio: Maybe, digits = 1): string {
	return known(ratio) ? `${(ratio * 100).toFixed(digits)} %` : unknown;
}

/** 1,024-based: 3.4 KiB. */
export function bytes(n: Maybe): string {
	if (!known(n)) return unknown;
	const units = ["B", "KiB", "MiB", "GiB", "TiB"];
	let i = 0;
	let v = n;
	while (v >= 1024 && i < units.length - 1) {
		v /= 1024;
		i++;
	}
	return `${i === 0 || v >= 100 ? Math.round(v) : v.toFixed(1)} ${units[i]}`;
}

/** "1 call", "3 calls". */
export function plural(n: number, one: string, many = `${one}s`): string {
	return `${count(n)} ${n === 1 ? one : many}`;
}
