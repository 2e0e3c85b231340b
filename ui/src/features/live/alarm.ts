// Tells of a new critical alert to somebody who looks elsewhere. Only who asks
// for it is disturbed.

import type { LiveState } from "./fold";
import { agentName } from "./order";
import { live } from "./store";
import type { CallAlert, LiveCall } from "./types";

export interface Critical {
	call: LiveCall;
	alert: CallAlert;
}

/** The critical alerts that nobody has acknowledged. */
export function criticalOf(state: LiveState): Critical[] {
	return [...state.calls.values()].flatMap((call) =>
		(call.alerts ?? [])
			.filter((alert) => alert.severity === "critical" && alert.status === "triggered")
			.map((alert) => ({ call, alert })),
	);
}

let audio: AudioContext | null = null;

/** Two short tones. The first one has to come from a press, or the browser stays silent. */
export function beep() {
	if (typeof AudioContext === "undefined") return;
	audio ??= new AudioContext();
	void audio.resume();
	for (const [i, pitch] of [880, 660].entries()) {
		const tone = audio.createOscillator();
		const volume = audio.createGain();
		const at = audio.currentTime + i * 0.22;
		tone.frequency.value = pitch;
		volume.gain.setValueAtTime(0.0001, at);
		volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
		volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
		tone.connect(volume).connect(audio.destination);
		tone.start(at);
		tone.stop(at + 0.21);
	}
}

export type Permission = "granted" | "denied" | "default" | "missing";

/** Notifications need a page that was served by https, or from this machine. */
export function permission(): Permission {
	return typeof Notification === "undefined" ? "missing" : Notification.permission;
}

export async function askPermission(): Promise<Permission> {
	return typeof Notification === "undefined" ? "missing" : Notification.requestPermission();
}

function notify({ call, alert }: Critical) {
	if (permission() !== "granted") return;
	const shown = new Notification(`Critical: ${alert.message}`, {
		body: `${agentName(call)}, ${call.from || "no number"}`,
		tag: alert.id,
	});
	shown.onclick = () => {
		window.focus();
		window.location.assign(`/live/${encodeURIComponent(call.id)}`);
	};
}

const holdMs = 2000;

/** Of several tabs one speaks: the first that takes the alert's lock. */
function once(id: string, act: () => void) {
	if (!navigator.locks) return act();
	void navigator.locks.request(`ringside.alarm.${id}`, { ifAvailable: true }, async (lock) => {
		if (!lock) return;
		act();
		await new Promise((done) => window.setTimeout(done, holdMs));
	});
}

/** Sounds for each critical alert that is new from now on; gives the function that ends it. */
export function watchForCritical(how: { sound: boolean; notify: boolean }): () => void {
	const seen = new Set<string>();
	let ready = false;
	const look = () => {
		const { state } = live.read();
		if (!state.ready) {
			ready = false; // another workspace: what is open there is not new
			return;
		}
		for (const c of criticalOf(state)) {
			if (seen.has(c.alert.id)) continue;
			seen.add(c.alert.id);
			if (!ready) continue;
			once(c.alert.id, () => {
				if (how.sound) beep();
				if (how.notify) notify(c);
			});
		}
		ready = true;
	};
	look();
	return live.subscribe(look);
}
