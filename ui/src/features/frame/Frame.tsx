import { ActionIcon } from "@mantine/core";
import { Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { Icon } from "../../components/Icon";
import { KeyHint } from "../../components/KeyHint";
import { useCommands } from "../../lib/commands";
import { useKeyboard, useKeys } from "../../lib/keys";
import { changeSettings, useSettings } from "../../lib/settings";
import { LivePill, useFollowLive } from "../live/LivePill";
import { Breadcrumb } from "./Breadcrumb";
import classes from "./Frame.module.css";
import { frameCommands, useGoTo } from "./goto";
import { PersonMenu } from "./PersonMenu";
import { Rail } from "./Rail";
import { WorkspaceMenu } from "./WorkspaceMenu";

const Palette = lazy(() => import("./Palette").then((m) => ({ default: m.Palette })));
const HelpSheet = lazy(() => import("./HelpSheet").then((m) => ({ default: m.HelpSheet })));

/** What stands around every page: rail, top bar, palette and help sheet. */
export function Frame() {
	useKeyboard();
	useFollowLive();
	const { rail } = useSettings();
	const [open, setOpen] = useState<"palette" | "help" | "rail" | null>(null);
	const goTo = useGoTo();
	const main = useTopOnEachPage();
	const commands = useMemo(() => frameCommands(goTo, () => setOpen("help")), [goTo]);
	useCommands(commands);
	useKeys([
		{ keys: "mod+k", label: "Search, go to, do", group: "Anywhere", run: () => setOpen("palette") },
		{ keys: "?", label: "Keys", group: "Anywhere", run: () => setOpen("help") },
		{ keys: "g l", label: "Live", group: "Go to", run: () => goTo("/live") },
		{ keys: "g c", label: "Calls", group: "Go to", run: () => goTo("/calls") },
		{ keys: "g t", label: "Alerts", group: "Go to", run: () => goTo("/alerts") },
		{ keys: "g e", label: "Evaluations", group: "Go to", run: () => goTo("/evaluations") },
		{ keys: "g k", label: "Knowledge gaps", group: "Go to", run: () => goTo("/knowledge-gaps") },
		{ keys: "g a", label: "Agents", group: "Go to", run: () => goTo("/agents") },
		{ keys: "g s", label: "Settings", group: "Go to", run: () => goTo("/settings") },
		{ keys: "\\", label: "Fold the rail", group: "Anywhere", run: toggleRail(rail) },
	]);
	return (
		<div className={classes.frame} data-rail={rail} data-drawn={open === "rail" || undefined}>
			<a className={classes.skip} href="#page">
				Skip to the page
			</a>
			<nav className={classes.rail} aria-label="Main">
				<WorkspaceMenu />
				<Rail onGo={() => setOpen(null)} />
				<PersonMenu onHelp={() => setOpen("help")} />
			</nav>
			{open === "rail" && (
				<button
					type="button"
					className={classes.veil}
					aria-label="Close the menu"
					onClick={() => setOpen(null)}
				/>
			)}
			<header className={classes.top}>
				<ActionIcon className={classes.fold} aria-label="Fold the rail" onClick={toggleRail(rail)}>
					<Icon name="panel" />
				</ActionIcon>
				<ActionIcon className={classes.draw} aria-label="Open the menu" onClick={() => setOpen("rail")}>
					<Icon name="panel" />
				</ActionIcon>
				<Breadcrumb />
				<span className={classes.pill}>
					<LivePill />
				</span>
				<button type="button" className={classes.search} onClick={() => setOpen("palette")}>
					<Icon name="search" size={14} />
					<span>Search or jump</span>
					<KeyHint keys="mod+k" />
				</button>
			</header>
			<main ref={main} className={classes.main} id="page" tabIndex={-1}>
				<Outlet />
			</main>
			<Suspense>
				{open === "palette" && <Palette onClose={() => setOpen(null)} />}
				{open === "help" && <HelpSheet onClose={() => setOpen(null)} />}
			</Suspense>
		</div>
	);
}

/** A page starts at its top; a change of its search moves nothing. */
function useTopOnEachPage() {
	const main = useRef<HTMLElement>(null);
	const path = useLocation({ select: (l) => l.pathname });
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new path is the reason
	useEffect(() => {
		// Newer browsers give a promise, which an effect must not.
		main.current?.scrollTo({ top: 0 });
	}, [path]);
	return main;
}

const toggleRail = (rail: "open" | "closed") => () =>
	changeSettings({ rail: rail === "open" ? "closed" : "open" });
