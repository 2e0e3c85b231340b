import { SegmentedControl } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import { Page } from "../../components/Page";
import classes from "./alerts.module.css";
import { InboxView } from "./InboxView";
import { RulesView } from "./RulesView";
import type { AlertsSearch } from "./search";

/** What went wrong in calls while they went on, and the rules that say so. */
export function AlertsRoute() {
	const search = useSearch({ from: "/app/alerts" });
	const navigate = useNavigate();
	const { change } = useMay();
	const go = (to: AlertsSearch) => void navigate({ to: "/alerts", search: to, replace: true });
	return (
		<Page
			title="Alerts"
			lead="Rules watch each call while it goes on. An alert says what is wrong, in which call, and at which moment."
		>
			<div className={classes.bar}>
				<SegmentedControl
					aria-label="What to show"
					data={[
						{ value: "inbox", label: "Inbox" },
						{ value: "rules", label: "Rules" },
					]}
					value={search.view ?? "inbox"}
					onChange={(v) => go(v === "rules" ? { view: "rules" } : {})}
				/>
			</div>
			{search.view === "rules" ? (
				<RulesView mayChange={change} />
			) : (
				<InboxView search={search} onSearch={go} mayChange={change} />
			)}
		</Page>
	);
}
