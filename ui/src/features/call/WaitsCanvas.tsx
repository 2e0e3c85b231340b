import { useCallback } from "react";
import type { Response } from "./sound";
import { colourOf, type Paint, useCanvas } from "./useCanvas";
import classes from "./Waveform.module.css";

interface WaitsProps {
	responses: Response[];
	/** Of the axis, in ms. */
	length: number;
}

/** In CSS pixels. */
const barWidth = 5;

/** Before each response two bars: the wait that was heard, and beside it, hollow, the one that is claimed. */
export function WaitsCanvas({ responses, length }: WaitsProps) {
	const paint = useCallback<Paint>(
		(c, width, height, ratio) => {
			const top = Math.max(1, ...responses.flatMap((r) => [r.heard ?? 0, r.claimed ?? 0]));
			const w = Math.round(barWidth * ratio);
			const line = Math.max(1, Math.round(ratio));
			const draw = (x: number, ms: number | null, token: string, hollow?: boolean) => {
				if (ms === null) return;
				const h = Math.max(2 * line, Math.round((Math.max(0, ms) / top) * height));
				c.fillStyle = colourOf(c.canvas, token);
				c.fillRect(x, height - h, w, h);
				if (hollow) c.clearRect(x + line, height - h + line, w - 2 * line, h - 2 * line);
			};
			for (const r of responses) {
				const x = Math.min(width - 2 * w - line, Math.round((r.at / length) * width));
				draw(x, r.heard, "--rs-agent");
				draw(x + w + line, r.claimed, "--rs-dim", true);
			}
		},
		[responses, length],
	);
	const ref = useCanvas(paint);
	return <canvas ref={ref} className={classes.waits} />;
}
