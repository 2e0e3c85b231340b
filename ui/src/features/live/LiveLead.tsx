import { DirectionBadge, ProviderBadge } from "../../components/Badge";
import { CopyID } from "../../components/Copy";
import { SentimentBadge } from "../../components/Judgement";
import { PhoneNumber, When } from "../../components/Values";
import { duration } from "../../lib/format";
import leadClasses from "../call/CallView.module.css";
import classes from "./LiveCallView.module.css";
import type { LiveCall } from "./types";

const ways: Record<string, string> = { rising: "rising", falling: "falling", steady: "steady" };

/** The facts under the title; the duration ticks. */
export function LiveLead({ call, elapsed }: { call: LiveCall; elapsed: number }) {
	const about = call.scenario || call.context;
	return (
		<div className={leadClasses.lead}>
			<span className={classes.elapsed} role="timer" aria-live="off">
				{duration(Math.floor(elapsed / 1000) * 1000)}
			</span>
			<When at={call.startedAt} form="exact" />
			{call.direction && <DirectionBadge direction={call.direction} />}
			{(call.from || call.to) && (
				<span className={leadClasses.numbers}>
					<PhoneNumber number={call.from} />
					<span aria-hidden="true">→</span>
					<span className="rs-sr">to</span>
					<PhoneNumber number={call.to} />
				</span>
			)}
			{about && <span className={leadClasses.explanation}>{about}</span>}
			{call.sentiment && call.sentiment !== "unknown" && (
				<span>
					<SentimentBadge label={call.sentiment} bare />
					{call.sentimentTrend && ways[call.sentimentTrend] && (
						<span className="rs-dim">, {ways[call.sentimentTrend]}</span>
					)}
				</span>
			)}
			<ProviderBadge provider={call.provider} />
			<CopyID value={call.id} short={call.shortId || undefined} label="Copy the session id" />
		</div>
	);
}
