import { Link } from "@tanstack/react-router";
import { api } from "../../api/client";
import { Icon } from "../../components/Icon";
import { MethodLabel, ResolutionBadge } from "../../components/Judgement";
import { Section } from "../../components/Page";
import { join } from "../calls/search";
import classes from "./Analysis.module.css";
import { analysed, whyNone } from "./analysis";
import { Steps } from "./Steps";
import type { Call, Summary } from "./types";

/** The call in a few sentences, or why there are none, and how far the work on it is. */
export function SummaryCard({ call }: { call: Call }) {
	const tags = call.tags ?? [];
	const { summary } = call;
	return (
		<Section
			title="Analysis"
			actions={summary && <MethodLabel method={summary.method} model={call.judge?.model} />}
		>
			<div className={classes.summary}>
				{summary ? <Said summary={summary} /> : <p className="rs-dim">{whyNoSummary(call)}</p>}
				{tags.length > 0 && (
					<div className={classes.row}>
						<span className={classes.label}>Tags</span>
						<div className={classes.tagged}>
							<Tags tags={tags} />
							<MethodLabel method={call.tags_method} model={call.judge?.model} />
						</div>
					</div>
				)}
				<Steps
					call={call}
					retry={(step) =>
						api.POST("/v1/calls/{id}/steps/{step}/retry", { params: { path: { id: call.id, step } } })
					}
				/>
			</div>
		</Section>
	);
}

const whyNoSummary = (call: Call): string =>
	analysed(call) ? "No summary was made of this call." : whyNone(call);

function Said({ summary: s }: { summary: Summary }) {
	const topics = s.key_topics ?? [];
	const actions = s.action_items ?? [];
	return (
		<>
			{s.outcome && (
				<div>
					<ResolutionBadge outcome={s.outcome} />
				</div>
			)}
			{s.overview && <p className={classes.overview}>{s.overview}</p>}
			{topics.length > 0 && (
				<div className={classes.row}>
					<span className={classes.label}>Topics</span>
					<span>{topics.join(", ")}</span>
				</div>
			)}
			{actions.length > 0 && (
				<div className={classes.row}>
					<span className={classes.label}>To do</span>
					<ul className={classes.actions}>
						{actions.map((a, i) => (
							<li key={i}>
								<Icon name="right" size={12} />
								<span>{a}</span>
							</li>
						))}
					</ul>
				</div>
			)}
		</>
	);
}

function Tags({ tags }: { tags: string[] }) {
	return (
		<ul className={classes.tags}>
			{tags.map((t) => (
				<li key={t}>
					<Link
						to="/calls"
						search={{ tag: join([t]) }}
						className={classes.tag}
						title={`Calls with the tag ${t}`}
					>
						{t}
					</Link>
				</li>
			))}
		</ul>
	);
}
