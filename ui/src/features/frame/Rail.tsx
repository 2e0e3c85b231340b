import { Tooltip } from "@mantine/core";
import { Link, type LinkProps } from "@tanstack/react-router";
import { Icon, type IconName } from "../../components/Icon";
import { KeyHint } from "../../components/KeyHint";
import { useSettings } from "../../lib/settings";
import { LiveCount } from "../live/LivePill";
import classes from "./Rail.module.css";

interface Item {
	to: LinkProps["to"];
	label: string;
	icon: IconName;
	keys: string;
}

/** The rail's items. One is added when its page works, never before. */
const items: Item[] = [
	{ to: "/live", label: "Live", icon: "pulse", keys: "g l" },
	{ to: "/calls", label: "Calls", icon: "calls", keys: "g c" },
	{ to: "/evaluations", label: "Evaluations", icon: "check", keys: "g e" },
	{ to: "/knowledge-gaps", label: "Knowledge gaps", icon: "question", keys: "g k" },
	{ to: "/agents", label: "Agents", icon: "agents", keys: "g a" },
	{ to: "/settings", label: "Settings", icon: "settings", keys: "g s" },
];

export function Rail({ onGo }: { onGo: () => void }) {
	const { rail } = useSettings();
	return (
		<ul className={classes.items} data-rail={rail}>
			{items.map((item) => (
				<li key={item.label}>
					<Tooltip label={item.label} position="right" disabled={rail === "open"}>
						<Link
							to={item.to}
							className={classes.item}
							activeProps={{ "data-active": true }}
							activeOptions={{ exact: false, includeSearch: false }}
							onClick={onGo}
						>
							<Icon name={item.icon} />
							<span className={classes.label}>{item.label}</span>
							<span className={classes.tail}>
								<span className={classes.count}>{item.to === "/live" && <LiveCount />}</span>
								<span className={classes.keys}>
									<KeyHint keys={item.keys} />
								</span>
							</span>
						</Link>
					</Tooltip>
				</li>
			))}
		</ul>
	);
}
