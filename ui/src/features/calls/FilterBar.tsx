import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { FilterChip, FilterMenu, type FilterOption } from "../../components/Filter";
import { plural } from "../../lib/format";
import { useSettings } from "../../lib/settings";
import { findings } from "../../lib/words";
import { DateMenu } from "./DateMenu";
import classes from "./FilterBar.module.css";
import { chips, listLabels, valueWords } from "./filters";
import { MoreFilters } from "./MoreFilters";
import { callsQuery, facetsQuery } from "./queries";
import { SearchBox } from "./SearchBox";
import { type FacetName, join, type ListName, listNames, values } from "./search";
import type { CallItem, Facets } from "./types";
import { useView } from "./useView";

/** What a facet's menu offers: the counted values, and the chosen ones that no call has. */
export function facetOptions(name: FacetName, facets: Facets, selected: string[]): FilterOption[] {
	const counted = facets.facets?.[name] ?? [];
	const options = counted.map((v) => ({
		value: v.value,
		label: valueWords(name, v.value, v.label),
		count: v.count,
	}));
	const twins = new Set(options.map((o) => o.label).filter((l, i, all) => all.indexOf(l) !== i));
	for (const o of options) if (twins.has(o.label)) o.label = `${o.label} (${o.value})`;
	const missing = selected.filter((s) => !options.some((o) => o.value === s));
	return [...options, ...missing.map((value) => ({ value, label: valueWords(name, value), count: 0 }))];
}

/** The tags of some calls with how many have each, most frequent first, and the chosen ones that none has. */
export function tagOptions(calls: CallItem[], selected: string[]): FilterOption[] {
	const counts = new Map(selected.map((t) => [t, 0]));
	for (const t of calls.flatMap((c) => c.tags ?? [])) counts.set(t, (counts.get(t) ?? 0) + 1);
	return [...counts]
		.sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
		.map(([value, count]) => ({ value, label: value, count }));
}

const findingOptions: FilterOption[] = Object.entries(findings).map(([value, { text }]) => ({
	value,
	label: text,
}));

/** Search, dates, facets with counts, and the filters in force. Facets load when the list is there. */
export function FilterBar({ listed }: { listed: boolean }) {
	const { search, change, clear } = useView();
	const { data: facets } = useQuery({ ...facetsQuery(search), enabled: listed });
	const label = (name: ListName, value: string) =>
		facets?.facets?.[name]?.find((v) => v.value === value)?.label || undefined;
	const { zone } = useSettings();
	const on = chips(search, label, zone);
	return (
		<div className={classes.bar} role="search" aria-label="Filter the calls">
			<div className={classes.line}>
				<SearchBox className={classes.search} />
				<DateMenu filters={search} onChange={change} />
				{listNames.map((name) => (
					<ListMenu key={name} name={name} facets={facets} />
				))}
				<MoreFilters filters={search} onChange={change} />
			</div>
			{on.length > 0 && (
				<div className={classes.chips}>
					{on.map((c) => (
						<FilterChip
							key={c.id}
							name={c.name}
							operator={c.operator}
							value={c.value}
							onRemove={() => change(c.off)}
						/>
					))}
					<Button size="xs" variant="subtle" color="gray" onClick={clear}>
						Clear filters
					</Button>
				</div>
			)}
		</div>
	);
}

function ListMenu({ name, facets }: { name: ListName; facets: Facets | undefined }) {
	const { search, change } = useView();
	const selected = values(search[name]);
	const onChange = (list: string[]) => change({ [name]: join(list) });
	const menu = { name: listLabels[name], selected, onChange };
	if (name === "finding") return <FilterMenu {...menu} options={findingOptions} />;
	if (name === "tag") return <TagMenu {...menu} />;
	return (
		<FilterMenu
			{...menu}
			options={facets && facetOptions(name, facets, selected)}
			note={facets?.capped ? "Counted over the newest 100,000 calls." : undefined}
		/>
	);
}

interface TagMenuProps {
	name: string;
	selected: string[];
	onChange: (tags: string[]) => void;
}

/** The tags of the calls that the list has loaded: nobody counts them all. */
function TagMenu(props: TagMenuProps) {
	const { search } = useView();
	const { data: list } = useInfiniteQuery({ ...callsQuery(search), enabled: false });
	const calls = list?.pages.flatMap((p) => p.items ?? []);
	return (
		<FilterMenu
			{...props}
			options={calls && tagOptions(calls, props.selected)}
			note={calls && `Of the ${plural(calls.length, "call")} loaded here. More takes any other tag.`}
		/>
	);
}
