import { Tooltip } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../components/Icon";
import { findingIcon, severityTone } from "../../components/Judgement";
import { worstFirst } from "../../lib/findings";
import { findings, severities, wordOf } from "../../lib/words";
import classes from "./Margin.module.css";
import type { Finding } from "./types";

/** What was found in a turn, beside it. */
export function Margin({ found, role }: { found: Finding[]; role: string }) {
	return (
		<ul className={classes.margin} data-role={role} aria-label="Found here">
			{worstFirst(found).map((f, i) => (
				<li key={i}>
					<Mark finding={f} />
				</li>
			))}
		</ul>
	);
}

/** The tooltip has the detail; a press keeps it, for those who can't hover. */
function Mark({ finding: f }: { finding: Finding }) {
	const [opened, setOpened] = useState(false);
	return (
		<>
			<Tooltip label={f.detail} disabled={opened} events={{ hover: true, focus: true, touch: false }}>
				<button
					type="button"
					className={classes.mark}
					data-tone={severityTone(f.severity)}
					aria-expanded={opened}
					onClick={() => setOpened(!opened)}
				>
					<Icon name={findingIcon(f.kind)} size={14} />
					<span className={classes.words}>
						{wordOf(findings, f.kind).text}{" "}
						<span className={classes.severity}>{wordOf(severities, f.severity).text}</span>
					</span>
				</button>
			</Tooltip>
			{opened && <p className={classes.detail}>{f.detail}</p>}
		</>
	);
}
