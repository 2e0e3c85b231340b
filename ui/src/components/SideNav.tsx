import type { ReactNode } from "react";
import classes from "./SideNav.module.css";

interface SideNavProps {
	label: string;
	/** <li> items with a link each; the one in force has aria-current. */
	items: ReactNode;
	children: ReactNode;
}

/** A list of places at the left of a page's body; a line above it under 900 px. */
export function SideNav({ label, items, children }: SideNavProps) {
	return (
		<div className={classes.frame}>
			<nav className={classes.nav} aria-label={label}>
				<ul>{items}</ul>
			</nav>
			<div className={classes.body}>{children}</div>
		</div>
	);
}
