// Whom a rule tells, as its form holds it. Pure, so that it can be tested without a page.

import { ownZone } from "../settings/hours";
import type { Rule, RuleBody, SilenceWindow } from "./queries";

export const channels = ["email", "slack", "pagerduty", "webhook"] as const;

export type Channel = (typeof channels)[number];

export const channelNames: Record<string, string> = {
	email: "Email",
	slack: "Slack",
	pagerduty: "PagerDuty",
	webhook: "Webhook",
};

export const weekdays = [
	"monday",
	"tuesday",
	"wednesday",
	"thursday",
	"friday",
	"saturday",
	"sunday",
] as const;

type Settings = Record<string, unknown>;

export interface Quiet {
	key: string;
	/** Every day when empty. */
	days: string[];
	start: string;
	end: string;
}

export interface TellDraft {
	on: Record<Channel, boolean>;
	/** What the server shows of each channel; what the form does not edit stays as it is. */
	kept: Record<string, Settings>;
	recipients: string[];
	slackWebhook: string;
	slackChannel: string;
	mention: boolean;
	pagerKey: string;
	url: string;
	secret: string;
	throttled: boolean;
	cooldown: string;
	hourly: string;
	grouped: boolean;
	/** Minutes. */
	gather: string;
	gathered: string;
	silent: boolean;
	zone: string;
	quiet: Quiet[];
}

const texts = (v: unknown): string[] =>
	Array.isArray(v) ? v.filter((x): x is string => typeof x === "string") : [];

const text = (v: unknown): string => (typeof v === "string" ? v : "");

const figure = (n: number | undefined): string => (n ? String(n) : "");

const unitMinutes: Record<string, number> = { s: 1 / 60, m: 1, h: 60 };

/** "90s" is "1.5" minutes; five without one, as the server has it. */
function minutesOf(window: string | undefined): string {
	const parts = [...(window ?? "").matchAll(/([\d.]+)([hms])/g)];
	const sum = parts.reduce((n, [, value, unit]) => n + Number(value) * (unitMinutes[unit ?? ""] ?? 0), 0);
	return String(Math.round(sum * 100) / 100 || 5);
}

/** Minutes as the server writes a time; undefined for what is none. */
function windowOf(typed: string): string | undefined {
	const n = Number(typed);
	return n >= 0.1 && n <= most.gather ? `${Math.round(n * 60)}s` : undefined;
}

/** "Mon" and "monday" are the same day. */
const fullDay = (day: string): string =>
	weekdays.find((d) => d.startsWith(day.toLowerCase().slice(0, 3))) ?? day;

let made = 0;

/** A silence to begin with: every night. */
export function newQuiet(w: Partial<SilenceWindow> = {}): Quiet {
	made++;
	return {
		key: `quiet_${made}`,
		days: (w.days ?? []).map(fullDay),
		start: w.startTime ?? "22:00",
		end: w.endTime ?? "06:00",
	};
}

export function tellOf(r: Rule | undefined): TellDraft {
	const kept: Record<string, Settings> = r?.notifications ?? {};
	const { slack = {}, email = {} } = kept;
	const t = r?.throttling;
	const s = r?.silenceSchedule;
	const g = r?.grouping;
	return {
		on: {
			email: "email" in kept,
			slack: "slack" in kept,
			pagerduty: "pagerduty" in kept,
			webhook: "webhook" in kept,
		},
		kept,
		recipients: texts(email.recipients),
		slackWebhook: "",
		slackChannel: text(slack.channel),
		mention: slack.mentionOnCritical === true,
		pagerKey: "",
		url: "",
		secret: "",
		throttled: t?.enabled ?? false,
		cooldown: t?.enabled ? figure(t.cooldownMinutes) : figure(t?.cooldownMinutes) || "15",
		hourly: figure(t?.maxAlertsPerHour),
		grouped: g?.enabled ?? false,
		gather: minutesOf(g?.timeWindow),
		gathered: figure(g?.maxGroupSize),
		silent: s?.enabled ?? false,
		zone: s?.timezone || (s?.enabled ? "UTC" : ownZone()),
		quiet: (s?.windows ?? []).map(newQuiet),
	};
}

/** Whether a secret is kept on the server. */
export function isSet(d: TellDraft, channel: Channel, name: string): boolean {
	return d.kept[channel]?.[`${name}_set`] === true;
}

const given = (name: string, typed: string): Settings => (typed.trim() ? { [name]: typed.trim() } : {});

/** A text that is taken away when it is empty. */
const settled = (name: string, typed: string): Settings => ({ [name]: typed.trim() || undefined });

const edits: Record<Channel, (d: TellDraft) => Settings> = {
	email: (d) => ({ recipients: d.recipients.map((r) => r.trim()) }),
	slack: (d) => ({
		...given("webhook", d.slackWebhook),
		...settled("channel", d.slackChannel),
		mentionOnCritical: d.mention,
	}),
	pagerduty: (d) => given("routingKey", d.pagerKey),
	webhook: (d) => ({ ...given("url", d.url), ...given("secret", d.secret) }),
};

