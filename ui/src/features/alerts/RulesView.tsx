import { useQuery } from "@tanstack/react-query";
import { Badge } from "../../components/Badge";
import { Section } from "../../components/Page";
import { ErrorState, SkeletonRows } from "../../components/States";
import { Cell, type Column, Table } from "../../components/Table";
import { agentsQuery } from "../agents/queries";
import { SeverityBadge } from "./AlertParts";
import classes from "./alerts.module.css";
import { type Rule, rulesQuery } from "./queries";
import { conditionWords } from "./words";

export function RulesView({ mayManage: _ }: { mayManage: boolean }) {
	const rules = useQuery(rulesQuery);
	return (
		<Section flush>
			{rules.isPending && <SkeletonRows rows={9} />}
			{rules.isError && !rules.data && (
				<ErrorState doing="load the rules" error={rules.error} retry={() => void rules.refetch()} />
			)}
			{rules.data && (
				<Table label="Alert rules" columns={columns}>
					{rules.data.map((r) => (
						<Row key={r.id} rule={r} />
					))}
				</Table>
			)}
		</Section>
	);
}

const columns: Column[] = [
	{ label: "Rule" },
	{ label: "Severity" },
	{ label: "Agents", wide: true },
	{ label: "State" },
];

function Row({ rule: r }: { rule: Rule }) {
	const agents = useQuery(agentsQuery);
	const names = r.agents.map((id) => agents.data?.find((a) => a.id === id)?.name ?? id);
	return (
		<tr>
			<Cell>
				<div className={classes.what}>
					<span>{r.name}</span>
					<span className="rs-dim">{conditionWords(r.condition)}</span>
				</div>
			</Cell>
			<Cell>
				<SeverityBadge severity={r.severity} />
			</Cell>
			<Cell wide>{names.join(", ") || "Every agent"}</Cell>
			<Cell>
				<Badge bare tone={r.active ? "good" : "quiet"} icon={r.active ? "check" : "minus"}>
					{r.active ? "On" : "Off"}
				</Badge>
			</Cell>
		</tr>
	);
}
