import { Select, Textarea, TextInput } from "@mantine/core";
import { Cards, Figure, type ItemProps, type ListProps } from "./ListParts";
import { newPhrase, type PhraseRule } from "./lists";
import classes from "./lists.module.css";

const kinds: { value: PhraseRule["kind"]; label: string }[] = [
	{ value: "required", label: "Must be said" },
	{ value: "forbidden", label: "Must not be said" },
];

/** What an agent must say, and must not. */
export function PhraseEditor(props: ListProps<PhraseRule>) {
	return (
		<Cards
			{...props}
			noun="Rule"
			none="No rule yet: a recording disclosure is a good first one."
			fresh={newPhrase}
			nameOf={(r) => r.name}
		>
			{(item) => <PhraseFields {...item} />}
		</Cards>
	);
}

function PhraseFields({ item: r, set, error, disabled }: ItemProps<PhraseRule>) {
	return (
		<>
			<div className={classes.pair}>
				<TextInput
					label="Name"
					placeholder="Recording disclosure"
					maxLength={200}
					disabled={disabled}
					value={r.name}
					error={error("name")}
					onChange={(e) => set({ name: e.currentTarget.value })}
				/>
				<Select
					label="Kind"
					allowDeselect={false}
					disabled={disabled}
					data={kinds}
					value={r.kind}
					error={error("kind")}
					onChange={(v) => set({ kind: v === "forbidden" ? "forbidden" : "required" })}
				/>
			</div>
			<Textarea
				label="Phrases"
				description="One a line. Any one of them counts; other words may stand between."
				placeholder={"this call is recorded\nthis call may be recorded"}
				autosize
				minRows={2}
				maxRows={10}
				disabled={disabled}
				value={r.phrases.join("\n")}
				error={error("phrases")}
				onChange={(e) => set({ phrases: e.currentTarget.value.split("\n") })}
			/>
			{r.kind === "required" && (
				<Figure
					label="Within"
					description="Of the answer; at any time when empty."
					unit="seconds"
					placeholder="30"
					disabled={disabled}
					value={r.withinSeconds}
					error={error("withinSeconds")}
					onChange={(withinSeconds) => set({ withinSeconds })}
				/>
			)}
		</>
	);
}
