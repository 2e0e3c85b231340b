import { Raw } from "../../components/Badge";
import { CopyButton } from "../../components/Copy";
import { asText, LongText } from "../../components/JsonView";
import { Section } from "../../components/Page";
import { humanise } from "../../lib/words";
import classes from "./Analysis.module.css";
import { Shortened } from "./Shortened";

const most = 20;

/** What was read out of the call, field by field. */
export function ExtractedCard({ values }: { values: Record<string, unknown> }) {
	const fields = Object.entries(values);
	if (fields.length === 0) return null;
	return (
		<Section
			title="Extracted data"
			actions={<CopyButton value={asText(values)} label="Copy all values as JSON" />}
		>
			<Shortened
				items={fields}
				most={most}
				what="fields"
				render={([name, value]) => (
					<div className={classes.field}>
						<span className={classes.fieldName}>
							<Raw value={name}>{humanise(name)}</Raw>
						</span>
						<span className={classes.fieldValue}>
							<LongText text={valueWords(value)} />
						</span>
						<CopyButton value={asText(value)} label={`Copy: ${humanise(name)}`} />
					</div>
				)}
			/>
		</Section>
	);
}

function valueWords(value: unknown): string {
	if (value === null || value === "") return "—";
	if (typeof value === "boolean") return value ? "Yes" : "No";
	return asText(value);
}