function notifications(d: TellDraft): Record<string, Settings> {
	const others = Object.entries(d.kept).filter(([c]) => !channels.some((known) => known === c));
	const out = Object.fromEntries(others);
	for (const c of channels) {
		if (!d.on[c]) continue;
		const shown = Object.entries(d.kept[c] ?? {}).filter(([name]) => !name.endsWith("_set"));
		out[c] = { ...Object.fromEntries(shown), ...edits[c](d) };
	}
	return out;
}

const clock = /^([01]?\d|2[0-3]):[0-5]\d$|^24:00$/;

const most = { cooldown: 10_080, hourly: 10_000, gather: 1440, gathered: 100 };

/** Undefined for what is no whole number from 0 to the most. */
function whole(typed: string, max: number): number | undefined {
	const n = Number(typed);
	return Number.isInteger(n) && n >= 0 && n <= max ? n : undefined;
}

/** What is switched off keeps its values, but for those that would be refused: nobody sees them. */
export function tellBody(
	d: TellDraft,
): Pick<RuleBody, "notifications" | "throttling" | "grouping" | "silenceSchedule"> {
	return {
		notifications: notifications(d),
		throttling: {
			enabled: d.throttled,
			cooldownMinutes: whole(d.cooldown, most.cooldown) ?? 0,
			maxAlertsPerHour: whole(d.hourly, most.hourly) ?? 0,
		},
		grouping: {
			enabled: d.grouped,
			timeWindow: windowOf(d.gather),
			maxGroupSize: whole(d.gathered, most.gathered) ?? 0,
		},
		silenceSchedule: {
			enabled: d.silent,
			timezone: d.zone,
			windows: d.quiet
				.filter((q) => d.silent || (clock.test(q.start.trim()) && clock.test(q.end.trim())))
				.map((q) => ({ days: q.days, startTime: q.start.trim(), endTime: q.end.trim() })),
		},
	};
}

/** What would be refused, by the field's pointer. */
export function checkTell(d: TellDraft): Record<string, string> {
	const out: Record<string, string> = {};
	const put = (at: string, wrong: string | false | undefined) => {
		if (wrong) out[at] = wrong;
	};
	const lacks = (c: Channel, name: string, typed: string) => d.on[c] && !typed.trim() && !isSet(d, c, name);
	put(
		"/notifications/email/recipients",
		d.on.email && d.recipients.length === 0 && "Name at least one address",
	);
	put(
		"/notifications/slack/webhook",
		lacks("slack", "webhook", d.slackWebhook) && "Enter the webhook's address",
	);
	put("/notifications/pagerduty/routingKey", lacks("pagerduty", "routingKey", d.pagerKey) && "Enter the key");
	put("/notifications/webhook/url", lacks("webhook", "url", d.url) && "Enter the address");
	if (d.throttled) {
		const wrong = (typed: string, max: number) =>
			whole(typed, max) === undefined && `Enter a whole number from 0 to ${max}`;
		put("/throttling/cooldownMinutes", wrong(d.cooldown, most.cooldown));
		put("/throttling/maxAlertsPerHour", wrong(d.hourly, most.hourly));
	}
	if (d.grouped) {
		put("/grouping/timeWindow", !windowOf(d.gather) && "Enter minutes from 0.1 to 1440");
		put(
			"/grouping/maxGroupSize",
			whole(d.gathered, most.gathered) === undefined && `Enter a whole number from 0 to ${most.gathered}`,
		);
	}
	if (!d.silent) return out;
	put("/silenceSchedule/windows", d.quiet.length === 0 && "Add at least one time");
	d.quiet.forEach((q, i) => {
		const wrong = "Enter a time such as 22:00";
		put(`/silenceSchedule/windows/${i}/startTime`, !clock.test(q.start.trim()) && wrong);
		put(`/silenceSchedule/windows/${i}/endTime`, !clock.test(q.end.trim()) && wrong);
	});
	return out;
}

/** The fields that have a place in the form as it stands. */
export function tellPointers(d: TellDraft): string[] {
	const throttling = ["/throttling/cooldownMinutes", "/throttling/maxAlertsPerHour"];
	const grouping = ["/grouping/timeWindow", "/grouping/maxGroupSize"];
	const silences = ["/silenceSchedule/timezone", "/silenceSchedule/windows"];
	return [
		"/notifications/email",
		"/notifications/email/recipients",
		"/notifications/slack",
		"/notifications/slack/webhook",
		"/notifications/slack/channel",
		"/notifications/pagerduty",
		"/notifications/pagerduty/routingKey",
		"/notifications/webhook",
		"/notifications/webhook/url",
		"/notifications/webhook/secret",
		...(d.throttled ? throttling : []),
		...(d.grouped ? grouping : []),
		...(d.silent ? silences : []),
		...(d.silent ? d.quiet : []).flatMap((_, i) =>
			["days", "startTime", "endTime"].map((f) => `/silenceSchedule/windows/${i}/${f}`),
		),
	];
}

/** "Email, Slack"; "Nobody". */
export function tells(r: Pick<Rule, "notifications">): string {
	const names = Object.keys(r.notifications).map((c) => channelNames[c] ?? c);
	return names.sort().join(", ") || "Nobody";
}
