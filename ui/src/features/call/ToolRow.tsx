import { useEffect, useState } from "react";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { asText, JsonView } from "../../components/JsonView";
import { latency, offset } from "../../lib/format";
import classes from "./Transcript.module.css";
import type { ToolCall } from "./types";

interface ToolRowProps {
	tool: ToolCall;
	at: number | null;
	/** Opens it: a search has found something in it. */
	found: boolean;
	active: boolean;
	/** The call goes on: a result may still come. */
	live?: boolean;
	onSeek: (ms: number) => void;
}

const done = (t: ToolCall) => t.result != null || Boolean(t.error) || t.end_ms != null;

/** How a tool call came out, in a word or two. */
export function toolState(
	t: ToolCall,
	live = false,
): { text: string; tone: "good" | "bad" | "watch" | "live" } {
	const took = t.start_ms != null && t.end_ms != null ? ` in ${latency(t.end_ms - t.start_ms)}` : "";
	if (t.error) return { text: `Failed${took}`, tone: "bad" };
	if (done(t)) return { text: `Answered${took}`, tone: "good" };
	return live ? { text: "Running", tone: "live" } : { text: "No result came", tone: "watch" };
}

/** One use of a tool, folded in its place between the turns. */
export function ToolRow({ tool, at, found, active, live, onSeek }: ToolRowProps) {
	const [opened, setOpened] = useState(found && active);
	useEffect(() => {
		if (found && active) setOpened(true);
	}, [found, active]);
	const state = toolState(tool, live);
	return (
		<div
			className={classes.tool}
			data-bad={state.tone === "bad" || undefined}
			data-active={active || undefined}
		>
			<div className={classes.toolHead}>
				<button
					type="button"
					className={classes.toolToggle}
					aria-expanded={opened}
					onClick={() => setOpened(!opened)}
				>
					<Icon name={opened ? "down" : "right"} size={12} />
					<Icon name="tool" size={14} />
					<span className="rs-mono">{found ? <mark>{tool.name}</mark> : tool.name}</span>
					{!opened && tool.arguments != null && (
						<span className={classes.toolHint}>{JSON.stringify(tool.arguments).slice(0, 140)}</span>
					)}
				</button>
				<Badge
					bare
					tone={state.tone}
					icon={state.tone === "good" ? "check" : state.tone === "bad" ? "close" : "clock"}
				>
					{state.text}
				</Badge>
				{at !== null && (
					<button type="button" className={classes.time} onClick={() => onSeek(at)} title="Go to this moment">
						{offset(at)}
					</button>
				)}
			</div>
			{tool.error && <p className={classes.toolError}>{tool.error}</p>}
			{opened && <ToolBody tool={tool} live={live} />}
		</div>
	);
}

function ToolBody({ tool, live }: { tool: ToolCall; live?: boolean }) {
	const none = live ? "None yet." : "None came before the call ended.";
	return (
		<div className={classes.toolBody}>
			<p className={classes.toolPart}>Arguments</p>
			{tool.arguments == null ? (
				<p className="rs-dim">None, or the vendor sent none.</p>
			) : (
				<JsonView value={tool.arguments} label={`Arguments of ${tool.name}`} open={3} />
			)}
			<p className={classes.toolPart}>Result</p>
			{tool.result == null || asText(tool.result) === "" ? (
				<p className="rs-dim">{done(tool) ? "Empty." : none}</p>
			) : (
				<JsonView value={tool.result} label={`Result of ${tool.name}`} open={3} />
			)}
			{tool.error && tool.error_method === "local" && (
				<p className="rs-dim">The vendor says nothing of a failure; Ringside read it out of the result.</p>
			)}
		</div>
	);
}
