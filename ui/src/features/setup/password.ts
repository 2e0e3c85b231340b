// What the server asks of a password (internal/auth/password.go). It has the
// last word; this only tells while typing.

export const minPassword = 10;

export interface Rule {
	text: string;
	met: boolean;
}

export function passwordRules(password: string, email: string): Rule[] {
	const low = password.toLowerCase();
	const address = email.trim().toLowerCase();
	return [
		{ text: `At least ${minPassword} characters`, met: [...password].length >= minPassword },
		{
			text: "More than one character over and over",
			met: new Set(password).size > 1,
		},
		{ text: "Not your email address", met: password !== "" && low !== address && low !== localPart(address) },
	];
}

function localPart(address: string): string | null {
	const name = address.split("@")[0] ?? "";
	return name.length >= minPassword ? name : null;
}

export function passwordOk(password: string, email: string): boolean {
	return passwordRules(password, email).every((r) => r.met);
}

/** A password to hand over: 20 letters and digits without those that look alike. */
export function drawPassword(): string {
	const letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
	// 216 = 4 × 54: bytes from there on would favour the first letters.
	const out: string[] = [];
	while (out.length < 20) {
		for (const b of crypto.getRandomValues(new Uint8Array(32))) {
			if (b < letters.length * 4 && out.length < 20) out.push(letters[b % letters.length] ?? "");
		}
	}
	return out.join("");
}
