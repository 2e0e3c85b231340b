import { Button, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon } from "../../components/Icon";
import classes from "./lists.module.css";

export interface ListProps<T> {
	/** The pointer of the list. */
	at: string;
	value: T[];
	errors: Record<string, string>;
	disabled: boolean;
	onChange: (value: T[]) => void;
}

interface CardsProps<T> extends ListProps<T> {
	/** What one is called: "Rule". */
	noun: string;
	/** What to say where there is none. */
	none: string;
	fresh: T;
	nameOf: (item: T) => string;
	children: (item: ItemProps<T>) => ReactNode;
}

export interface ItemProps<T> {
	item: T;
	index: number;
	set: (change: Partial<T>) => void;
	/** What is wrong with a field of it. */
	error: (field: string) => string | undefined;
	disabled: boolean;
}

/** A list of things, each in a frame of its own, that can be added to and taken from. */
export function Cards<T extends object>(props: CardsProps<T>) {
	const { at, value, errors, disabled, onChange, noun, none, fresh, nameOf, children } = props;
	const put = (i: number, to: T | null) =>
		onChange(value.flatMap((item, n) => (n === i ? (to ?? []) : item)));
	return (
		<div className={classes.cards}>
			{value.length === 0 && <p className="rs-dim">{none}</p>}
			{value.map((item, i) => {
				const label = `${noun} ${i + 1}`;
				const name = nameOf(item).trim();
				return (
					<section key={i} className={classes.card} aria-label={name ? `${label}: ${name}` : label}>
						<div className={classes.head}>
							<h3>{name || label}</h3>
							{!disabled && (
								<Button size="compact-sm" variant="subtle" color="gray" onClick={() => put(i, null)}>
									Remove<span className="rs-sr"> {name || label}</span>
								</Button>
							)}
						</div>
						{children({
							item,
							index: i,
							set: (change) => put(i, { ...item, ...change }),
							error: (field) => errors[`${at}/${i}/${field}`],
							disabled,
						})}
					</section>
				);
			})}
			{!disabled && (
				<div>
					<Button leftSection={<Icon name="plus" />} onClick={() => onChange([...value, { ...fresh }])}>
						Add a {noun.toLowerCase()}
					</Button>
				</div>
			)}
		</div>
	);
}

interface FigureProps {
	label: string;
	description?: string;
	placeholder?: string;
	unit?: string;
	value: number | string | null | undefined;
	error?: string;
	disabled: boolean;
	onChange: (value: string) => void;
}

/** A number, kept as typed. */
export function Figure({ unit, value, onChange, ...rest }: FigureProps) {
	return (
		<TextInput
			{...rest}
			inputMode="decimal"
			maxLength={20}
			rightSection={unit && <span className="rs-dim">{unit}</span>}
			rightSectionWidth={unit ? 78 : undefined}
			rightSectionPointerEvents="none"
			value={String(value ?? "")}
			onChange={(e) => onChange(e.currentTarget.value)}
		/>
	);
}
