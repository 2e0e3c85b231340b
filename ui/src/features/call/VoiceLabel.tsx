import { Tooltip } from "@mantine/core";
import { Icon } from "../../components/Icon";
import classes from "./VoiceLabel.module.css";
import type { Voice } from "./voice";

/** How a turn sounds, beside its time: calm, for it is an estimate. */
export function VoiceLabel({ voice: v }: { voice: Voice }) {
	return (
		<Tooltip label={v.why} multiline maw={360} events={{ hover: true, focus: true, touch: true }}>
			<button type="button" className={classes.voice} aria-label={`${v.label}. ${v.why}`}>
				<Icon name={v.upset ? "frown" : "info"} size={12} />
				{v.label}
			</button>
		</Tooltip>
	);
}
