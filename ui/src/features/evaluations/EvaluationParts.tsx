import { Badge } from "../../components/Badge";
import type { IconName } from "../../components/Icon";
import { unknown } from "../../lib/format";
import { evaluationStatuses, wordOf } from "../../lib/words";
import type { Evaluation } from "./queries";

const icons: Record<string, IconName> = {
	queued: "clock",
	running: "refresh",
	done: "check",
	failed: "stop",
};

export function EvaluationStatus({ status }: { status: string }) {
	const { text, tone } = wordOf(evaluationStatuses, status);
	return (
		<Badge bare tone={tone} icon={icons[status] ?? "question"}>
			{text}
		</Badge>
	);
}

type Named = Pick<Evaluation, "scorecard_id" | "scorecard_name" | "scorecard_version">;

/** "Support, version 3"; an evaluator may go by criteria alone. */
export function scorecardName(e: Named): string {
	if (!e.scorecard_id) return "Criteria of its own";
	return `${e.scorecard_name}, version ${e.scorecard_version}`;
}

/** The model that was asked, or that none had to be. */
export function judgedBy(e: Pick<Evaluation, "status" | "model">): string {
	return e.model || (e.status === "done" ? "Local" : unknown);
}
