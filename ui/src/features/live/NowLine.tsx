import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { durationWords, latency } from "../../lib/format";
import { reasonWords, statuses, wordOf } from "../../lib/words";
import type { Call } from "../call/types";
import { LinkWords } from "./LinkState";
import classes from "./LiveCallView.module.css";
import { Level } from "./marks";
import type { One } from "./one";
import type { Link } from "./source";
import type { LiveCall } from "./types";
import { statusOf } from "./words";

interface NowProps {
	call: LiveCall;
	one: One;
	/** The call as it was recorded, once it is. */
	recorded: Call | undefined;
	link: Link;
	heard: number;
	now: number;
}

/** What happens at this moment; after the end, how it ended. Always as high. */
export function NowLine({ call, one, recorded, link, heard, now }: NowProps) {
	if (one.ended) {
		return (
			<div className={classes.now} data-ended role="status">
				<Icon name="check" />
				<span className={classes.nowWords}>
					<b>The call has ended.</b> {howItEnded(one, recorded)}
				</span>
			</div>
		);
	}
	return (
		<div className={classes.now}>
			<span className={classes.nowWords}>
				<Level speaking={call.speaking} word />
				{!call.speaking && <span className="rs-dim">{quiet(call, one, now)}</span>}
			</span>
			{call.currentTool && (
				<Badge tone="live" icon="tool">
					{call.currentTool} is running
				</Badge>
			)}
			{call.lastResponseMs !== null && (
				<span className={classes.nowFact}>last response {latency(call.lastResponseMs)}</span>
			)}
			<LinkWords link={link} heard={heard} />
		</div>
	);
}

function howItEnded(one: One, recorded: Call | undefined): string {
	if (recorded?.outcome.explanation) return recorded.outcome.explanation;
	const reason = recorded?.ended_reason ?? one.ended?.endedReason;
	if (reason) return `${reasonWords(reason)}.`;
	const status = recorded?.status ?? one.ended?.status;
	return status ? `${wordOf(statuses, status).text}.` : "";
}

/** Nobody speaks: since when. */
function quiet(call: LiveCall, one: One, now: number): string {
	if (call.status !== "in_progress") return wordOf(statuses, statusOf(call.status)).text;
	if (!call.silentSince) return "Nothing said yet";
	const skew = one.skew !== null && Math.abs(one.skew) >= 2000 ? one.skew : 0;
	const ms = now - skew - Date.parse(call.silentSince);
	return ms < 3000 ? "Nobody speaks" : `Silent for ${durationWords(Math.floor(ms / 1000) * 1000)}`;
}
