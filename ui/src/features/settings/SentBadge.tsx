import { Badge } from "../../components/Badge";
import type { IconName } from "../../components/Icon";
import { sentStates, wordOf } from "../../lib/words";
import type { SentStatus } from "./search";

const icons: Record<SentStatus, IconName> = {
	waiting: "clock",
	failed: "refresh",
	delivered: "check",
	dead: "stop",
};

export function SentBadge({ status }: { status: SentStatus }) {
	const { text, tone } = wordOf(sentStates, status);
	return (
		<Badge tone={tone} icon={icons[status]} bare>
			{text}
		</Badge>
	);
}
