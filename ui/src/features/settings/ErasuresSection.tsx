import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../api/may";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, Table } from "../../components/Table";
import { When } from "../../components/Values";
import type { Erasure } from "../../lib/erasures";
import { plural } from "../../lib/format";
import { EraseDialog } from "./EraseDialog";
import { erasuresQuery, kindWords, removedWords } from "./erasures";
import classes from "./settings.module.css";

export function ErasuresSection() {
	if (useMay().change) return <Erasures />;
	return (
		<Section>
			<EmptyState icon="lock" title="Not for viewers">
				Members and admins erase a person's calls, and see what was erased.
			</EmptyState>
		</Section>
	);
}

function Erasures() {
	const list = useInfiniteQuery(erasuresQuery);
	const all = list.data?.pages.flatMap((p) => p.items ?? []) ?? [];
	const [asking, setAsking] = useState(false);
	const ask = (
		<Button variant="filled" leftSection={<Icon name="trash" />} onClick={() => setAsking(true)}>
			Erase a person
		</Button>
	);
	return (
		<>
			{all.length > 0 && <div className={classes.end}>{ask}</div>}
			<Section flush>
				{list.isPending && <SkeletonRows rows={4} />}
				{list.isError && all.length === 0 && (
					<ErrorState doing="load the erasures" error={list.error} retry={() => void list.refetch()} />
				)}
				{list.data && all.length === 0 && (
					<EmptyState icon="trash" title="Nothing has been erased" action={ask}>
						When somebody asks to be forgotten, give their number or address here: you see first how many
						calls would go. A single call is erased on its own page.
					</EmptyState>
				)}
				{all.length > 0 && (
					<Table
						label="Erasures"
						columns={[
							{ label: "When" },
							{ label: "What" },
							{ label: "Removed" },
							{ label: "Reason", wide: true },
							{ label: "By", wide: true },
						]}
					>
						{all.map((e) => (
							<ErasureRow key={e.id} erasure={e} />
						))}
					</Table>
				)}
				{list.hasNextPage && (
					<div className={classes.more}>
						<Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
							Load more
						</Button>
					</div>
				)}
			</Section>
			{asking && <EraseDialog onClose={() => setAsking(false)} />}
		</>
	);
}

function ErasureRow({ erasure: e }: { erasure: Erasure }) {
	return (
		<tr>
			<Cell>
				<When at={e.created_at} />
			</Cell>
			<Cell>{kindWords[e.kind]}</Cell>
			<Cell>
				{e.status === "done" ? (
					removedWords(e.removed)
				) : (
					<Badge tone="info" icon="clock" bare>
						{e.status === "waiting" ? "Waiting" : `${plural(e.removed.calls, "call")} so far`}
					</Badge>
				)}
			</Cell>
			<Cell wide cut title={e.reason}>
				{e.reason}
			</Cell>
			<Cell wide>{e.by}</Cell>
		</tr>
	);
}
