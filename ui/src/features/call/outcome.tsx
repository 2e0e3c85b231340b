import { Badge, FailureBadge } from "../../components/Badge";
import type { Call } from "./types";

/** Whether the call did what it was for, and what went wrong where it did not. */
export function Success({ outcome, bare = true }: { outcome: Call["outcome"]; bare?: boolean }) {
	if (outcome.failure_class) return <FailureBadge failure={outcome.failure_class} bare={bare} />;
	if (outcome.success === true) {
		return (
			<Badge bare={bare} tone="good" icon="check">
				Succeeded
			</Badge>
		);
	}
	if (outcome.success === false) {
		return (
			<Badge bare={bare} tone="bad" icon="close">
				Did not succeed
			</Badge>
		);
	}
	return (
		<Badge bare={bare} icon="question">
			Not judged
		</Badge>
	);
}
