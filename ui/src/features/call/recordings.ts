// Which recording plays, and why none does.

import { providerName, recordingKinds, wordOf } from "../../lib/words";
import { inProgress } from "./queries";
import type { Call, Recording } from "./types";

export interface Source {
	url: string;
	/** In words: "Both sides, one channel". */
	name: string;
	/** Ringside's own copy, or the vendor's server. */
	kept: boolean;
	host: string;
	/** What it can be saved as, the kept file itself first; empty where only the vendor has it. */
	downloads: Download[];
}

export interface Download {
	url: string;
	/** In words: "MP3, as it is kept". */
	name: string;
}

/** What is kept and is no WAV file yet can be written as one. */
const compressed: Record<string, string> = {
	"audio/mpeg": "MP3",
	"application/ogg": "Ogg",
	"audio/flac": "FLAC",
};

function downloadsOf(at: string, type: string | undefined): Download[] {
	const format = compressed[type ?? ""];
	const kept = { url: `${at}?download=true`, name: `${format ?? "The file"}, as it is kept` };
	return format ? [kept, { url: `${at}?format=wav`, name: "WAV, for any program" }] : [kept];
}

/** Best to listen to first; what is not here is no sound of the call. */
const order = ["mixed", "stereo", "scrubbed", "scrubbed_stereo", "customer", "agent"];

const rank = (r: Recording) => order.indexOf(r.kind);

const expired = (r: Recording, now: Date) => Boolean(r.expires_at) && new Date(r.expires_at ?? "") <= now;

/** A page can play what is served over HTTPS; anything else the browser refuses. */
function playableURL(url: string): URL | null {
	try {
		const u = new URL(url);
		return u.protocol === "https:" ? u : null;
	} catch {
		return null;
	}
}

type Recorded = Pick<
	Call,
	"audio_url" | "recordings" | "provider" | "status" | "withheld" | "has_recording"
> &
	Partial<Pick<Call, "kept">>;

export function sourcesOf(call: Recorded, now: Date): Source[] {
	const out: Source[] = [];
	const at = call.audio_url;
	if (at) {
		// The browser keeps what it played; another recording of the call has another sum.
		const url = call.kept ? `${at}?v=${call.kept.sha256.slice(0, 12)}` : at;
		const downloads = downloadsOf(at, call.kept?.type);
		out.push({ url, name: "Kept by Ringside", kept: true, host: "Ringside", downloads });
	}
	for (const r of [...(call.recordings ?? [])].sort((a, b) => rank(a) - rank(b))) {
		const url = playableURL(r.url);
		if (rank(r) < 0 || !url || expired(r, now)) continue;
		const name = wordOf(recordingKinds, r.kind).text;
		out.push({ url: r.url, name, kept: false, host: url.hostname, downloads: [] });
	}
	return out;
}

/** Calls that the team's own program sends: no platform has settings for them. */
const ownPrograms = ["custom", "external"];

/** Why nothing can be played, in one or two sentences. */
export function whySilent(call: Recorded, now: Date): string {
	const vendor = providerName(call.provider);
	if ((call.withheld ?? []).includes("recording"))
		return `${vendor} was told not to store or send the recording of this call.`;
	const sound = (call.recordings ?? []).filter((r) => rank(r) >= 0);
	if (sound.length === 0) {
		if (call.status === "missed" || call.status === "declined")
			return "The call was not answered, so there is no recording.";
		if (inProgress(call.status)) return "The recording comes when the call has ended.";
		if (ownPrograms.includes(call.provider))
			return "No recording came with this call. The program that sends it can send the recording's address along.";
		return `${vendor} sent no recording of this call. Recording is switched on in the agent's settings at ${vendor}.`;
	}
	if (sound.some((r) => r.url && expired(r, now)))
		return `${vendor}'s link to the recording has expired, and Ringside kept no copy. The recording may still be at ${vendor}.`;
	if (sound.some((r) => r.url))
		return `${vendor}'s link to the recording is not an HTTPS address, and the browser plays no other.`;
	return `${vendor} hands out this recording through its API alone, and Ringside kept no copy. Overview → Recordings says how to ask for it.`;
}
