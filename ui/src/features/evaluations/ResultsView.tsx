import { Button, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { FilterMenu } from "../../components/Filter";
import { Icon } from "../../components/Icon";
import { NotMeasured, ScoreValue, VerdictBadge } from "../../components/Judgement";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, type Column, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { share } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { neighbour } from "../../lib/neighbour";
import { evaluationStatuses, verdicts, wordOf } from "../../lib/words";
import { EvaluationStatus, judgedBy, scorecardName } from "./EvaluationParts";
import classes from "./evaluations.module.css";
import { type Evaluation, evaluationsQuery, evaluatorsQuery } from "./queries";
import { ResultPeek } from "./ResultPeek";
import { RunDialog } from "./RunDialog";
import { type EvaluationsSearch, type ListName, listNames, listOf } from "./search";

interface ViewProps {
	search: EvaluationsSearch;
	onSearch: (to: EvaluationsSearch) => void;
	mayChange: boolean;
}

export function ResultsView({ search, onSearch, mayChange }: ViewProps) {
	const list = useInfiniteQuery(evaluationsQuery(search));
	const [running, setRunning] = useState(false);
	const items = list.data?.pages.flatMap((p) => p.items) ?? [];
	const open = (result: string | undefined) => onSearch({ ...search, result });
	const step = (by: 1 | -1) => () => {
		const id = neighbour(items, search.result, by);
		if (id) open(id);
	};
	useKeys([
		{ keys: "j", label: "Next result", group: "Evaluations", run: step(1) },
		{ keys: "k", label: "Previous result", group: "Evaluations", run: step(-1) },
		{ keys: "Escape", run: () => open(undefined) },
	]);
	const filtered = listNames.some((name) => search[name]);
	const run = mayChange && (
		<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setRunning(true)}>
			Run…
		</Button>
	);
	return (
		<>
			<div className={`${classes.bar} ${classes.between}`}>
				<Filters search={search} onSearch={onSearch} />
				{run}
			</div>
			<div className={classes.fill}>
				<Section flush>
					{list.isPending && <SkeletonRows rows={8} />}
					{list.isError && items.length === 0 && (
						<ErrorState doing="load the results" error={list.error} retry={() => void list.refetch()} />
					)}
					{list.data && items.length === 0 && (
						<Nothing filtered={filtered} mayChange={mayChange} onClear={() => onSearch({})} />
					)}
					{items.length > 0 && (
						<Table label="Results" columns={search.result ? beside : columns}>
							{items.map((e) => (
								<Row
									key={e.id}
									evaluation={e}
									selected={e.id === search.result}
									narrow={search.result !== undefined}
									onOpen={() => open(e.id)}
								/>
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
				{search.result && (
					<div className={classes.beside}>
						<ResultPeek
							key={search.result}
							id={search.result}
							mayChange={mayChange}
							onOpen={open}
							onClose={() => open(undefined)}
						/>
					</div>
				)}
			</div>
			{running && <RunDialog onClose={() => setRunning(false)} />}
		</>
	);
}

function Filters({ search, onSearch }: Pick<ViewProps, "search" | "onSearch">) {
	const evaluators = useQuery(evaluatorsQuery);
	const menu = (name: ListName) => ({
		selected: listOf(search[name]),
		onChange: (values: string[]) => onSearch({ ...search, [name]: values.join(",") || undefined }),
	});
	const words = (table: typeof verdicts, values: string[]) =>
		values.map((value) => ({ value, label: wordOf(table, value).text }));
	return (
		<div className={classes.bar}>
			<FilterMenu
				name="Evaluator"
				options={evaluators.data?.map((e) => ({ value: e.id, label: e.name }))}
				{...menu("evaluator")}
			/>
			<FilterMenu
				name="Status"
				options={words(evaluationStatuses, ["queued", "running", "done", "failed"])}
				{...menu("status")}
			/>
			<FilterMenu
				name="Verdict"
				options={words(verdicts, ["pass", "fail", "unknown"])}
				{...menu("verdict")}
			/>
		</div>
	);
}

const columns: Column[] = [
	{ label: "When" },
	{ label: "Call" },
	{ label: "Evaluator" },
	{ label: "Scorecard", wide: true },
	{ label: "Status", wide: true },
	{ label: "Score", align: "end" },
	{ label: "Verdict" },
	{ label: "Coverage", align: "end", wide: true },
	{ label: "Model", wide: true },
];

/** Those that stay while the drawer takes its part of the width. */
const beside = columns.filter((c) => !c.wide);

interface RowProps {
	evaluation: Evaluation;
	selected: boolean;
	narrow: boolean;
	onOpen: () => void;
}

function Row({ evaluation: e, selected, narrow, onOpen }: RowProps) {
	return (
		// The button in the row is the keyboard's way; J and K step.
		<tr data-clickable data-selected={selected || undefined} onClick={onOpen}>
			<Cell>
				<UnstyledButton className={classes.open} aria-expanded={selected} onClick={onOpen}>
					<When at={e.created_at} />
				</UnstyledButton>
			</Cell>
			<Cell>
				<Link
					to="/calls/$id"
					params={{ id: e.call.short_id }}
					className="rs-mono"
					onClick={(click) => click.stopPropagation()}
				>
					{e.call.short_id}
				</Link>
			</Cell>
			<Cell cut title={e.evaluator_name}>
				{e.evaluator_name}
			</Cell>
			{!narrow && (
				<>
					<Cell cut wide title={scorecardName(e)}>
						{scorecardName(e)}
					</Cell>
					<Cell wide>
						<EvaluationStatus status={e.status} />
					</Cell>
				</>
			)}
			<Cell align="end">
				<ScoreValue value={e.score} />
			</Cell>
			<Cell>
				{e.verdict ? (
					<VerdictBadge verdict={e.verdict} />
				) : narrow ? (
					<EvaluationStatus status={e.status} />
				) : (
					<NotMeasured />
				)}
			</Cell>
			{!narrow && (
				<>
					<Cell align="end" wide>
						{e.coverage == null ? <NotMeasured /> : share(e.coverage, 0)}
					</Cell>
					<Cell cut wide title={judgedBy(e)}>
						{judgedBy(e)}
					</Cell>
				</>
			)}
		</tr>
	);
}

interface NothingProps {
	filtered: boolean;
	mayChange: boolean;
	onClear: () => void;
}

function Nothing({ filtered, mayChange, onClear }: NothingProps) {
	if (filtered) {
		return (
			<EmptyState
				icon="filter"
				title="No result matches the filters"
				action={<Button onClick={onClear}>Show all results</Button>}
			/>
		);
	}
	return (
		<EmptyState
			icon="check"
			title="No call has been evaluated yet"
			action={
				<Button renderRoot={(props) => <Link to="/evaluations" search={{ view: "evaluators" }} {...props} />}>
					{mayChange ? "Set up an evaluator" : "See the evaluators"}
				</Button>
			}
		>
			An evaluator judges calls by your own criteria and says why, with the words it rests on. Let it watch an
			agent, and each call is judged after it ends; or run it over calls that are here already.
		</EmptyState>
	);
}
