import { Button, Checkbox, PasswordInput, Switch, TagsInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { FormNote } from "../../components/Gate";
import { capital } from "../../lib/forms";
import classes from "./dialog.module.css";
import { Figure } from "./Figure";
import { Silences } from "./Silences";
import { type Channel, channelNames, isSet, type TellDraft } from "./tell";

export interface TellProps {
	draft: TellDraft;
	set: (change: Partial<TellDraft>) => void;
	fields: Record<string, string>;
	/** The saved rule, whose channels can be tried; empty for a new one. */
	rule: string;
	/** What is in the form is what is saved. */
	saved: boolean;
}

/** Whom a rule tells, how often, and when nobody. */
export function TellFields(props: TellProps) {
	const { draft: d, set, fields } = props;
	return (
		<>
			<ChannelFields {...props} channel="email" lead="A letter for each alert, or for each group of them.">
				<TagsInput
					label="To"
					description="Addresses; press Enter after each."
					placeholder={d.recipients.length === 0 ? "team@example.com" : undefined}
					splitChars={[",", ";", " "]}
					acceptValueOnBlur
					value={d.recipients}
					error={fields["/notifications/email/recipients"]}
					onChange={(recipients) => set({ recipients })}
				/>
			</ChannelFields>
			<ChannelFields {...props} channel="slack" lead="A message in a channel.">
				<Secret
					label="Incoming webhook"
					placeholder="https://hooks.slack.com/services/…"
					isSet={isSet(d, "slack", "webhook")}
					value={d.slackWebhook}
					error={fields["/notifications/slack/webhook"]}
					onChange={(slackWebhook) => set({ slackWebhook })}
				/>
				<TextInput
					label="Channel"
					description="The webhook's own when empty."
					placeholder="#alerts"
					value={d.slackChannel}
					error={fields["/notifications/slack/channel"]}
					onChange={(e) => set({ slackChannel: e.currentTarget.value })}
				/>
				<Checkbox
					label="Mention @here when it is critical"
					checked={d.mention}
					onChange={(e) => set({ mention: e.currentTarget.checked })}
				/>
			</ChannelFields>
			<ChannelFields
				{...props}
				channel="pagerduty"
				lead="An incident that is closed when the alert is resolved."
			>
				<Secret
					label="Integration key"
					description="Of Events API v2."
					isSet={isSet(d, "pagerduty", "routingKey")}
					value={d.pagerKey}
					error={fields["/notifications/pagerduty/routingKey"]}
					onChange={(pagerKey) => set({ pagerKey })}
				/>
			</ChannelFields>
			<ChannelFields {...props} channel="webhook" lead="A post to a server of yours.">
				<Secret
					label="Address"
					description="By https. With another host, the signing secret is to be given again."
					placeholder="https://example.com/alerts"
					isSet={isSet(d, "webhook", "url")}
					value={d.url}
					error={fields["/notifications/webhook/url"]}
					onChange={(url) => set({ url })}
				/>
				<Secret
					label="Signing secret"
					description="Not signed without."
					isSet={isSet(d, "webhook", "secret")}
					value={d.secret}
					error={fields["/notifications/webhook/secret"]}
					onChange={(secret) => set({ secret })}
				/>
			</ChannelFields>
			<Throttle {...props} />
			<Gather {...props} />
			<Silences {...props} />
		</>
	);
}

interface ChannelProps extends TellProps {
	channel: Channel;
	lead: string;
	children: ReactNode;
}

function ChannelFields({ channel, lead, draft: d, set, fields, rule, saved, children }: ChannelProps) {
	const on = d.on[channel];
	const wrong = fields[`/notifications/${channel}`];
	return (
		<section className={classes.block} aria-label={channelNames[channel]}>
			<Switch
				label={channelNames[channel]}
				description={!on && channel in d.kept ? "Off: its settings and secrets go when you save." : lead}
				checked={on}
				onChange={(e) => set({ on: { ...d.on, [channel]: e.currentTarget.checked } })}
			/>
			{on && (
				<div className={classes.inner}>
					{children}
					{wrong && <FormNote tone="bad">{wrong}</FormNote>}
					<TryChannel rule={rule} channel={channel} saved={saved && rule !== "" && channel in d.kept} />
				</div>
			)}
		</section>
	);
}

interface SecretProps {
	label: string;
	description?: string;
	placeholder?: string;
	isSet: boolean;
	value: string;
	error?: string;
	onChange: (typed: string) => void;
}

/** What is written and never shown again. */
function Secret({ isSet: known, placeholder, onChange, ...rest }: SecretProps) {
	return (
		<PasswordInput
			{...rest}
			autoComplete="off"
			spellCheck={false}
			placeholder={known ? "Set. Leave empty to keep it" : placeholder}
			onChange={(e) => onChange(e.currentTarget.value)}
		/>
	);
}

/** Sends a test message to one channel, by what is saved. */
function TryChannel({ rule, channel, saved }: { rule: string; channel: Channel; saved: boolean }) {
	const test = useMutation({
		mutationFn: async () => {
			const params = { path: { id: rule }, query: { channel } };
			const { items } = await data(api.POST("/v1/alert-rules/{id}/test-notification", { params }));
			return items.find((t) => t.channel === channel) ?? null;
		},
	});
	const tried = test.data;
	return (
		<>
			<div className={classes.line}>
				<Button size="compact-sm" disabled={!saved} loading={test.isPending} onClick={() => test.mutate()}>
					Send a test<span className="rs-sr"> by {channelNames[channel]}</span>
				</Button>
				{!saved && <span className="rs-dim">Save first: the test goes by what is saved.</span>}
			</div>
			{test.isError && <FormNote tone="bad">{capital(sentence(test.error))}</FormNote>}
			{tried && (
				<FormNote tone={tried.ok ? "good" : "bad"}>
					{tried.ok ? "The test message is sent." : "The test message did not arrive."}
					{tried.detail && ` ${capital(tried.detail)}`}
				</FormNote>
			)}
		</>
	);
}

function Throttle({ draft: d, set, fields }: TellProps) {
	return (
		<section className={classes.block} aria-label="Pauses">
			<Switch
				label="Pause between messages"
				description="Alerts are shown here all the same."
				checked={d.throttled}
				onChange={(e) => set({ throttled: e.currentTarget.checked })}
			/>
			{d.throttled && (
				<div className={`${classes.inner} ${classes.pair}`}>
					<Figure
						label="After a message, nothing for"
						unit="min"
						placeholder="0"
						value={d.cooldown}
						error={fields["/throttling/cooldownMinutes"]}
						onChange={(cooldown) => set({ cooldown })}
					/>
					<Figure
						label="Messages an hour, at most"
						placeholder="No limit"
						value={d.hourly}
						error={fields["/throttling/maxAlertsPerHour"]}
						onChange={(hourly) => set({ hourly })}
					/>
				</div>
			)}
		</section>
	);
}

function Gather({ draft: d, set, fields }: TellProps) {
	return (
		<section className={classes.block} aria-label="Groups">
			<Switch
				label="Gather alerts into one message"
				description="What comes soon after the first is told with it, and not at once."
				checked={d.grouped}
				onChange={(e) => set({ grouped: e.currentTarget.checked })}
			/>
			{d.grouped && (
				<div className={`${classes.inner} ${classes.pair}`}>
					<Figure
						label="Gather for"
						unit="min"
						value={d.gather}
						error={fields["/grouping/timeWindow"]}
						onChange={(gather) => set({ gather })}
					/>
					<Figure
						label="Alerts in a message, at most"
						placeholder="No limit"
						value={d.gathered}
						error={fields["/grouping/maxGroupSize"]}
						onChange={(gathered) => set({ gathered })}
					/>
				</div>
			)}
		</section>
	);
}
