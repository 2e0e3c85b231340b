import { Section } from "../../components/Page";
import { Cell, Table } from "../../components/Table";
import { count, money, share } from "../../lib/format";
import { monthCost, monthWords } from "./integrations";
import type { ModelUsage } from "./queries";
import { ShowMore, useShown } from "./ShowMore";

interface UsageTableProps {
	/** Newest month first. */
	usage: readonly ModelUsage[];
	budget?: number | null;
}

/** What the models were asked, by month. */
export function UsageTable({ usage, budget }: UsageTableProps) {
	const { shown, more } = useShown(usage);
	const newest = usage[0]?.month ?? "";
	const spent = monthCost(usage, newest);
	return (
		<Section
			title="Usage of language models"
			lead={
				budget
					? `${monthWords(newest)}: ${money(spent, "USD")} of ${money(budget, "USD")} spent, ${share(spent / budget, 0)}.`
					: "By calendar month in UTC. The cost is an estimate from the prices above."
			}
			flush
		>
			<Table
				label="By month and model"
				columns={[
					{ label: "Month" },
					{ label: "Model" },
					{ label: "Requests", align: "end" },
					{ label: "Tokens asked", align: "end", wide: true },
					{ label: "Tokens answered", align: "end", wide: true },
					{ label: "Cost, estimate", align: "end" },
				]}
			>
				{shown.map((u) => (
					<tr key={`${u.month} ${u.model}`}>
						<Cell>{monthWords(u.month)}</Cell>
						<Cell>{u.model}</Cell>
						<Cell align="end">{count(u.requests)}</Cell>
						<Cell align="end" wide>
							{count(u.prompt_tokens)}
						</Cell>
						<Cell align="end" wide>
							{count(u.completion_tokens)}
						</Cell>
						<Cell align="end">
							{u.cost_usd > 0 ? money(u.cost_usd, "USD") : <span className="rs-dim">Not known</span>}
						</Cell>
					</tr>
				))}
			</Table>
			<ShowMore more={more} />
		</Section>
	);
}
