// From what the URL holds to what the API takes and what the chips say.

import type { Query } from "../../api/client";
import { duration } from "../../lib/format";
import { dateTime, ms, type Zone } from "../../lib/time";
import {
	directions,
	failures,
	findings,
	humanise,
	providerName,
	reasonWords,
	sentiments,
	statuses,
	wordOf,
} from "../../lib/words";
import { type Filters, type ListName, listNames, presets, values } from "./search";

export type CallQuery = NonNullable<Query<"/v1/calls/facets">>;

/** The bounds of the chosen dates; undefined where there is none. */
export function bounds(f: Filters, now: Date): { after?: string; before?: string } {
	if (f.after || f.before) return { after: f.after, before: f.before };
	if (!f.range) return {};
	return { after: new Date(now.getTime() - presets[f.range] * ms.hour).toISOString() };
}

export function metaPairs(meta: string | undefined): [string, string][] {
	return meta ? [...new URLSearchParams(meta)] : [];
}

export function joinMeta(pairs: [string, string][]): string | undefined {
	return pairs.length > 0 ? new URLSearchParams(pairs).toString() : undefined;
}

/** The API's parameters for a set of filters. `now` is where presets count back from. */
export function toQuery(f: Filters, now: Date): CallQuery {
	const { after, before } = bounds(f, now);
	const all = {
		...Object.fromEntries(listNames.map((name) => [name, f[name] ? values(f[name]) : undefined])),
		...Object.fromEntries(metaPairs(f.meta).map(([k, v]) => [`metadata.${k}`, v])),
		started_after: after,
		started_before: before,
		min_duration_ms: f.min === undefined ? undefined : String(f.min * ms.second),
		max_duration_ms: f.max === undefined ? undefined : String(f.max * ms.second),
		min_quality: f.min_score === undefined ? undefined : String(f.min_score),
		max_quality: f.max_score === undefined ? undefined : String(f.max_score),
		has_recording: f.recording === undefined ? undefined : String(f.recording),
		simulation: f.simulation === undefined ? undefined : String(f.simulation),
		success: f.success,
		provider_call_id: f.provider_call_id,
		q: f.q,
	};
	return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined)) as CallQuery;
}

/** The same as text, for a link: the export is a download and not a request of ours. */
export function toParams(f: Filters, now: Date): URLSearchParams {
	const out = new URLSearchParams();
	for (const [name, value] of Object.entries(toQuery(f, now))) {
		for (const v of Array.isArray(value) ? value : [value]) out.append(name, String(v));
	}
	return out;
}

export const listLabels: Record<ListName, string> = {
	agent: "Agent",
	status: "Status",
	failure_class: "Failure",
	ended_reason: "Ended reason",
	direction: "Direction",
	provider: "Provider",
	campaign: "Campaign",
	last_event: "Last event",
	sentiment: "Sentiment",
	finding: "Finding",
	tag: "Tag",
};

/** A value of a list filter in words; `label` is the server's own, which an agent has. */
export function valueWords(name: ListName, value: string, label?: string): string {
	switch (name) {
		case "status":
			return wordOf(statuses, value).text;
		case "failure_class":
			return wordOf(failures, value).text;
		case "sentiment":
			return wordOf(sentiments, value).text;
		case "finding":
			return wordOf(findings, value).text;
		case "direction":
			return wordOf(directions, value).text;
		case "provider":
			return providerName(value);
		case "ended_reason":
			return reasonWords(value);
		case "last_event":
			return humanise(value);
		case "agent":
			return label || (value === "none" ? "No agent" : value);
		default:
			return label || value;
	}
}

export const presetWords = {
	"1h": "Last hour",
	"24h": "Last 24 hours",
	"7d": "Last 7 days",
	"30d": "Last 30 days",
	"90d": "Last 90 days",
} as const;

export function rangeWords(f: Filters, zone: Zone): string {
	const at = (iso: string) => dateTime(new Date(iso), zone);
	if (f.after && f.before) return `${at(f.after)} – ${at(f.before)}`;
	if (f.after) return `Since ${at(f.after)}`;
	if (f.before) return `Before ${at(f.before)}`;
	return f.range ? presetWords[f.range] : "All time";
}

/** One chip: what it says, and the change that takes it off. */
export interface Chip {
	id: string;
	name: string;
	operator: string;
	value: string;
	off: Partial<Filters>;
}

const verdictWords = { true: "Succeeded", false: "Did not succeed", unknown: "Not judged" } as const;

type Labels = (name: ListName, value: string) => string | undefined;

/** Every filter in force. `labels` gives the server's own word for a value, where it has one. */
export function chips(f: Filters, labels: Labels, zone: Zone): Chip[] {
	const out: Chip[] = [];
	const add = (id: string, name: string, operator: string, value: string, off: Partial<Filters>) =>
		out.push({ id, name, operator, value, off });
	if (f.q) add("q", "Said", "contains", f.q, { q: undefined });
	if (f.range || f.after || f.before) {
		add("range", "Started", "in", rangeWords(f, zone), {
			range: undefined,
			after: undefined,
			before: undefined,
		});
	}
	for (const name of listNames) {
		if (!f[name]) continue;
		const list = values(f[name]).map((v) => valueWords(name, v, labels(name, v)));
		add(name, listLabels[name], list.length > 1 ? "is any of" : "is", list.join(", "), {
			[name]: undefined,
		});
	}
	if (f.success) add("success", "Outcome", "is", verdictWords[f.success], { success: undefined });
	if (f.min !== undefined) add("min", "Duration", "at least", duration(f.min * 1000), { min: undefined });
	if (f.max !== undefined) add("max", "Duration", "at most", duration(f.max * 1000), { max: undefined });
	if (f.min_score !== undefined) {
		add("min_score", "Score", "at least", String(f.min_score), { min_score: undefined });
	}
	if (f.max_score !== undefined) {
		add("max_score", "Score", "at most", String(f.max_score), { max_score: undefined });
	}
	if (f.recording !== undefined) {
		add("recording", "Recording", "is", f.recording ? "there" : "missing", { recording: undefined });
	}
	if (f.simulation !== undefined) {
		const how = f.simulation ? "shown alone" : "left out";
		add("simulation", "Simulations", "are", how, { simulation: undefined });
	}
	if (f.provider_call_id) {
		add("pcid", "Provider's call id", "is", f.provider_call_id, { provider_call_id: undefined });
	}
	const pairs = metaPairs(f.meta);
	pairs.forEach(([k, v], i) => {
		add(`meta.${k}`, `metadata.${k}`, "is", v, { meta: joinMeta(pairs.filter((_, j) => j !== i)) });
	});
	return out;
}

/** Every filter taken off. */
export const cleared: { [K in keyof Required<Filters>]: undefined } = {
	agent: undefined,
	status: undefined,
	failure_class: undefined,
	ended_reason: undefined,
	direction: undefined,
	provider: undefined,
	campaign: undefined,
	last_event: undefined,
	sentiment: undefined,
	finding: undefined,
	tag: undefined,
	range: undefined,
	after: undefined,
	before: undefined,
	min: undefined,
	max: undefined,
	min_score: undefined,
	max_score: undefined,
	recording: undefined,
	simulation: undefined,
	success: undefined,
	provider_call_id: undefined,
	meta: undefined,
	q: undefined,
};

export function anyFilter(f: Filters): boolean {
	return (Object.keys(cleared) as (keyof Filters)[]).some((k) => f[k] !== undefined);
}
