import type { Media } from "./CallView";
import classes from "./CallView.module.css";
import { KeptNote } from "./KeptNote";
import { linkToCall } from "./links";
import { Player } from "./Player";
import { whySilent } from "./recordings";
import { type Target, Transcript } from "./Transcript";
import type { Call } from "./types";

interface MediaTabProps {
	call: Call;
	media: Media;
	target: Target | null;
	find: string;
	onFind: (find: string) => void;
}

export function MediaTab({ call, media, target, find, onFind }: MediaTabProps) {
	const { source } = media;
	return (
		<div className={classes.media}>
			{source && (
				<Player
					sources={media.sources}
					source={source}
					onSource={media.choose}
					linkAt={(seconds) => linkToCall(call.id, { tab: "transcript", t: seconds })}
				/>
			)}
			<KeptNote call={call} why={source ? undefined : whySilent(call, media.now)} />
			<Transcript
				call={call}
				target={target}
				find={find}
				onFind={onFind}
				linkTo={(turn) => linkToCall(call.id, { tab: "transcript", turn })}
			/>
		</div>
	);
}
