import { Button, TextInput } from "@mantine/core";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { CriterionEditor } from "./CriterionEditor";
import classes from "./editor.module.css";
import { type CategoryDraft, type CriterionDraft, newCriterion } from "./scorecard";

interface CategoryProps {
	category: CategoryDraft;
	/** Its pointer in the scorecard: /categories/0. */
	at: string;
	label: string;
	errors: Record<string, string>;
	readOnly: boolean;
	onChange: (to: CategoryDraft) => void;
	/** Not there for the last one: a scorecard has at least one. */
	onRemove?: () => void;
}

export function CategoryEditor({
	category: c,
	at,
	label,
	errors,
	readOnly,
	onChange,
	onRemove,
}: CategoryProps) {
	const set = (to: Partial<CategoryDraft>) => onChange({ ...c, ...to });
	const put = (j: number, to: CriterionDraft | null) =>
		set({ criteria: c.criteria.flatMap((k, i) => (i === j ? (to ?? []) : k)) });
	return (
		<Section
			title={label}
			actions={
				onRemove && !readOnly ? (
					<Button size="compact-sm" variant="subtle" color="gray" onClick={onRemove}>
						Remove the category
					</Button>
				) : undefined
			}
		>
			<div className={classes.stack}>
				<div className={classes.weighted}>
					<TextInput
						label="Category"
						maxLength={200}
						disabled={readOnly}
						value={c.name}
						error={errors[`${at}/name`]}
						onChange={(e) => set({ name: e.currentTarget.value })}
					/>
					<TextInput
						label="Weight"
						inputMode="decimal"
						rightSection={<span className="rs-dim">%</span>}
						rightSectionPointerEvents="none"
						disabled={readOnly}
						value={c.weight}
						error={errors[`${at}/weight`]}
						onChange={(e) => set({ weight: e.currentTarget.value })}
					/>
				</div>
				{errors[`${at}/criteria`] && (
					<p role="alert" className={classes.wrong}>
						{errors[`${at}/criteria`]}
					</p>
				)}
				{c.criteria.map((k, j) => (
					<CriterionEditor
						key={k.id}
						criterion={k}
						at={`${at}/criteria/${j}`}
						label={k.name || `Criterion ${j + 1}`}
						errors={errors}
						readOnly={readOnly}
						onChange={(to) => put(j, to)}
						onRemove={c.criteria.length > 1 ? () => put(j, null) : undefined}
					/>
				))}
				{!readOnly && (
					<div>
						<Button
							leftSection={<Icon name="plus" />}
							onClick={() => set({ criteria: [...c.criteria, newCriterion()] })}
						>
							Add a criterion
						</Button>
					</div>
				)}
			</div>
		</Section>
	);
}
