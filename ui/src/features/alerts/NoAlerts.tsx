import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../components/States";
import { SeverityBadge } from "./AlertParts";
import classes from "./alerts.module.css";
import { rulesQuery } from "./queries";
import type { AlertsSearch } from "./search";
import { conditionWords } from "./words";

interface NothingProps {
	status: AlertsSearch["status"];
	filtered: boolean;
	onClear: () => void;
}

/** Why no alert is shown; with no filter, what is watched for. */
export function NoAlerts({ status, filtered, onClear }: NothingProps) {
	if (filtered) {
		return (
			<EmptyState
				icon="filter"
				title="No alert matches the filters"
				action={<Button onClick={onClear}>Show all of them</Button>}
			/>
		);
	}
	if (status === "acknowledged") {
		return (
			<EmptyState icon="alert" title="No alert is acknowledged">
				Acknowledge an open alert to tell the others that you take care of it.
			</EmptyState>
		);
	}
	if (status === "resolved") {
		return (
			<EmptyState icon="alert" title="No alert is resolved yet">
				An alert is resolved by a person, by itself when the trouble is over, when its call ends, or when its
				rule is switched off or deleted.
			</EmptyState>
		);
	}
	return (
		<>
			<EmptyState icon="check" title="No open alert">
				Each call is watched while it goes on. An alert comes here the moment a rule finds something.
			</EmptyState>
			<Watched />
		</>
	);
}

function Watched() {
	const rules = useQuery(rulesQuery);
	const on = rules.data?.filter((r) => r.active) ?? [];
	if (on.length === 0) return null;
	return (
		<section aria-labelledby="watched" className={classes.watched}>
			<h2 id="watched">What is watched for now</h2>
			<ul>
				{on.map((r) => (
					<li key={r.id}>
						<SeverityBadge severity={r.severity} />
						<span>
							<strong>{r.name}</strong> <span className="rs-dim">{conditionWords(r.condition)}</span>
						</span>
					</li>
				))}
			</ul>
			<Link to="/alerts" search={{ view: "rules" }}>
				Change the rules
			</Link>
		</section>
	);
}
