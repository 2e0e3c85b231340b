import { Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { duration, durationWords, latency, money, unknown } from "../lib/format";
import { phone } from "../lib/phone";
import { useSettings } from "../lib/settings";
import { absolute, dateTime, parse, relative } from "../lib/time";
import classes from "./Values.module.css";

const tickMs = 20_000;

/** One clock for every relative time on the page. */
class Clock {
	private now = new Date();
	private timer = 0;
	private readonly listeners = new Set<() => void>();

	read = () => this.now;

	subscribe = (l: () => void) => {
		if (this.listeners.size === 0) {
			this.timer = window.setInterval(this.tick, tickMs);
			if (Date.now() - this.now.getTime() > tickMs) this.now = new Date();
		}
		this.listeners.add(l);
		return () => {
			this.listeners.delete(l);
			if (this.listeners.size === 0) window.clearInterval(this.timer);
		};
	};

	private tick = () => {
		this.now = new Date();
		for (const l of this.listeners) l();
	};
}

const clock = new Clock();

/** The current time, anew every 20 s. */
export function useNow(): Date {
	return useSyncExternalStore(clock.subscribe, clock.read);
}

interface WhenProps {
	at: string | null | undefined;
	/** relative: "3 h ago"; exact: "20 Nov, 09:41". The tooltip has the whole instant either way. */
	form?: "relative" | "exact";
}

export function When({ at, form = "relative" }: WhenProps) {
	const { zone } = useSettings();
	const tick = useNow().getTime();
	const now = new Date(Math.max(tick, Date.now())); // what has just happened is not to come
	const date = parse(at);
	if (!date) return <span className="rs-dim">{unknown}</span>;
	return (
		<Tooltip label={absolute(date, zone)}>
			<time dateTime={at ?? undefined} className={classes.nowrap}>
				{form === "relative" ? relative(date, now, zone) : dateTime(date, zone)}
			</time>
		</Tooltip>
	);
}

export function Money({ cost }: { cost: { total: number; currency: string } | null | undefined }) {
	if (!cost) return <span className="rs-dim">{unknown}</span>;
	return (
		<span className={classes.nowrap} title={`${cost.total} ${cost.currency}`}>
			{money(cost.total, cost.currency)}
		</span>
	);
}

export function Duration({ ms }: { ms: number | null | undefined }) {
	if (ms == null) return <span className="rs-dim">{unknown}</span>;
	return (
		<span className={classes.nowrap} title={durationWords(ms)}>
			{duration(ms)}
		</span>
	);
}

export function LatencyValue({ ms }: { ms: number | null | undefined }) {
	return <span className={ms == null ? "rs-dim" : classes.nowrap}>{latency(ms)}</span>;
}

export function PhoneNumber({ number }: { number: string | null | undefined }) {
	if (!number) return <span className="rs-dim">{unknown}</span>;
	return (
		<span className={classes.nowrap} title={number}>
			{phone(number)}
		</span>
	);
}
