import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "../../components/Badge";
import { When } from "../../components/Values";
import { count, plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { completenessQuery, missing } from "./connect";
import classes from "./connect.module.css";
import { HookPanel } from "./HookPanel";
import { ImportPanel } from "./ImportPanel";
import type { Provider, Source } from "./queries";

interface PanelProps {
	source: Source;
	provider: Provider;
	mayChange: boolean;
}

/** What a source's API key brings: past calls, agents, what was missed, the webhook. */
export function ConnectPanel({ source, provider, mayChange }: PanelProps) {
	return (
		<div className={classes.panel}>
			{source.api_key_set && <ImportPanel source={source} mayChange={mayChange} />}
			{source.api_key_set && <InStep source={source} provider={provider} />}
			<CompletenessLine source={source} />
			{mayChange && source.api_key_set && provider.key_gives.webhook && (
				<HookPanel source={source} provider={provider} />
			)}
		</div>
	);
}

/** How comparing with the platform goes. */
function InStep({ source, provider }: { source: Source; provider: Provider }) {
	const r = source.reconciliation;
	return (
		<p className={classes.line}>
			<span className={classes.name}>Kept in step</span>
			{!r && <span className="rs-dim">{provider.name} is asked for its agents and calls in a moment.</span>}
			{r?.trouble && (
				<>
					<Badge tone="watch" icon="alert" bare>
						Not now
					</Badge>
					<span>{capital(r.trouble)}.</span>
				</>
			)}
			{r?.looked_at && (
				<span>
					{provider.key_gives.agents && <>{plural(r.agents, "agent")} at the platform; </>}
					{r.fetched > 0
						? `${plural(r.fetched, "call")} fetched whose webhook never came; `
						: "no call was missed; "}
					compared <When at={r.looked_at} />
				</span>
			)}
		</p>
	);
}

/** What the last 30 days lack, each with a way to the calls where a filter finds them. */
function CompletenessLine({ source }: { source: Source }) {
	const { data, isError } = useQuery(completenessQuery(source.id));
	return (
		<p className={classes.line}>
			<span className={classes.name}>Last 30 days</span>
			{!data && (
				<span className="rs-dim">{isError ? "What is missing could not be counted." : "Counting…"}</span>
			)}
			{data?.calls === 0 && <span className="rs-dim">No calls yet</span>}
			{data && data.calls > 0 && (
				<>
					<span>
						{count(data.calls)}
						{data.calls >= 10_000 && " or more"} {data.calls === 1 ? "call" : "calls"}
					</span>
					{missing(data, source.provider).map((m) =>
						m.search && m.n > 0 ? (
							<Link key={m.what} to="/calls" search={m.search}>
								{count(m.n)} {m.what}
							</Link>
						) : (
							<span key={m.what} className={m.n === 0 ? "rs-dim" : undefined}>
								{m.n === 0 ? "none" : count(m.n)} {m.what}
							</span>
						),
					)}
				</>
			)}
		</p>
	);
}
