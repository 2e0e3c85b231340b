import { capital } from "../../lib/forms";

/** Why a delivery made no call. The reason may tell of the field that the pointer names: "/type is required". */
export function whyWords(reason: string | undefined, pointer: string | undefined): string {
	return capital(`${pointer ?? ""} ${reason ?? ""}`.trim());
}

/** What became of a delivery that was decoded again, in words for a toast. */
export function replayWords(action: string, why: string): { title: string; detail?: string; good: boolean } {
	const detail = why || undefined;
	switch (action) {
		case "created":
			return { title: "It made a call", good: true };
		case "updated":
			return { title: "It added to a call", good: true };
		case "duplicate":
			return { title: "The call had it already", good: true };
		case "ignored":
			return { title: "It says nothing about a call", detail, good: true };
		default:
			return { title: "It still can't be read", detail, good: false };
	}
}
