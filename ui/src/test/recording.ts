import type { SoundReport } from "../features/call/sound";
import type { Call } from "../features/call/types";
import type { SoundLimit } from "../lib/sound";

/** A second of a waveform: quiet, then loud. */
const second = (loud: number) => [-2, 2, -2, 2, -loud, loud, -loud, loud];

/** What is heard in a recording of ten seconds; the agent is on the second channel. */
export function report(change: Partial<SoundReport> = {}): SoundReport {
	return {
		format: { container: "wav", codec: "pcm", rate: 8000, channels: 2, seconds: 10 },
		agent_channel: { channel: 1, method: "transcript", confidence: "high", reason: "" },
		segments: {
			agent: [
				[0.5, 2],
				[5, 6],
			],
			customer: [[2.5, 4]],
		},
		speech: [
			[0.5, 2],
			[2.5, 4],
			[5, 6],
		],
		agent_latency: [{ at: 5, ms: 1000 }],
		interruptions: [{ by: "customer", at: 1.8, yield_ms: 420, yielded: true }],
		backchannels: [],
		silences: [[6, 10]],
		silence_of: ["customer"],
		dropouts: [],
		metrics: { talk_ratio_agent: 0.62, responses: 1 } as SoundReport["metrics"],
		beep: { at: 9, seconds: 0.4, hz: 1000 },
		basis: [{ metric: "p50_ms", unit: "ms", method: "Between turns.", confidence: "high" }],
		turn_taking: 0.8,
		clipped_ratio: 0,
		dropouts_per_minute: 0,
		notes: [],
		peaks: {
			per_second: 4,
			channels: [
				[...second(20), ...second(40)],
				[...second(60), ...second(80)],
			],
		},
		...change,
	} as SoundReport;
}

/** The same with both speakers on one channel. */
export const mono = (): SoundReport =>
	report({
		agent_channel: null as unknown as SoundReport["agent_channel"],
		segments: { agent: [], customer: [] },
		agent_latency: [],
		interruptions: [],
		silence_of: ["unknown"],
		notes: ["The recording has one channel: there are no times of either speaker."],
	});

/** The figures in short, as a call has them. */
export const acoustics: NonNullable<NonNullable<Call["analysis"]>["audio"]> = {
	method: "audio",
	confidence: "high",
	sha256: "5ad1",
	channels: 2,
	agent_channel: 1,
	seconds: 10,
	talk_ratio: 0.62,
	first_agent_ms: 500,
	responses: 5,
	response_p50_ms: 1240,
	response_p95_ms: null,
	interruptions_by_agent: 2,
	interruptions_by_customer: 1,
	silences: 1,
	longest_silence_ms: 4000,
	overlap_ratio: 0.031,
	snr_agent_db: 31.8,
	snr_customer_db: 9.4,
	wpm_agent: 150,
	wpm_customer: null,
	turn_taking: 0.8,
	clipped_ratio: 0,
	dropouts_per_minute: 0,
	beep_s: null,
	notes: [],
};

/** What a call has of a recording that was kept and heard. */
export const heard = (change: Partial<typeof acoustics> = {}): Partial<Call> => ({
	audio_url: "/v1/calls/c1/recording",
	kept: {
		kind: "stereo",
		from: "upload",
		type: "audio/wave",
		bytes: 160_044,
		sha256: "5ad1",
		at: "2026-11-20T09:00:00Z",
	},
	analysis: { audio: { ...acoustics, ...change } } as Call["analysis"],
});

const limit = (
	figure: string,
	unit: string,
	[good_from, good_to, watch_from, watch_to]: (number | null)[],
	change: Partial<SoundLimit> = {},
): SoundLimit => {
	const limits = {
		good_from: good_from ?? null,
		good_to: good_to ?? null,
		watch_from: watch_from ?? null,
		watch_to: watch_to ?? null,
	};
	return {
		figure,
		unit,
		least: 0,
		most: 60_000,
		limits,
		usual: limits,
		own: false,
		why: "we say so",
		...change,
	};
};

/** What the server says the figures are judged by. */
export const soundLimits: SoundLimit[] = [
	limit("response_p50_ms", "ms", [-200, 1500, -500, 2500]),
	limit("response_p95_ms", "ms", [null, 3500, null, 5000]),
	limit("talk_ratio", "1", [0.35, 0.65, 0.2, 0.8], { most: 1 }),
	limit("interruptions_by_agent", "count", [null, 1, null, 3]),
	limit("longest_silence_ms", "ms", [null, 3000, null, 6000]),
	limit("overlap_ratio", "1", [null, 0.08, null, null], { most: 1 }),
	limit("wpm_agent", "1/min", [130, 190, null, null]),
	limit("snr_db", "dB", [20, null, 12, null]),
];
