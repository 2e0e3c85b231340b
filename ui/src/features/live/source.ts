import type { Frame } from "./types";

/**
 * How the stream stands: connecting for the first time, live, lost and tried
 * again, or refused by the server (tried again too, and somebody should ask
 * why).
 */
export type Link = "connecting" | "live" | "reconnecting" | "refused";

interface Config {
	query?: Record<string, string>;
	/** Gets events in their order, a batch at a time. */
	take: (frames: Frame[]) => void;
	tell: (link: Link) => void;
	/** Whether to go on while nobody sees the page. */
	stays?: () => boolean;
	/** How long events are gathered, in ms. */
	paceMs?: number;
}

const kinds: Frame["type"][] = [
	"snapshot",
	"call_started",
	"call_updated",
	"transcript",
	"alert_triggered",
	"alert_resolved",
	"call_ended",
	"resync",
	"ping",
];

/** A silent stream sends a ping every 10 s. */
const deafMs = 35_000;
const hiddenMs = 60_000;
const retryMs = [1000, 2000, 4000, 8000, 15_000, 30_000];

/**
 * One connection to the stream of live calls. A lost one is made again behind
 * the last event that came, so that nothing is missed. A page that nobody sees
 * gives its connection back after a minute: a browser has six for one server.
 */
export class Source {
	private readonly config: Config;
	private events: EventSource | null = null;
	private queue: Frame[] = [];
	private last = "";
	private heard = 0;
	private tries = 0;
	private flushing = 0;
	private retry = 0;
	private guard = 0;
	private hiding = 0;

	constructor(config: Config) {
		this.config = config;
	}

	start() {
		if (typeof EventSource === "undefined") return;
		this.guard = window.setInterval(this.check, 5000);
		document.addEventListener("visibilitychange", this.seen);
		this.open();
	}

	stop() {
		window.clearInterval(this.guard);
		window.clearTimeout(this.hiding);
		document.removeEventListener("visibilitychange", this.seen);
		this.close();
		window.clearTimeout(this.flushing);
		this.queue = [];
	}

	private open = () => {
		this.close();
		this.heard = Date.now();
		const query = new URLSearchParams(this.config.query);
		if (this.last) query.set("since", this.last);
		const events = new EventSource(`/v1/live-calls/stream?${query}`);
		this.events = events;
		events.onopen = () => {
			this.heard = Date.now();
			this.config.tell("live");
		};
		events.onerror = () => this.lost(events.readyState === 2);
		for (const kind of kinds) events.addEventListener(kind, this.receive);
	};

	private close() {
		window.clearTimeout(this.retry);
		this.events?.close();
		this.events = null;
	}

	private lost(refused: boolean) {
		this.close();
		this.config.tell(refused ? "refused" : "reconnecting");
		this.retry = window.setTimeout(this.open, retryMs[Math.min(this.tries++, retryMs.length - 1)]);
	}

	private receive = (e: MessageEvent<string>) => {
		this.heard = Date.now();
		this.tries = 0;
		if (e.lastEventId) this.last = e.lastEventId;
		this.queue.push(JSON.parse(e.data));
		if (e.type === "snapshot") this.flush();
		else this.flushing ||= window.setTimeout(this.flush, this.config.paceMs ?? 250);
	};

	private flush = () => {
		window.clearTimeout(this.flushing);
		this.flushing = 0;
		const frames = this.queue;
		this.queue = [];
		if (frames.length > 0) this.config.take(frames);
	};

	private check = () => {
		if (this.events && Date.now() - this.heard > deafMs) this.lost(false);
	};

	private seen = () => {
		window.clearTimeout(this.hiding);
		if (document.visibilityState === "visible") {
			if (!this.events) this.open();
			return;
		}
		this.hiding = window.setTimeout(() => {
			if (!this.config.stays?.()) this.close();
		}, hiddenMs);
	};
}
