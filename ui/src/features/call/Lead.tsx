import { Link } from "@tanstack/react-router";
import { DirectionBadge, ProviderBadge } from "../../components/Badge";
import { CopyID } from "../../components/Copy";
import { Duration, Money, PhoneNumber, When } from "../../components/Values";
import classes from "./CallView.module.css";
import type { Call } from "./types";

/** The facts under the title, in one line where there is room. */
export function Lead({ call }: { call: Call }) {
	return (
		<div className={classes.lead}>
			{call.outcome.explanation && <span className={classes.explanation}>{call.outcome.explanation}</span>}
			<When at={call.started_at ?? call.created_at ?? call.received_at} form="exact" />
			{call.duration_ms != null && <Duration ms={call.duration_ms} />}
			{call.cost && <Money cost={call.cost} />}
			{call.direction && <DirectionBadge direction={call.direction} />}
			{(call.from || call.to) && (
				<span className={classes.numbers}>
					<PhoneNumber number={call.from} />
					<span aria-hidden="true">→</span>
					<span className="rs-sr">to</span>
					<PhoneNumber number={call.to} />
				</span>
			)}
			<AgentVersion call={call} />
			<ProviderBadge provider={call.provider} />
			<CopyID value={call.id} short={call.short_id || undefined} label="Copy the session id" />
		</div>
	);
}

/** What the vendor calls the agent as it was in this call, and a way to what it was before and since. */
function AgentVersion({ call: { agent, agent_version: version } }: { call: Call }) {
	if (!version) return null;
	if (!agent?.id) return <span>version {version}</span>;
	return (
		<Link to="/agents/$id" params={{ id: agent.id }} hash="versions">
			version {version}
		</Link>
	);
}
