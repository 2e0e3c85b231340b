import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../components/Icon";
import { CRMPreview } from "./CRMPreview";
import { changed, type Draft, draftOf } from "./draft";
import { groups } from "./fields";
import { type Mapping, tidyMapping } from "./lists";
import classes from "./lists.module.css";
import type { Agent } from "./queries";

/** What can be given a place of its own: the synced fields, and our id of the call. */
const fields = [
	...(groups.flatMap((g) => g.fields).find((f) => f.at === "/crmSyncFields")?.options ?? []),
	{ value: "call_id", label: "Id of the call" },
];

/** What a preview goes by that has to be saved first; the mapping need not be. */
const previewed = ["/crmProvider", "/crmTemplate", "/crmSyncFields", "/crmCreateContact"];

interface MappingProps {
	agent: Agent;
	draft: Draft;
	value: Mapping;
	disabled: boolean;
	onChange: (value: Mapping) => void;
}

/** Pairs: our field and the CRM's property that it goes to. */
export function MappingEditor({ agent, draft, value, disabled, onChange }: MappingProps) {
	const [previewing, setPreviewing] = useState(false);
	const pairs = Object.entries(value);
	const free = fields.filter((f) => !(f.value in value));
	const put = (i: number, to: [string, string] | null) =>
		onChange(Object.fromEntries(pairs.flatMap((p, n) => (n === i ? (to ? [to] : []) : [p]))));
	const unsaved = changed(draftOf(agent), draft).some((at) => previewed.includes(at));
	return (
		<div className={classes.cards}>
			{pairs.length === 0 && <p className="rs-dim">Everything goes to its usual place.</p>}
			{pairs.map(([field, property], i) => (
				<div key={i} className={classes.mapped}>
					<Select
						aria-label={`Field ${i + 1}`}
						allowDeselect={false}
						disabled={disabled}
						data={optionsFor(field, free)}
						value={field}
						onChange={(v) => put(i, [v ?? field, property])}
					/>
					<Icon name="right" size={14} />
					<TextInput
						aria-label={`Property for field ${i + 1}`}
						placeholder={draft["/crmProvider"] === "salesforce" ? "Call_summary__c" : "call_summary"}
						spellCheck={false}
						maxLength={100}
						disabled={disabled}
						value={property}
						onChange={(e) => put(i, [field, e.currentTarget.value])}
					/>
					{!disabled && (
						<ActionIcon aria-label={`Remove field ${i + 1}`} title="Remove" onClick={() => put(i, null)}>
							<Icon name="close" size={14} />
						</ActionIcon>
					)}
				</div>
			))}
			{!disabled && (
				<div className={classes.buttons}>
					<Button
						leftSection={<Icon name="plus" />}
						disabled={free.length === 0}
						onClick={() => onChange({ ...value, [free[0]?.value ?? ""]: "" })}
					>
						Add a field
					</Button>
					<Button
						disabled={unsaved}
						title={unsaved ? "Save the changes to the CRM first" : undefined}
						onClick={() => setPreviewing(true)}
					>
						Preview
					</Button>
				</div>
			)}
			{previewing && (
				<CRMPreview agent={agent.id} mapping={tidyMapping(value)} onClose={() => setPreviewing(false)} />
			)}
		</div>
	);
}

/** A field that came by the API and is on no list is shown by its own name. */
function optionsFor(field: string, free: typeof fields) {
	const own = fields.find((f) => f.value === field) ?? { value: field, label: field };
	return [own, ...free];
}
