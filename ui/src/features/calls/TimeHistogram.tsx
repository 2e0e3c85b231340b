import { useQuery } from "@tanstack/react-query";
import { type PointerEvent, useMemo, useRef, useState } from "react";
import { count, durationWords, plural } from "../../lib/format";
import { useSettings } from "../../lib/settings";
import { dateTime, type Zone } from "../../lib/time";
import { bars, bucketAt, dragged } from "./histogram";
import { histogramQuery } from "./queries";
import classes from "./TimeHistogram.module.css";
import type { Bucket, Histogram } from "./types";
import { useView } from "./useView";

/** Calls over time; dragging narrows the list to the time that was swept. */
export function TimeHistogram() {
	const { search, change } = useView();
	const { data, error } = useQuery(histogramQuery(search));
	const select = (span: { after: string; before: string }) => change({ ...span, range: undefined });
	if (error && !data) return null; // The list says what is wrong; a missing drawing adds nothing.
	if (!data) return <div className={classes.chart} aria-hidden="true" />;
	return <Chart histogram={data} onSelect={select} />;
}

interface ChartProps {
	histogram: Histogram;
	onSelect: (span: { after: string; before: string }) => void;
}

export function Chart({ histogram, onSelect }: ChartProps) {
	const { zone } = useSettings();
	const buckets = useMemo(() => histogram.buckets ?? [], [histogram]);
	const [at, setAt] = useState<number | null>(null);
	const [from, setFrom] = useState<number | null>(null);
	const box = useRef<HTMLDivElement>(null);
	const place = (e: PointerEvent) => {
		const r = box.current?.getBoundingClientRect();
		return r ? bucketAt((e.clientX - r.left) / r.width, buckets.length) : 0;
	};
	const end = () => {
		const span = from !== null && at !== null ? dragged(buckets, histogram.interval_ms, from, at) : null;
		setFrom(null);
		if (span) onSelect(span);
	};
	const bucket = at === null ? undefined : buckets[at];
	return (
		<figure className={classes.chart} aria-label="Calls over time">
			<div
				ref={box}
				className={classes.plot}
				onPointerDown={(e) => {
					if (e.button !== 0 || buckets.length === 0) return;
					e.currentTarget.setPointerCapture(e.pointerId);
					setFrom(place(e));
					setAt(place(e));
				}}
				onPointerMove={(e) => setAt(place(e))}
				onPointerUp={end}
				onPointerCancel={() => setFrom(null)}
				onPointerLeave={() => from === null && setAt(null)}
			>
				<Bars buckets={buckets} from={from} at={at} />
			</div>
			<figcaption className={classes.caption}>
				<Ends buckets={buckets} zone={zone} />
				<span className={classes.reading}>
					{bucket ? (
						<Reading bucket={bucket} zone={zone} />
					) : (
						`${durationWords(histogram.interval_ms)} a bar · drag to narrow`
					)}
				</span>
			</figcaption>
			<Twin buckets={buckets} zone={zone} />
		</figure>
	);
}

function Bars({ buckets, from, at }: { buckets: Bucket[]; from: number | null; at: number | null }) {
	const drawn = useMemo(() => bars(buckets), [buckets]);
	const swept = from !== null && at !== null ? [Math.min(from, at), Math.max(from, at)] : null;
	return (
		<svg viewBox={`0 0 ${Math.max(1, buckets.length)} 1`} preserveAspectRatio="none" aria-hidden="true">
			{swept && (
				<rect
					className={classes.swept}
					x={swept[0]}
					width={(swept[1] ?? 0) - (swept[0] ?? 0) + 1}
					y={0}
					height={1}
				/>
			)}
			{drawn.map((b, i) => (
				<g key={i} className={i === at ? classes.hot : undefined}>
					<rect className={classes.bar} x={i + 0.1} width={0.8} y={1 - b.height} height={b.height} />
					<rect
						className={classes.failed}
						x={i + 0.1}
						width={0.8}
						y={1 - b.height * b.failed}
						height={b.height * b.failed}
					/>
				</g>
			))}
		</svg>
	);
}

function Reading({ bucket, zone }: { bucket: Bucket; zone: Zone }) {
	return (
		<>
			{dateTime(new Date(bucket.start), zone)} · <strong>{plural(bucket.count, "call")}</strong>
			{bucket.failed > 0 && <span className={classes.bad}> · {count(bucket.failed)} failed</span>}
		</>
	);
}

function Ends({ buckets, zone }: { buckets: Bucket[]; zone: Zone }) {
	const [first, last] = [buckets[0], buckets.at(-1)];
	return (
		<>
			<span>{first && dateTime(new Date(first.start), zone)}</span>
			<span className={classes.last}>{last && dateTime(new Date(last.start), zone)}</span>
		</>
	);
}

/** The same figures for those who can't see the bars. */
function Twin({ buckets, zone }: { buckets: Bucket[]; zone: Zone }) {
	return (
		<div className="rs-sr">
			<table>
				<caption>Calls over time</caption>
				<thead>
					<tr>
						<th scope="col">From</th>
						<th scope="col">Calls</th>
						<th scope="col">Failed</th>
					</tr>
				</thead>
				<tbody>
					{buckets
						.filter((b) => b.count > 0)
						.map((b) => (
							<tr key={b.start}>
								<th scope="row">{dateTime(new Date(b.start), zone)}</th>
								<td>{b.count}</td>
								<td>{b.failed}</td>
							</tr>
						))}
				</tbody>
			</table>
		</div>
	);
}
