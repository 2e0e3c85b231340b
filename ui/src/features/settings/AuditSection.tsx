import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMay } from "../../api/may";
import { Raw } from "../../components/Badge";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { actionWords, subjectOf } from "./audit";
import { OnlyAdmins } from "./OnlyAdmins";
import { type AuditEntry, auditQuery } from "./queries";
import classes from "./settings.module.css";

export function AuditSection() {
	return useMay().change ? <Audit /> : <OnlyAdmins what="The audit" />;
}

function Audit() {
	const audit = useInfiniteQuery(auditQuery);
	const entries = audit.data?.pages.flatMap((p) => p.items ?? []) ?? [];
	return (
		<Section flush>
			{audit.isPending && <SkeletonRows rows={8} />}
			{audit.isError && entries.length === 0 && (
				<ErrorState doing="load the audit" error={audit.error} retry={() => void audit.refetch()} />
			)}
			{audit.data && entries.length === 0 && (
				<EmptyState icon="note" title="Nothing has been changed yet">
					Each change of an agent, source, key, user or workspace is noted here: who, when, and what.
				</EmptyState>
			)}
			{entries.length > 0 && (
				<Table
					label="Audit"
					columns={[{ label: "When" }, { label: "Who" }, { label: "What" }, { label: "Of" }]}
				>
					{entries.map((e) => (
						<AuditRow key={e.id} entry={e} />
					))}
				</Table>
			)}
			{audit.hasNextPage && (
				<div className={classes.more}>
					<Button loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
						Load more
					</Button>
				</div>
			)}
		</Section>
	);
}

function AuditRow({ entry }: { entry: AuditEntry }) {
	const { name, id } = subjectOf(entry.subject);
	return (
		<tr>
			<Cell>
				<When at={entry.at} />
			</Cell>
			<Cell title={entry.actor_id}>{entry.actor || <span className="rs-dim">Ringside</span>}</Cell>
			<Cell>
				<Raw value={entry.action}>{actionWords(entry.action)}</Raw>
			</Cell>
			<Cell title={id}>{name}</Cell>
		</tr>
	);
}
