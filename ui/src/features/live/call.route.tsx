import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { notFound } from "../../api/client";
import { Icon } from "../../components/Icon";
import { Page } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonLine, SkeletonText } from "../../components/States";
import { LiveCallView } from "./LiveCallView";
import classes from "./LiveCallView.module.css";
import { isOver, liveDetailQuery } from "./queries";

const route = getRouteApi("/app/live/$callId");

/** One live call. A link to one that is over leads to the recorded call. */
export function LiveCallRoute() {
	const { callId } = route.useParams();
	return <LiveCall key={callId} id={callId} />;
}

function LiveCall({ id }: { id: string }) {
	const { data, error, refetch } = useQuery(liveDetailQuery(id));
	if (data) return <LiveCallView name={id} detail={data} />;
	if (isOver(error)) return <Navigate to="/calls/$id" params={{ id }} replace />;
	if (notFound(error)) return <Missing id={id} />;
	if (error)
		return (
			<Page title="Live call">
				<ErrorState doing="load the call" error={error} retry={() => void refetch()} />
			</Page>
		);
	return (
		<Page title="Live call">
			<div className={classes.loading} role="status" aria-label="Loading the call">
				<SkeletonLine width={45} height={14} />
				<SkeletonLine height={36} />
				<SkeletonLine height={110} />
				<SkeletonText lines={8} />
			</div>
		</Page>
	);
}

function Missing({ id }: { id: string }) {
	return (
		<Page title="Call not found">
			<EmptyState
				icon="question"
				title="There is no such call in this workspace"
				action={
					<Button
						renderRoot={(props) => <Link to="/live" {...props} />}
						leftSection={<Icon name="left" size={14} />}
					>
						Back to the live calls
					</Button>
				}
			>
				Nothing here is called <code>{id}</code>. It may have been deleted, or it belongs to another
				workspace.
			</EmptyState>
		</Page>
	);
}
