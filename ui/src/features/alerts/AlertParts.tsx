import { Badge } from "../../components/Badge";
import { wordOf } from "../../lib/words";
import { severities, severityIcons } from "./words";

export function SeverityBadge({ severity }: { severity: string }) {
	const { text, tone } = wordOf(severities, severity);
	return (
		<Badge bare tone={tone} icon={severityIcons[severity] ?? "info"}>
			{text}
		</Badge>
	);
}
