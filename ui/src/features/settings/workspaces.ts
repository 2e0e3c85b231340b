import type { Workspace } from "./queries";

type Named = Pick<Workspace, "id" | "name" | "is_demo">;

/** What has to happen before a workspace can go. */
export interface Removal {
	/** The name of a workspace to make first: the one that goes is the only one. */
	make?: string;
	/** The workspace to move to first: the person stands in the one that goes. */
	moveTo?: string;
}

/**
 * Plans the removal of a workspace: nobody may stand in it, and one has to be
 * left. Where to go is the oldest that holds no sample calls, or else the
 * oldest.
 */
export function removal(goes: string, current: string, all: readonly Named[]): Removal {
	const left = all.filter((w) => w.id !== goes);
	const to = left.find((w) => !w.is_demo) ?? left[0];
	if (!to) return { make: "Default" };
	return goes === current ? { moveTo: to.id } : {};
}
