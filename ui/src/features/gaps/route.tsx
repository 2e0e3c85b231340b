import { SegmentedControl, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import { Badge } from "../../components/Badge";
import { Page, Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, type Column, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { count, plural } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { neighbour } from "../../lib/neighbour";
import { gapStatuses, wordOf } from "../../lib/words";
import { GapPeek } from "./GapPeek";
import classes from "./gaps.module.css";
import { type Gap, gapsQuery } from "./queries";
import type { GapsSearch } from "./search";

/** Questions that agents could not answer, gathered over calls. */
export function GapsRoute() {
	const search = useSearch({ from: "/app/knowledge-gaps" });
	const navigate = useNavigate();
	const gaps = useQuery(gapsQuery(search.status));
	const may = useMay();
	const go = (to: GapsSearch) => void navigate({ to: "/knowledge-gaps", search: to, replace: true });
	const open = (gap: string | undefined) => go({ ...search, gap });
	const items = gaps.data ?? [];
	const step = (by: 1 | -1) => () => {
		const id = neighbour(items, search.gap, by);
		if (id) open(id);
	};
	useKeys([
		{ keys: "j", label: "Next question", group: "Knowledge gaps", run: step(1) },
		{ keys: "k", label: "Previous question", group: "Knowledge gaps", run: step(-1) },
		{ keys: "Escape", run: () => open(undefined) },
	]);
	return (
		<Page
			title="Knowledge gaps"
			lead="What callers asked and your agents could not answer. Write the answer into the agent's knowledge, then settle the question here."
		>
			<div className={classes.bar}>
				<SegmentedControl
					aria-label="Which questions"
					data={[
						{ value: "", label: "Open" },
						{ value: "answered", label: "Answered" },
						{ value: "ignored", label: "Ignored" },
						{ value: "all", label: "All" },
					]}
					value={search.status ?? ""}
					onChange={(v) => go({ status: (v || undefined) as GapsSearch["status"] })}
				/>
				{items.length > 0 && <span className="rs-dim">{plural(items.length, "question")}</span>}
			</div>
			<div className={classes.fill}>
				<Section flush>
					{gaps.isPending && <SkeletonRows rows={8} />}
					{gaps.isError && (
						<ErrorState doing="load the questions" error={gaps.error} retry={() => void gaps.refetch()} />
					)}
					{gaps.data?.length === 0 && <Nothing status={search.status} />}
					{items.length > 0 && (
						<Table label="Questions" columns={search.gap ? beside : columns}>
							{items.map((g) => (
								<Row
									key={g.id}
									gap={g}
									selected={g.id === search.gap}
									narrow={search.gap !== undefined}
									onOpen={() => open(g.id)}
								/>
							))}
						</Table>
					)}
				</Section>
				{search.gap && (
					<div className={classes.beside}>
						<GapPeek
							key={search.gap}
							id={search.gap}
							mayChange={may.change}
							onClose={() => open(undefined)}
						/>
					</div>
				)}
			</div>
		</Page>
	);
}

const columns: Column[] = [
	{ label: "Question" },
	{ label: "Calls", align: "end" },
	{ label: "Last asked", align: "end" },
	{ label: "First asked", align: "end", wide: true },
	{ label: "Status", wide: true },
];

/** Those that stay while the drawer takes its part of the width. */
const beside = columns.slice(0, 2);

interface RowProps {
	gap: Gap;
	selected: boolean;
	narrow: boolean;
	onOpen: () => void;
}

function Row({ gap, selected, narrow, onOpen }: RowProps) {
	const status = wordOf(gapStatuses, gap.status);
	return (
		// The button in the row is the keyboard's way; J and K step.
		<tr data-clickable data-selected={selected || undefined} onClick={onOpen}>
			<Cell>
				<UnstyledButton className={classes.question} aria-expanded={selected} onClick={onOpen}>
					{gap.question}
				</UnstyledButton>
			</Cell>
			<Cell align="end">{count(gap.calls)}</Cell>
			{!narrow && (
				<>
					<Cell align="end">
						<When at={gap.last_at} />
					</Cell>
					<Cell align="end" wide>
						<When at={gap.first_at} />
					</Cell>
					<Cell wide>
						<Badge bare tone={status.tone} icon={gap.status === "open" ? "question" : "check"}>
							{status.text}
						</Badge>
					</Cell>
				</>
			)}
		</tr>
	);
}

function Nothing({ status }: { status: GapsSearch["status"] }) {
	if (status === "answered" || status === "ignored") {
		return <EmptyState icon="question" title={`No question is ${status}`} />;
	}
	return (
		<EmptyState icon="question" title="No open question">
			A question lands here when an agent says that it does not know, or marks its answer with{" "}
			<code>[KNOWLEDGE_GAP: topic]</code>. Tell your agent to do so in its instructions; questions that ask
			the same in other words are gathered into one.
		</EmptyState>
	);
}
