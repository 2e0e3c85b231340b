import type { ReactNode } from "react";
import type { Tone } from "../lib/words";
import classes from "./Gate.module.css";
import { Icon } from "./Icon";

/** The card of the pages before the frame: set-up and sign-in. */
export function Gate({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
	return (
		<main className={classes.gate}>
			<div className={classes.card}>
				<div className={classes.brand}>
					<span className={classes.mark}>
						<Icon name="wave" size={18} />
					</span>
					Ringside
				</div>
				<h1 className={classes.title}>{title}</h1>
				{lead && <p className="rs-dim">{lead}</p>}
				<div className={classes.body}>{children}</div>
			</div>
		</main>
	);
}

/** A sentence in a form about the whole of it. */
export function FormNote({ tone, children }: { tone: Tone; children: ReactNode }) {
	return (
		<p className={classes.note} data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
			<Icon name={tone === "bad" ? "alert" : "info"} />
			<span>{children}</span>
		</p>
	);
}
