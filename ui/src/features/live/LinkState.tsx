import { Badge } from "../../components/Badge";
import { useSettings } from "../../lib/settings";
import { clock } from "../../lib/time";
import type { Link } from "./source";
import { useLive } from "./store";

/** Whether what is shown is so now, in words. */
export function LinkState() {
	const link = useLive((l) => l.link);
	const second = useLive((l) => Math.floor(l.heard / 1000));
	return <LinkWords link={link} heard={second * 1000} />;
}

export function LinkWords({ link, heard }: { link: Link; heard: number }) {
	const { zone } = useSettings();
	const as = heard > 0 ? `, as of ${clock(new Date(heard), zone)}` : "";
	return (
		<span role="status">
			{link === "live" && (
				<Badge tone="live" icon="pulse">
					Following
				</Badge>
			)}
			{link === "connecting" && <Badge icon="clock">Connecting</Badge>}
			{link === "reconnecting" && (
				<Badge tone="watch" icon="refresh">
					Connection lost, trying again{as}
				</Badge>
			)}
			{link === "refused" && (
				<Badge tone="bad" icon="alert">
					The server refuses, trying again{as}
				</Badge>
			)}
		</span>
	);
}
