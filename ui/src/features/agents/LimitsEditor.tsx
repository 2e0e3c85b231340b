import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorState, SkeletonText } from "../../components/States";
import { figureNames, limitsQuery, limitWords, type SoundLimit, unitOf } from "../../lib/sound";
import type { Bounds, LimitsMap } from "./lists";
import classes from "./lists.module.css";

interface EditorProps {
	at: string;
	value: LimitsMap;
	errors: Record<string, string>;
	disabled: boolean;
	onChange: (value: LimitsMap) => void;
}

/** What the figures of a call's sound mean: the usual limits, or the agent's own. */
export function LimitsEditor(props: EditorProps) {
	const limits = useQuery(limitsQuery("")); // the usual ones: the draft has the agent's
	if (limits.isPending) return <SkeletonText lines={6} />;
	if (!limits.data) {
		return (
			<ErrorState doing="load the usual limits" error={limits.error} retry={() => void limits.refetch()} />
		);
	}
	return (
		<div className={classes.cards}>
			{limits.data.map((l) => (
				<OneFigure key={l.figure} limit={l} {...props} />
			))}
		</div>
	);
}

const bounds = [
	["good_from", "Good from"],
	["good_to", "Good to"],
	["watch_from", "Watch from"],
	["watch_to", "Watch to"],
] as const;

function OneFigure({ limit: l, at, value, errors, disabled, onChange }: EditorProps & { limit: SoundLimit }) {
	const name = figureNames[l.figure] ?? l.figure;
	const own = value[l.figure];
	const wrong = errors[`${at}/${l.figure}`];
	const without = () => Object.fromEntries(Object.entries(value).filter(([figure]) => figure !== l.figure));
	return (
		<section className={classes.card} aria-label={name}>
			<div className={classes.head}>
				<h3>{name}</h3>
				{!disabled && (
					<Button
						size="compact-sm"
						onClick={() => onChange(own ? without() : { ...value, [l.figure]: { ...l.usual } })}
					>
						{own ? "Use the usual limits" : "Set other limits"}
					</Button>
				)}
			</div>
			{own ? (
				<div className={classes.bounds}>
					{bounds.map(([bound, label]) => (
						<BoundInput
							key={bound}
							label={label}
							unit={l.unit}
							value={own[bound] ?? null}
							error={errors[`${at}/${l.figure}/${bound}`]}
							disabled={disabled}
							onChange={(v) => onChange({ ...value, [l.figure]: { ...own, [bound]: v } })}
						/>
					))}
				</div>
			) : (
				<p className="rs-dim">
					{limitWords(l.usual, l.unit)}: {l.why}.
				</p>
			)}
			{wrong && (
				<p role="alert" className={classes.wrong}>
					{wrong}
				</p>
			)}
		</section>
	);
}

interface BoundProps {
	label: string;
	unit: string;
	value: Bounds["good_from"];
	error?: string;
	disabled: boolean;
	onChange: (value: Bounds["good_from"]) => void;
}

/** A limit in the unit in which people say it. What is no number is kept as it was typed, and refused. */
function BoundInput({ label, unit, value, error, disabled, onChange }: BoundProps) {
	const { word, size } = unitOf(unit);
	const read = (text: string): Bounds["good_from"] => {
		const t = text.trim().replace("−", "-");
		if (t === "") return null;
		return /^-?\d+(\.\d+)?$/.test(t) ? Number((Number(t) * size).toPrecision(12)) : t;
	};
	const [typed, setTyped] = useState("");
	const shown = typeof value === "number" ? String(Number((value / size).toPrecision(12))) : (value ?? "");
	return (
		<TextInput
			label={label}
			inputMode="decimal"
			maxLength={20}
			placeholder="No limit"
			error={error}
			disabled={disabled}
			rightSection={word && <span className="rs-dim">{word}</span>}
			rightSectionWidth={word.length > 2 ? 70 : 34}
			rightSectionPointerEvents="none"
			value={read(typed) === value ? typed : shown}
			onChange={(e) => {
				setTyped(e.currentTarget.value);
				onChange(read(e.currentTarget.value));
			}}
		/>
	);
}
