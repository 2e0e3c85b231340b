import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, type Column, Table } from "../../components/Table";
import { When } from "../../components/Values";
import { count, plural } from "../../lib/format";
import classes from "./evaluations.module.css";
import { type Scorecard, scorecardsQuery } from "./queries";
import { criteriaOf, points } from "./scorecard";

export function ScorecardsView({ mayChange }: { mayChange: boolean }) {
	const list = useQuery(scorecardsQuery);
	const create = mayChange && (
		<Button
			variant="filled"
			leftSection={<Icon name="plus" />}
			renderRoot={(props) => <Link to="/evaluations/scorecards/$id" params={{ id: "new" }} {...props} />}
		>
			Write a scorecard
		</Button>
	);
	return (
		<>
			{list.data && list.data.length > 0 && (
				<div className={`${classes.bar} ${classes.between}`}>
					<span className="rs-dim">{plural(list.data.length, "scorecard")}</span>
					{create}
				</div>
			)}
			<Section flush>
				{list.isPending && <SkeletonRows rows={6} />}
				{list.isError && !list.data && (
					<ErrorState doing="load the scorecards" error={list.error} retry={() => void list.refetch()} />
				)}
				{list.data?.length === 0 && (
					<EmptyState icon="note" title="No scorecard yet" action={create}>
						A scorecard says what a good call is: criteria in weighted categories, and from which score on a
						call passes. Each change makes a new version, and a result keeps the one it was judged by.
					</EmptyState>
				)}
				{list.data && list.data.length > 0 && (
					<Table label="Scorecards" columns={columns}>
						{list.data.map((s) => (
							<Row key={s.id} scorecard={s} />
						))}
					</Table>
				)}
			</Section>
		</>
	);
}

const columns: Column[] = [
	{ label: "Name" },
	{ label: "Version", align: "end" },
	{ label: "Criteria", align: "end" },
	{ label: "Pass mark", align: "end" },
	{ label: "Used by", wide: true },
	{ label: "Changed", align: "end", wide: true },
];

function Row({ scorecard: s }: { scorecard: Scorecard }) {
	return (
		<tr>
			<Cell>
				<Link to="/evaluations/scorecards/$id" params={{ id: s.id }}>
					{s.name}
				</Link>
			</Cell>
			<Cell align="end">{s.version}</Cell>
			<Cell align="end">{count(criteriaOf(s).length)}</Cell>
			<Cell align="end">{points(s.pass_mark)}</Cell>
			<Cell wide cut title={s.used_by.map((u) => u.name).join(", ")}>
				{s.used_by.length > 0 ? (
					s.used_by.map((u) => u.name).join(", ")
				) : (
					<span className="rs-dim">Nothing</span>
				)}
			</Cell>
			<Cell align="end" wide>
				<When at={s.updated_at} />
			</Cell>
		</tr>
	);
}
