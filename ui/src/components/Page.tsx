import { type ReactNode, useEffect } from "react";
import classes from "./Page.module.css";

interface PageProps {
	title: string;
	/** Beside the title: badges. */
	badges?: ReactNode;
	/** At the right end of the title's line. */
	actions?: ReactNode;
	/** One line under the title. */
	lead?: ReactNode;
	/** "fill" gives the children the rest of the height, to scroll in themselves. */
	mode?: "scroll" | "fill";
	children: ReactNode;
}

/** The body of every page under the frame: a title, what can be done, and the rest. */
export function Page({ title, badges, actions, lead, mode = "scroll", children }: PageProps) {
	useEffect(() => {
		document.title = `${title} · Ringside`;
	}, [title]);
	return (
		<div className={classes.page} data-mode={mode}>
			<header className={classes.head}>
				<div className={classes.titles}>
					<h1 className={classes.title}>{title}</h1>
					{badges}
				</div>
				{actions && <div className={classes.actions}>{actions}</div>}
				{lead && <div className={classes.lead}>{lead}</div>}
			</header>
			{children}
		</div>
	);
}

interface SectionProps {
	title?: string;
	lead?: ReactNode;
	actions?: ReactNode;
	/** Without padding, for a table or a list that reaches the edges. */
	flush?: boolean;
	children: ReactNode;
}

/** A card with a heading. */
export function Section({ title, lead, actions, flush, children }: SectionProps) {
	return (
		<section className={classes.section} aria-label={title}>
			{(title || actions) && (
				<header className={classes.sectionHead}>
					{title && <h2 className={classes.sectionTitle}>{title}</h2>}
					{actions && <div className={classes.actions}>{actions}</div>}
				</header>
			)}
			{lead && <p className={classes.sectionLead}>{lead}</p>}
			<div className={flush ? undefined : classes.sectionBody}>{children}</div>
		</section>
	);
}

/** Names and values in two columns. */
export function Facts({ children }: { children: ReactNode }) {
	return <dl className={classes.facts}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
	return (
		<div className={classes.fact}>
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}
