import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { directions, failures, providerName, statuses, type Tone, wordOf } from "../lib/words";
import classes from "./Badge.module.css";
import { CopyButton } from "./Copy";
import { Icon, type IconName } from "./Icon";

interface BadgeProps {
	tone?: Tone;
	icon?: IconName;
	/** Without a background, for dense tables. */
	bare?: boolean;
	children: ReactNode;
}

/** A word with an icon and a colour that means something. */
export function Badge({ tone = "quiet", icon, bare, children }: BadgeProps) {
	return (
		<span className={classes.badge} data-tone={tone} data-bare={bare || undefined}>
			{icon && <Icon name={icon} size={14} />}
			<span className={classes.word}>{children}</span>
		</span>
	);
}

const statusIcons: Record<string, IconName> = {
	queued: "clock",
	ringing: "calls",
	active: "wave",
	completed: "check",
	failed: "stop",
	declined: "close",
	missed: "missed",
	unknown: "question",
};

export function StatusBadge({ status, bare }: { status: string; bare?: boolean }) {
	const { text, tone } = wordOf(statuses, status);
	return (
		<Badge tone={tone} icon={statusIcons[status] ?? "question"} bare={bare}>
			{text}
		</Badge>
	);
}

const directionIcons: Record<string, IconName> = { inbound: "inbound", outbound: "outbound", web: "web" };

export function DirectionBadge({ direction }: { direction: string }) {
	if (!direction) return <span className="rs-dim">—</span>;
	return (
		<Badge bare icon={directionIcons[direction]}>
			{wordOf(directions, direction).text}
		</Badge>
	);
}

/** The same in little room: the icon, with its word in the tooltip. */
export function DirectionIcon({ direction }: { direction: string }) {
	const icon = directionIcons[direction];
	if (!icon) return null;
	const { text } = wordOf(directions, direction);
	return (
		<span title={text}>
			<Icon name={icon} size={14} />
			<span className="rs-sr">{text}, </span>
		</span>
	);
}

export function FailureBadge({ failure, bare }: { failure: string; bare?: boolean }) {
	const { text, tone } = wordOf(failures, failure);
	return (
		<Badge tone={tone} icon={tone === "bad" ? "stop" : "alert"} bare={bare}>
			{text}
		</Badge>
	);
}

/** Which vendor a thing came from: its name in a small frame with its initial. */
export function ProviderBadge({ provider }: { provider: string }) {
	if (!provider) return <span className="rs-dim">—</span>;
	const name = providerName(provider);
	return (
		<span className={classes.provider}>
			<span className={classes.initial} aria-hidden="true">
				{name.charAt(0)}
			</span>
			{name}
		</span>
	);
}

export function SimulationBadge() {
	return (
		<Badge tone="info" icon="tool">
			Simulation
		</Badge>
	);
}

/** Words for a raw value; the value itself is in the tooltip, ready to copy. */
export function Raw({ value, children }: { value: string; children: ReactNode }) {
	if (!value) return <>{children}</>;
	const label = (
		<span className={classes.raw}>
			<code>{value}</code>
			<CopyButton value={value} label="Copy the raw value" />
		</span>
	);
	return (
		<Tooltip label={label} events={{ hover: true, focus: true, touch: true }} closeDelay={120} interactive>
			<span className={classes.hasRaw}>{children}</span>
		</Tooltip>
	);
}
