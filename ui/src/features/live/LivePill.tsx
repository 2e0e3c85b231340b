import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { api, data } from "../../api/client";
import { useSession } from "../../api/session";
import { count, plural } from "../../lib/format";
import { useSettings } from "../../lib/settings";
import classes from "./LivePill.module.css";
import { live, useLive } from "./store";

/** Follows the workspace's calls while the frame stands. A refusal leads to sign-in where the session has ended. */
export function useFollowLive() {
	const workspace = useSession().workspace.id;
	const client = useQueryClient();
	const refused = useLive((l) => l.link === "refused");
	// biome-ignore lint/correctness/useExhaustiveDependencies: another workspace is another stream
	useEffect(live.open, [workspace]);
	useEffect(() => {
		if (!refused) return;
		const queryFn = () => data(api.GET("/v1/live-calls/stats"));
		void client.fetchQuery({ queryKey: ["live", "why"], queryFn, staleTime: 0 }).catch(() => {});
	}, [refused, client]);
	useAlarms();
}

function useAlarms() {
	const { liveSound, liveNotify } = useSettings();
	useEffect(() => {
		if (!liveSound && !liveNotify) return;
		let stop = () => {};
		let off = false;
		live.stays = () => true;
		void import("./alarm").then((m) => {
			if (!off) stop = m.watchForCritical({ sound: liveSound, notify: liveNotify });
		});
		return () => {
			off = true;
			live.stays = () => false;
			stop();
		};
	}, [liveSound, liveNotify]);
}

const calls = () => useLive((l) => (l.state.ready || l.state.calls.size > 0 ? l.state.calls.size : null));

/** How many calls are in progress, for the rail. */
export function LiveCount() {
	const n = calls();
	if (!n) return null;
	return (
		<span className={classes.count}>
			{count(n)}
			<span className="rs-sr"> in progress</span>
		</span>
	);
}

/** In the top bar of every page: how many calls are in progress, and whether that is still so. */
export function LivePill() {
	const n = calls();
	const link = useLive((l) => l.link);
	const lost = link === "reconnecting" || link === "refused";
	if (n === null && !lost) return null;
	return (
		<Link
			to="/live"
			className={classes.pill}
			data-on={(!lost && n) || undefined}
			data-lost={lost || undefined}
			title={lost ? "The connection is lost; trying again" : `${plural(n ?? 0, "call")} in progress`}
		>
			<i className={classes.dot} aria-hidden="true" />
			{lost ? "Reconnecting" : `${count(n)} live`}
		</Link>
	);
}
