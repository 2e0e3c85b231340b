import { useCallback } from "react";
import type { Lane, Span } from "./sound";
import { colourOf, type Paint, useCanvas } from "./useCanvas";
import classes from "./Waveform.module.css";
import { bar, columnsOf, spanAt } from "./wave";

interface LaneProps {
	lane: Lane;
	silences: Span[];
	perSecond: number;
	gain: number;
	/** Of the axis, in ms. */
	length: number;
}

const tokens = {
	agent: ["--rs-agent", "--rs-agent-soft"],
	user: ["--rs-caller", "--rs-caller-soft"],
	both: ["--rs-soft", "--rs-hover"],
} as const;

/** Of the stripes of what is muted, in CSS pixels: as the legend shows them. */
const stripe = 1;
const stripeEach = 4;

/** Stripes in place of whatever is there. */
function hatch(c: CanvasRenderingContext2D, from: number, to: number, height: number, ratio: number) {
	c.clearRect(from, 0, to - from, height);
	for (let at = from; at < to; at += stripeEach * ratio) c.fillRect(at, 0, stripe * ratio, height);
}

/** One channel: its loudness, in the speaker's hue where somebody speaks. */
export function LaneCanvas({ lane, silences, perSecond, gain, length }: LaneProps) {
	const paint = useCallback<Paint>(
		(c, width, height, ratio) => {
			const [voice, soft] = tokens[lane.role];
			const x = (ms: number) => Math.round((ms / length) * width);
			const box = (s: Span) => c.fillRect(x(s.start), 0, Math.max(ratio, x(s.end) - x(s.start)), height);
			c.fillStyle = colourOf(c.canvas, soft);
			lane.spans.forEach(box);
			c.fillStyle = colourOf(c.canvas, "--rs-watch-soft");
			silences.forEach(box);
			c.fillStyle = colourOf(c.canvas, "--rs-dim");
			for (const m of lane.muted) hatch(c, x(m.start), x(m.end), height, ratio);
			const speaking = colourOf(c.canvas, voice);
			const noise = colourOf(c.canvas, "--rs-line-strong");
			const { low, top } = columnsOf(lane.pairs, perSecond, length, width);
			for (const [i, l] of low.entries()) {
				const spoken = spanAt(lane.spans, ((i + 0.5) / width) * length) >= 0;
				const [y, h] = bar(l, top[i] ?? 0, gain, height);
				c.fillStyle = spoken ? speaking : noise;
				c.fillRect(i, y, 1, h);
			}
		},
		[lane, silences, perSecond, gain, length],
	);
	const ref = useCanvas(paint);
	return <canvas ref={ref} className={classes.lane} data-role={lane.role} />;
}
