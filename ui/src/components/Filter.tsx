import { Popover, TextInput, UnstyledButton } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import { shortCount } from "../lib/format";
import classes from "./Filter.module.css";
import { Icon, type IconName } from "./Icon";
import { SkeletonText } from "./States";

interface ChipProps {
	name: string;
	/** In words: "is", "is any of", "before". */
	operator?: string;
	value: string;
	onRemove: () => void;
}

/** One filter in force; the cross takes it off. */
export function FilterChip({ name, operator = "is", value, onRemove }: ChipProps) {
	return (
		<span className={classes.chip}>
			<span className={classes.name}>{name}</span>
			<span className={classes.operator}>{operator}</span>
			<span className={classes.value} title={value}>
				{value}
			</span>
			<UnstyledButton
				className={classes.remove}
				aria-label={`Remove filter: ${name} ${operator} ${value}`}
				onClick={onRemove}
			>
				<Icon name="close" size={12} />
			</UnstyledButton>
		</span>
	);
}

export interface FilterOption {
	value: string;
	label: string;
	count?: number;
}

interface MenuProps {
	name: string;
	icon?: IconName;
	/** undefined while they load. */
	options: FilterOption[] | undefined;
	selected: string[];
	onChange: (selected: string[]) => void;
	/** Runs when the menu opens: the time to load counts. */
	onOpen?: () => void;
	/** Under the list: "counts of the newest 10,000". */
	note?: ReactNode;
}

/** A button that opens a searchable list of values with counts; any number can be chosen. */
export function FilterMenu({ name, icon, options, selected, onChange, onOpen, note }: MenuProps) {
	const [opened, setOpened] = useState(false);
	const [query, setQuery] = useState("");
	const change = (open: boolean) => {
		setOpened(open);
		if (open) onOpen?.();
		else setQuery("");
	};
	const toggle = (value: string) =>
		onChange(selected.includes(value) ? selected.filter((v) => v !== value) : [...selected, value]);
	return (
		<Popover opened={opened} onChange={change} position="bottom-start" width={340} trapFocus returnFocus>
			<Popover.Target>
				<UnstyledButton
					className={classes.button}
					data-active={selected.length > 0 || undefined}
					onClick={() => change(!opened)}
				>
					{icon && <Icon name={icon} size={14} />}
					{name}
					{selected.length > 0 && <span className={classes.badge}>{selected.length}</span>}
					<Icon name="down" size={12} />
				</UnstyledButton>
			</Popover.Target>
			<Popover.Dropdown aria-label={name}>
				{(options?.length ?? 0) > 7 && (
					<TextInput
						className={classes.search}
						placeholder={`Find in ${name.toLowerCase()}`}
						aria-label={`Find in ${name.toLowerCase()}`}
						value={query}
						onChange={(e) => setQuery(e.currentTarget.value)}
					/>
				)}
				{options ? (
					<Options options={search(options, query)} selected={selected} toggle={toggle} />
				) : (
					<SkeletonText lines={5} />
				)}
				{note && <div className={classes.note}>{note}</div>}
			</Popover.Dropdown>
		</Popover>
	);
}

function search(options: FilterOption[], query: string): FilterOption[] {
	const q = query.trim().toLowerCase();
	return q ? options.filter((o) => `${o.label} ${o.value}`.toLowerCase().includes(q)) : options;
}

function Options({
	options,
	selected,
	toggle,
}: {
	options: FilterOption[];
	selected: string[];
	toggle: (value: string) => void;
}) {
	const group = useId();
	if (options.length === 0) return <div className={classes.note}>Nothing to choose from.</div>;
	return (
		<div className={classes.options}>
			{options.map((o) => (
				<label key={o.value} className={classes.option}>
					<input
						type="checkbox"
						name={group}
						checked={selected.includes(o.value)}
						onChange={() => toggle(o.value)}
					/>
					<span className={classes.label} title={o.value}>
						{o.label}
					</span>
					{o.count !== undefined && <span className={classes.count}>{shortCount(o.count)}</span>}
				</label>
			))}
		</div>
	);
}
