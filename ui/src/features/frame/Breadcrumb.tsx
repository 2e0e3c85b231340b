import { Link, useLocation } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { humanise } from "../../lib/words";
import classes from "./Breadcrumb.module.css";
import { crumbName, watchCrumb } from "./crumb";

/** Where the page stands: the section, and the thing in it. */
export function Breadcrumb() {
	const path = useLocation({ select: (l) => l.pathname });
	const named = useSyncExternalStore(watchCrumb, crumbName);
	const [section = "", thing] = path.split("/").filter(Boolean);
	if (!section) return null;
	return (
		<nav className={classes.crumbs} aria-label="Breadcrumb">
			<ol>
				<li>
					{thing ? (
						<Link to={`/${section}` as "/calls"}>{humanise(section)}</Link>
					) : (
						<span aria-current="page">{humanise(section)}</span>
					)}
				</li>
				{thing && <li aria-current="page">{named || (section === "settings" ? humanise(thing) : "…")}</li>}
			</ol>
		</nav>
	);
}
