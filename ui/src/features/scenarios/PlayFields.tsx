import { SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { agentsQuery } from "../agents/queries";
import { Figure } from "../alerts/Figure";
import { zones } from "../settings/hours";
import type { PartProps } from "./ScenarioDialog";
import type { ScenarioDraft } from "./scenario";
import classes from "./scenarios.module.css";

const kinds = [
	{ value: "off", label: "By hand" },
	{ value: "hours", label: "Every few hours" },
	{ value: "daily", label: "Daily" },
];

/** As whose calls, how many, and when. */
export function PlayFields({ draft, problems, set }: PartProps) {
	const agents = useQuery(agentsQuery);
	const known = (agents.data ?? []).map((a) => ({ value: a.id, label: a.name || a.id }));
	return (
		<>
			<div className={classes.pair}>
				<Select
					label="Shown as calls of"
					description="Its rules are tried; it is not called."
					placeholder="None of your agents"
					clearable
					searchable
					limit={100}
					nothingFoundMessage="No agent of this name"
					data={known}
					value={draft.agent || null}
					error={problems["/agent_id"] ?? (agents.isError ? "The agents could not be loaded" : undefined)}
					onChange={(agent) => set({ agent: agent ?? "" })}
				/>
				<Figure
					label="Calls at once"
					description="At most 50, in all scenarios together."
					value={draft.calls}
					error={problems["/calls"]}
					onChange={(calls) => set({ calls })}
				/>
			</div>
			<SegmentedControl
				aria-label="When it is played"
				data={kinds}
				value={draft.kind}
				onChange={(kind) => set({ kind: kind as ScenarioDraft["kind"] })}
			/>
			<When draft={draft} problems={problems} set={set} />
		</>
	);
}

function When({ draft, problems, set }: PartProps) {
	const [known] = useState(() => zones(draft.timezone));
	if (draft.kind === "off") return null;
	return (
		<>
			{draft.kind === "hours" ? (
				<Figure
					label="Every"
					unit="h"
					value={draft.everyHours}
					error={problems["/schedule/every_hours"]}
					onChange={(everyHours) => set({ everyHours })}
				/>
			) : (
				<div className={classes.pair}>
					<TextInput
						label="At"
						placeholder="07:30"
						value={draft.at}
						error={problems["/schedule/at"]}
						onChange={(e) => set({ at: e.currentTarget.value })}
					/>
					<Select
						label="Time zone"
						searchable
						allowDeselect={false}
						limit={100}
						nothingFoundMessage="No zone of this name"
						data={known}
						value={draft.timezone}
						error={problems["/schedule/timezone"]}
						onChange={(v) => set({ timezone: v ?? "UTC" })}
					/>
				</div>
			)}
			<Switch
				label="The schedule is on"
				checked={draft.active}
				onChange={(e) => set({ active: e.currentTarget.checked })}
			/>
			<p className="rs-dim">What is due while Ringside is not running is not caught up.</p>
		</>
	);
}
