import type { ReactNode } from "react";
import {
	Badge,
	DirectionBadge,
	DirectionIcon,
	FailureBadge,
	ProviderBadge,
	Raw,
	StatusBadge,
} from "../../components/Badge";
import { CopyID } from "../../components/Copy";
import { Icon } from "../../components/Icon";
import { ScoreValue } from "../../components/Judgement";
import { Duration, LatencyValue, Money, PhoneNumber, When } from "../../components/Values";
import { humanise, reasonWords } from "../../lib/words";
import classes from "./columns.module.css";
import { FindingsCell, SentimentCell, TagsCell } from "./judged";
import type { Sort } from "./search";
import type { CallItem } from "./types";

export interface Column {
	id: string;
	title: string;
	/** How narrow it may get, in px. */
	min: number;
	/** Its share of the room that is left; none keeps it at its least. */
	grow?: number;
	align?: "right";
	/** The key of the sort that this column offers. */
	sort?: "started_at" | "duration_ms" | "cost" | "quality";
	/** Shown unless the person chose otherwise. */
	usual?: boolean;
	cell: (call: CallItem) => ReactNode;
}

const nothing = <span className="rs-dim">—</span>;

const text = (s: string | undefined) => (s ? <span title={s}>{s}</span> : nothing);

export const callTime = (c: CallItem): string => c.started_at ?? c.created_at ?? c.received_at;

export function AgentName({ call }: { call: CallItem }) {
	if (!call.agent) return <span className="rs-dim">No agent</span>;
	return text(call.agent.name || call.agent.source_id);
}

interface NumbersProps {
	call: CallItem;
	/** With the direction before them. */
	directed?: boolean;
}

export function Numbers({ call, directed }: NumbersProps) {
	if (!call.from && !call.to) return directed ? <DirectionBadge direction={call.direction} /> : nothing;
	return (
		<span className={classes.numbers}>
			{directed && <DirectionIcon direction={call.direction} />}
			<Tail number={call.from} />
			<span className="rs-dim" aria-hidden="true">
				→
			</span>
			<span className="rs-sr">to</span>
			<Tail number={call.to} />
		</span>
	);
}

/** A number that keeps its last digits when there is too little room: they tell callers apart. */
function Tail({ number }: { number: string }) {
	return (
		<span className={classes.tail}>
			<bdi dir="ltr">
				<PhoneNumber number={number} />
			</bdi>
		</span>
	);
}

/** What came of the call: the failure, or whether it did what it was for. */
export function OutcomeBadge({ call }: { call: CallItem }) {
	const { failure_class: failure, success } = call.outcome;
	if (!call.ended_at && ["queued", "ringing", "active"].includes(call.status)) return nothing;
	if (failure) return <FailureBadge failure={failure} bare />;
	if (success === true) {
		return (
			<Badge bare tone="good" icon="check">
				Succeeded
			</Badge>
		);
	}
	if (success === false) {
		return (
			<Badge bare tone="bad" icon="close">
				Did not succeed
			</Badge>
		);
	}
	return <span className="rs-dim">Not judged</span>;
}

export function EndedReason({ call }: { call: CallItem }) {
	if (!call.ended_reason) return nothing;
	return <Raw value={call.ended_reason}>{reasonWords(call.ended_reason)}</Raw>;
}

