/** The thing before or after the open one in a list; the first where none is open. */
export function neighbour<T extends { id: string }>(
	list: readonly T[],
	open: string | undefined,
	step: 1 | -1,
): string | undefined {
	const at = list.findIndex((t) => t.id === open);
	if (at < 0) return list[0]?.id;
	return list[at + step]?.id;
}
