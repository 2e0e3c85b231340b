import { useEffect, useRef } from "react";
import type { LiveState } from "./fold";
import { type Group, grouped, held, type Row, rowOf, sorted, waiting } from "./order";
import type { LiveSearch } from "./search";

interface Shown {
	view: string;
	ids: string[];
	groups: string[];
	rows: Map<string, Row>;
}

export interface Order {
	rows: Row[];
	groups: Group[];
	/** Rows that would come, go or move once nobody points at the table. */
	waiting: number;
}

/**
 * The rows in the order to show. It changes by alerts, by new calls and on
 * request; while the order is on hold it does not change at all.
 */
export function useOrder(
	rows: Row[],
	state: LiveState,
	search: LiveSearch,
	hold: boolean,
	asked: number,
): Order {
	const last = useRef<Shown>({ view: "", ids: [], groups: [], rows: new Map() });
	const before = last.current;
	const { at: _, ...rest } = search;
	const view = JSON.stringify([rest, asked]);
	const anew = before.view !== view;
	const byID = new Map(rows.map((r) => [r.call.id, r]));
	const wanted = sorted(rows, search.sort).map((r) => r.call.id);
	let ids = wanted;
	if (!anew && hold) ids = held(before.ids, wanted, false);
	else if (!anew && search.sort?.endsWith("score")) ids = held(before.ids, wanted, true);
	const shown = ids.flatMap((id) => byID.get(id) ?? keptRow(id, state, before) ?? []);
	const groups = search.group ? grouped(shown) : [];
	if (!anew && hold) {
		const place = (g: Group) => before.groups.indexOf(g.key) + 1 || before.groups.length + 1;
		groups.sort((a, b) => place(a) - place(b));
	}
	useEffect(() => {
		last.current = {
			view,
			ids: shown.map((r) => r.call.id),
			groups: groups.map((g) => g.key),
			rows: new Map(shown.map((r) => [r.call.id, r])),
		};
	});
	return { rows: shown, groups, waiting: hold && !anew ? waiting(ids, wanted) : 0 };
}

/** A row that stays only because of the hold: as it is now, or as it was last. */
function keptRow(id: string, state: LiveState, before: Shown): Row | undefined {
	const call = state.calls.get(id);
	if (call) return rowOf(call, null);
	const ended = state.ended.get(id);
	return ended ? rowOf(ended.call, ended) : before.rows.get(id);
}