export const columns: Column[] = [
	{
		id: "time",
		title: "Time",
		min: 78,
		sort: "started_at",
		usual: true,
		cell: (c) => <When at={callTime(c)} />,
	},
	{
		id: "agent",
		title: "Agent",
		min: 100,
		grow: 1.2,
		usual: true,
		cell: (c) => (
			<span className={classes.agent}>
				<AgentName call={c} />
				{c.is_simulation && (
					<span className={classes.simulation} title="Simulation">
						<Icon name="tool" size={13} />
						<span className="rs-sr">Simulation</span>
					</span>
				)}
			</span>
		),
	},
	{
		id: "direction",
		title: "Direction",
		min: 84,
		cell: (c) => <DirectionBadge direction={c.direction} />,
	},
	{
		id: "numbers",
		title: "From → to",
		min: 170,
		grow: 2.2,
		usual: true,
		cell: (c) => <Numbers call={c} directed />,
	},
	{
		id: "status",
		title: "Status",
		min: 106,
		usual: true,
		cell: (c) => <StatusBadge status={c.status} bare />,
	},
	{
		id: "duration",
		title: "Duration",
		min: 62,
		align: "right",
		sort: "duration_ms",
		usual: true,
		cell: (c) => <Duration ms={c.duration_ms} />,
	},
	{
		id: "outcome",
		title: "Outcome",
		min: 104,
		grow: 1,
		usual: true,
		cell: (c) => <OutcomeBadge call={c} />,
	},
	{
		id: "score",
		title: "Score",
		min: 52,
		align: "right",
		sort: "quality",
		usual: true,
		cell: (c) => <ScoreValue value={c.quality} />,
	},
	{
		id: "sentiment",
		title: "Sentiment",
		min: 84,
		usual: true,
		cell: (c) => <SentimentCell call={c} />,
	},
	{ id: "findings", title: "Findings", min: 150, grow: 1.2, cell: (c) => <FindingsCell call={c} /> },
	{ id: "tags", title: "Tags", min: 120, grow: 1.2, cell: (c) => <TagsCell call={c} /> },
	{
		id: "reason",
		title: "Ended reason",
		min: 100,
		grow: 1.4,
		usual: true,
		cell: (c) => <EndedReason call={c} />,
	},
	{
		id: "cost",
		title: "Cost",
		min: 62,
		align: "right",
		sort: "cost",
		usual: true,
		cell: (c) => <Money cost={c.cost} />,
	},
	{
		id: "provider",
		title: "Provider",
		min: 92,
		cell: (c) => <ProviderBadge provider={c.provider} />,
	},
	{
		id: "response",
		title: "Response, claimed",
		min: 128,
		align: "right",
		cell: (c) => <LatencyValue ms={c.response_ms} />,
	},
	{ id: "turns", title: "Turns", min: 60, align: "right", cell: (c) => c.turns },
	{ id: "tools", title: "Tool calls", min: 78, align: "right", cell: (c) => c.tool_calls },
	{
		id: "recording",
		title: "Recording",
		min: 86,
		cell: (c) =>
			c.has_recording ? (
				<Badge bare icon="wave">
					Yes
				</Badge>
			) : (
				nothing
			),
	},
	{ id: "campaign", title: "Campaign", min: 100, grow: 1, cell: (c) => text(c.campaign) },
	{
		id: "customer",
		title: "Customer",
		min: 100,
		grow: 1,
		cell: (c) => text(c.customer_name || c.customer_key),
	},
	{ id: "version", title: "Agent version", min: 104, cell: (c) => text(c.agent_version) },
	{
		id: "last_event",
		title: "Last event",
		min: 110,
		grow: 1,
		cell: (c) => (c.last_event ? <Raw value={c.last_event}>{humanise(c.last_event)}</Raw> : nothing),
	},
	{ id: "received", title: "Received", min: 88, cell: (c) => <When at={c.received_at} /> },
	{
		id: "id",
		title: "Call id",
		min: 120,
		cell: (c) => <CopyID value={c.id} short={c.short_id} label="Copy the call id" />,
	},
	{
		id: "provider_call_id",
		title: "Provider's call id",
		min: 120,
		grow: 1,
		cell: (c) => <CopyID value={c.provider_call_id} label="Copy the provider's call id" />,
	},
];

export const usualColumns = columns.filter((c) => c.usual).map((c) => c.id);

/** The columns that a person chose, in the table's order; the usual ones when they chose none that exist. */
export function shownColumns(chosen: string[]): Column[] {
	const picked = columns.filter((c) => chosen.includes(c.id));
	return picked.length > 0 ? picked : columns.filter((c) => c.usual);
}

const gap = 10;
const edge = 14;

/** The tracks of the table's grid, and the width below which it scrolls sideways. */
export function tracks(shown: Column[]): { template: string; least: number } {
	const template = shown.map((c) => (c.grow ? `minmax(${c.min}px, ${c.grow}fr)` : `${c.min}px`)).join(" ");
	const least = shown.reduce((sum, c) => sum + c.min, 0) + gap * (shown.length - 1) + 2 * edge;
	return { template, least };
}

/** The order that a click on a column's head asks for: down, up, and back to the usual. */
export function nextSort(key: NonNullable<Column["sort"]>, now: Sort | undefined): Sort | undefined {
	const current = now ?? "-started_at";
	if (current === `-${key}`) return key;
	if (current === key && key !== "started_at") return undefined;
	return key === "started_at" ? undefined : `-${key}`;
}
