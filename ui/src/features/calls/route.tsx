import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useSession } from "../../api/session";
import { Page } from "../../components/Page";
import { SkeletonText } from "../../components/States";
import { plural } from "../../lib/format";
import { CallsList } from "./CallsList";
import { ColumnMenu } from "./ColumnMenu";
import { ExportMenu } from "./ExportMenu";
import { FilterBar } from "./FilterBar";
import { anyFilter } from "./filters";
import { HealthStrip } from "./HealthStrip";
import { filtersOf, newestQuery } from "./queries";
import { TimeHistogram } from "./TimeHistogram";
import { useView } from "./useView";
import { ViewsMenu } from "./ViewsMenu";

const FirstCall = lazy(() => import("./FirstCall").then((m) => ({ default: m.FirstCall })));

/** A workspace's calls; another workspace starts afresh. */
export function CallsRoute() {
	return <Calls key={useSession().workspace.id} />;
}

function Calls() {
	const { search } = useView();
	const client = useQueryClient();
	const { data: newest, isSuccess } = useQuery(newestQuery(search));
	const [lesson, setLesson] = useState<"unknown" | "on" | "off">("unknown");
	if (lesson === "unknown" && newest && !anyFilter(search)) {
		setLesson(newest.total === 0 ? "on" : "off");
	}
	const showList = () => {
		// What was asked while there was nothing is out of date.
		void client.resetQueries({ queryKey: ["calls"] });
		void client.invalidateQueries({ queryKey: ["health"] });
		setLesson("off");
	};
	if (lesson === "on" && !anyFilter(search)) {
		return (
			<Page title="Calls">
				<Suspense fallback={<SkeletonText lines={6} />}>
					<FirstCall onDone={showList} />
				</Suspense>
			</Page>
		);
	}
	const total = newest && `${plural(newest.total, "call")}${newest.total_is_lower_bound ? " or more" : ""}`;
	return (
		<Page
			title="Calls"
			mode="fill"
			badges={<span className="rs-dim">{total}</span>}
			actions={
				<>
					<ViewsMenu />
					<ColumnMenu />
					<ExportMenu filters={filtersOf(search)} />
				</>
			}
		>
			<HealthStrip agent={search.agent} />
			<TimeHistogram />
			<FilterBar listed={isSuccess} />
			<CallsList />
		</Page>
	);
}
