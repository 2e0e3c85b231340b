import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { notFound } from "../../api/client";
import { Icon } from "../../components/Icon";
import { Page } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonLine, SkeletonText } from "../../components/States";
import { type Filters, readFilters } from "../calls/search";
import { CallView } from "./CallView";
import classes from "./CallView.module.css";
import { liveCallQuery } from "./queries";

const route = getRouteApi("/app/calls/$id");

export function CallRoute() {
	const { id } = route.useParams();
	const search = route.useSearch();
	const { data, error, refetch } = useQuery(liveCallQuery(id));
	const filters = readFilters({ ...search });
	// A call deleted under us is gone, whatever was loaded before.
	if (error && (notFound(error) || !data)) {
		return notFound(error) ? (
			<Missing id={id} filters={filters} />
		) : (
			<Page title="Call">
				<ErrorState doing="load the call" error={error} retry={() => void refetch()} />
			</Page>
		);
	}
	if (!data) return <Loading />;
	return <CallView key={data.id} call={data} search={search} filters={filters} />;
}

function Missing({ id, filters }: { id: string; filters: Filters }) {
	return (
		<Page title="Call not found">
			<EmptyState
				icon="question"
				title="There is no such call in this workspace"
				action={
					<Button
						renderRoot={(props) => <Link to="/calls" search={filters} {...props} />}
						leftSection={<Icon name="left" size={14} />}
					>
						Back to the calls
					</Button>
				}
			>
				Nothing here is called <code>{id}</code>. It may have been deleted or erased, or it belongs to another
				workspace: switch at the top left and open the link again.
			</EmptyState>
		</Page>
	);
}

function Loading() {
	return (
		<Page title="Call">
			<div className={classes.loading} role="status" aria-label="Loading the call">
				<SkeletonLine width={45} height={14} />
				<div className={classes.bone}>
					<SkeletonLine height={110} />
				</div>
				<SkeletonText lines={8} />
			</div>
		</Page>
	);
}
