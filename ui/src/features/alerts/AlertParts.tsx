import { Badge } from "../../components/Badge";
import type { IconName } from "../../components/Icon";
import { alertSeverities, wordOf } from "../../lib/words";

const icons: Record<string, IconName> = { critical: "stop", low: "info" };

export const severityIcon = (severity: string): IconName => icons[severity] ?? "alert";

export function SeverityBadge({ severity }: { severity: string }) {
	const { text, tone } = wordOf(alertSeverities, severity);
	return (
		<Badge bare tone={tone} icon={severityIcon(severity)}>
			{text}
		</Badge>
	);
}
