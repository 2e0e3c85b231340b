import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { scorecardsQuery } from "../evaluations/queries";
import { Help } from "./FieldControl";
import type { Field } from "./field";
import classes from "./lists.module.css";

interface ScorecardProps {
	field: Field;
	/** A scorecard's id; empty for none. */
	value: string;
	error?: string;
	disabled: boolean;
	onChange: (id: string) => void;
}

export function ScorecardSelect({ field, value, error, disabled, onChange }: ScorecardProps) {
	const scorecards = useQuery(scorecardsQuery);
	const known = (scorecards.data ?? []).map((s) => ({ value: s.id, label: s.name }));
	const gone = value && !known.some((s) => s.value === value) ? [{ value, label: value }] : [];
	return (
		<div className={classes.stack}>
			<Select
				label={field.label}
				description={<Help field={field} />}
				allowDeselect={false}
				searchable={known.length > 10}
				disabled={disabled}
				data={[{ value: "", label: "None" }, ...gone, ...known]}
				value={value}
				error={error ?? (scorecards.isError ? "The scorecards could not be loaded" : undefined)}
				onChange={(v) => onChange(v ?? "")}
			/>
			{scorecards.data?.length === 0 && (
				<p className="rs-dim">
					There is no scorecard yet.{" "}
					<Link to="/evaluations" search={{ view: "scorecards" }}>
						Write one
					</Link>{" "}
					to choose it here.
				</p>
			)}
		</div>
	);
}
