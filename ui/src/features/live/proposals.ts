// What rules propose to do to a call, in words. Pure.

import type { IconName } from "../../components/Icon";
import type { Proposal } from "./types";

type Step = Proposal["do"];

export const stepIcons: Record<Step["action"], IconName> = { say: "send", transfer: "transfer", end: "stop" };

/** What is done: "Transfer to Front desk". */
export function stepWords(step: Step, to = step.transferTo ?? ""): string {
	switch (step.action) {
		case "say":
			return `Say “${step.message ?? ""}”`;
		case "transfer":
			return `Transfer to ${to}`;
		case "end":
			return "End the call";
	}
}

/** Nothing has come of it yet. */
export const undecided = (p: Proposal): boolean => p.status === "proposed";

/** What came of a proposal, in a sentence. */
export function outcomeWords(p: Proposal): string {
	switch (p.status) {
		case "proposed":
			return "Lapsed. The call has ended.";
		case "cancelled":
			return `Cancelled by ${p.decidedBy || "somebody"}.`;
		case "lapsed":
			return `Lapsed. ${p.result ?? ""}`.trim();
		case "done":
			return `${p.result || "Done."} By ${p.decidedBy || "somebody"}.`;
		case "failed":
			return p.result || "Not done.";
	}
}
