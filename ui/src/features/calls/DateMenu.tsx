import { Button, Popover, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../components/Icon";
import { useSettings } from "../../lib/settings";
import { fromInput, toInput } from "../../lib/time";
import classes from "./FilterBar.module.css";
import { presetWords, rangeWords } from "./filters";
import type { Filters, Preset } from "./search";

interface DateProps {
	filters: Filters;
	onChange: (change: Pick<Filters, "range" | "after" | "before">) => void;
}

/** Presets and a custom range, in the zone that the page shows. */
export function DateMenu({ filters, onChange }: DateProps) {
	const { zone } = useSettings();
	const [opened, setOpened] = useState(false);
	const choose = (range: Preset | undefined) => {
		setOpened(false);
		onChange({ range, after: undefined, before: undefined });
	};
	const active = !!(filters.range || filters.after || filters.before);
	return (
		<Popover opened={opened} onChange={setOpened} position="bottom-start" width={270} trapFocus returnFocus>
			<Popover.Target>
				<UnstyledButton
					className={classes.button}
					data-active={active || undefined}
					onClick={() => setOpened(!opened)}
				>
					<Icon name="clock" size={14} />
					{rangeWords(filters, zone)}
					<Icon name="down" size={12} />
				</UnstyledButton>
			</Popover.Target>
			<Popover.Dropdown aria-label="Dates">
				<div className={classes.presets}>
					{(Object.keys(presetWords) as Preset[]).map((p) => (
						<UnstyledButton
							key={p}
							className={classes.preset}
							data-on={filters.range === p || undefined}
							onClick={() => choose(p)}
						>
							{presetWords[p]}
						</UnstyledButton>
					))}
					<UnstyledButton
						className={classes.preset}
						data-on={!active || undefined}
						onClick={() => choose(undefined)}
					>
						All time
					</UnstyledButton>
				</div>
				<CustomRange
					key={`${filters.after}${filters.before}${zone}`}
					filters={filters}
					onApply={(after, before) => {
						setOpened(false);
						onChange({ range: undefined, after, before });
					}}
				/>
			</Popover.Dropdown>
		</Popover>
	);
}

interface CustomProps {
	filters: Filters;
	onApply: (after: string | undefined, before: string | undefined) => void;
}

function CustomRange({ filters, onApply }: CustomProps) {
	const { zone } = useSettings();
	const start = (iso: string | undefined) => (iso ? toInput(new Date(iso), zone) : "");
	const [from, setFrom] = useState(start(filters.after));
	const [to, setTo] = useState(start(filters.before));
	const [after, before] = [fromInput(from, zone), fromInput(to, zone)];
	const backwards = after && before && after >= before;
	return (
		<form
			className={classes.form}
			onSubmit={(e) => {
				e.preventDefault();
				onApply(after?.toISOString(), before?.toISOString());
			}}
		>
			<label>
				From
				<input type="datetime-local" value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
			</label>
			<label>
				To
				<input type="datetime-local" value={to} onChange={(e) => setTo(e.currentTarget.value)} />
			</label>
			<p className={backwards ? classes.wrong : classes.hint}>
				{backwards
					? "From is not before to."
					: zone === "utc"
						? "Times are in UTC."
						: "Times are in your zone."}
			</p>
			<Button type="submit" variant="filled" disabled={!!backwards || (!after && !before)}>
				Show this range
			</Button>
		</form>
	);
}
