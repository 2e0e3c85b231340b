import type { ReactNode } from "react";
import type { Tone } from "../lib/words";
import { Icon } from "./Icon";
import { SkeletonLine } from "./States";
import classes from "./StatTile.module.css";

export interface Delta {
	text: string;
	direction: "up" | "down" | "same";
	/** Whether the change is welcome; quiet when it is neither. */
	tone: Tone;
	/** What it is measured against, for the tooltip and for screen readers. */
	against: string;
}

interface StatTileProps {
	label: string;
	/** null: not known; `why` says the reason. */
	value: ReactNode | null;
	why?: string;
	/** "n = 214" and the like. */
	sample?: string;
	delta?: Delta | null;
	/** Lines under the figure. */
	children?: ReactNode;
	loading?: boolean;
}

const arrows = { up: "up", down: "down", same: "minus" } as const;

/** A figure with its change and its sample. Wrap it in a link to make it one. */
export function StatTile({ label, value, why, sample, delta, children, loading }: StatTileProps) {
	return (
		<div className={classes.tile}>
			<div className={classes.label}>{label}</div>
			{loading ? (
				<div className={classes.value}>
					<SkeletonLine width={60} height={20} />
				</div>
			) : (
				<div className={classes.value}>{value ?? <span className="rs-dim">—</span>}</div>
			)}
			{!loading && (
				<div className={classes.foot}>
					{value === null && <span>{why ?? "Not known"}</span>}
					{delta && (
						<span className={classes.delta} data-tone={delta.tone} title={delta.against}>
							<Icon name={arrows[delta.direction]} size={12} />
							{delta.text}
							<span className="rs-sr"> {delta.against}</span>
						</span>
					)}
					{sample && <span>{sample}</span>}
				</div>
			)}
			{children}
		</div>
	);
}
