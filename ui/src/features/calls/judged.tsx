// What the analysis says of a call, in the cells of a row. A value filters the list.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Icon } from "../../components/Icon";
import { FindingBadge, findingIcon, NotMeasured, SentimentBadge } from "../../components/Judgement";
import { findings, wordOf } from "../../lib/words";
import { listLabels, valueWords } from "./filters";
import classes from "./judged.module.css";
import { join, type ListName } from "./search";
import type { CallItem } from "./types";

interface ValueProps {
	name: ListName;
	value: string;
	children: ReactNode;
}

/** A value in a row: a click shows the calls that have it. */
function Value({ name, value, children }: ValueProps) {
	return (
		<Link
			className={classes.value}
			to="/calls"
			search={(now) => ({ ...now, [name]: join([value]), peek: undefined })}
			title={`${listLabels[name]}: ${valueWords(name, value)}. Show these calls`}
			tabIndex={-1}
			preload={false}
		>
			{children}
		</Link>
	);
}

export function SentimentCell({ call }: { call: CallItem }) {
	if (!call.sentiment) return <NotMeasured />;
	return (
		<Value name="sentiment" value={call.sentiment}>
			<SentimentBadge label={call.sentiment} bare />
		</Value>
	);
}

const shownTags = 2;

export function TagsCell({ call }: { call: CallItem }) {
	const tags = call.tags ?? [];
	if (tags.length === 0) return <span className="rs-dim">—</span>;
	const rest = tags.slice(shownTags);
	return (
		<span className={classes.list}>
			{tags.slice(0, shownTags).map((t) => (
				<Value key={t} name="tag" value={t}>
					<span className={classes.tag}>{t}</span>
				</Value>
			))}
			<Rest words={rest} />
		</span>
	);
}

const shownFindings = 3;

/** The worst in words, the next as icons. */
export function FindingsCell({ call }: { call: CallItem }) {
	const [worst, ...others] = call.findings ?? [];
	if (!worst)
		return call.quality == null && !call.sentiment ? <NotMeasured /> : <span className="rs-dim">None</span>;
	return (
		<span className={classes.list}>
			<Value name="finding" value={worst}>
				<FindingBadge kind={worst} bare />
			</Value>
			{others.slice(0, shownFindings - 1).map((kind) => (
				<Value key={kind} name="finding" value={kind}>
					<span className={classes.icon} data-tone={wordOf(findings, kind).tone}>
						<Icon name={findingIcon(kind)} size={14} />
						<span className="rs-sr">{wordOf(findings, kind).text}</span>
					</span>
				</Value>
			))}
			<Rest words={others.slice(shownFindings - 1).map((kind) => wordOf(findings, kind).text)} />
		</span>
	);
}

function Rest({ words }: { words: string[] }) {
	if (words.length === 0) return null;
	return (
		<span className={classes.rest} title={words.join(", ")}>
			+{words.length}
			<span className="rs-sr">: {words.join(", ")}</span>
		</span>
	);
}
