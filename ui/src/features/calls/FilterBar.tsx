import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { FilterChip, FilterMenu, type FilterOption } from "../../components/Filter";
import { useSettings } from "../../lib/settings";
import { DateMenu } from "./DateMenu";
import classes from "./FilterBar.module.css";
import { chips, facetLabels, facetWords } from "./filters";
import { MoreFilters } from "./MoreFilters";
import { facetsQuery } from "./queries";
import { SearchBox } from "./SearchBox";
import { type FacetName, facetNames, join, values } from "./search";
import type { Facets } from "./types";
import { useView } from "./useView";

/** What a facet's menu offers: the counted values, and the chosen ones that no call has. */
export function facetOptions(name: FacetName, facets: Facets, selected: string[]): FilterOption[] {
	const counted = facets.facets?.[name] ?? [];
	const options = counted.map((v) => ({
		value: v.value,
		label: facetWords(name, v.value, v.label),
		count: v.count,
	}));
	const twins = new Set(options.map((o) => o.label).filter((l, i, all) => all.indexOf(l) !== i));
	for (const o of options) if (twins.has(o.label)) o.label = `${o.label} (${o.value})`;
	const missing = selected.filter((s) => !options.some((o) => o.value === s));
	return [...options, ...missing.map((value) => ({ value, label: facetWords(name, value), count: 0 }))];
}

/** Search, dates, facets with counts, and the filters in force. Facets load when the list is there. */
export function FilterBar({ listed }: { listed: boolean }) {
	const { search, change, clear } = useView();
	const { data: facets } = useQuery({ ...facetsQuery(search), enabled: listed });
	const label = (name: FacetName, value: string) =>
		facets?.facets?.[name]?.find((v) => v.value === value)?.label || undefined;
	const { zone } = useSettings();
	const on = chips(search, label, zone);
	return (
		<div className={classes.bar} role="search" aria-label="Filter the calls">
			<div className={classes.line}>
				<SearchBox className={classes.search} />
				<DateMenu filters={search} onChange={change} />
				{facetNames.map((name) => {
					const selected = values(search[name]);
					return (
						<FilterMenu
							key={name}
							name={facetLabels[name]}
							options={facets && facetOptions(name, facets, selected)}
							selected={selected}
							onChange={(list) => change({ [name]: join(list) })}
							note={facets?.capped ? "Counted over the newest 100,000 calls." : undefined}
						/>
					);
				})}
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
