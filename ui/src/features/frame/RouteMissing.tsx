import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../components/States";

export function RouteMissing() {
	return (
		<EmptyState
			icon="question"
			title="There is no such page"
			action={<Link to="/calls">Go to the calls</Link>}
		>
			The address may be mistyped, or the page has moved.
		</EmptyState>
	);
}
