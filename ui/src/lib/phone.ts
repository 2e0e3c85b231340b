// Phone numbers grouped for the eye. The number itself is never changed: what
// is copied is what the vendor sent.

const codes1 = ["1", "7"];
const codes2 =
	"20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(
		" ",
	);

function countryCode(digits: string): string {
	if (codes1.includes(digits.slice(0, 1))) return digits.slice(0, 1);
	if (codes2.includes(digits.slice(0, 2))) return digits.slice(0, 2);
	return digits.slice(0, 3);
}

function group(digits: string): string {
	const groups: string[] = [];
	let rest = digits;
	while (rest.length > 4) {
		groups.push(rest.slice(0, 3));
		rest = rest.slice(3);
	}
	if (rest) groups.push(rest);
	return groups.join(" ");
}

/** +1 (415) 555-0100, +44 207 946 0958; anything that is no E.164 number stays as it came. */
export function phone(number: string | null | undefined): string {
	if (!number) return "";
	const m = /^\+(\d{8,15})$/.exec(number.trim());
	if (!m?.[1]) return number;
	const digits = m[1];
	if (digits.length === 11 && digits.startsWith("1")) {
		return `+1 (${digits.slice(1, 4)}) ${digits.slice(4, 7)}-${digits.slice(7)}`;
	}
	const code = countryCode(digits);
	return `+${code} ${group(digits.slice(code.length))}`;
}
