import { SkeletonRows } from "../../components/States";

export function RoutePending() {
	return <SkeletonRows rows={8} />;
}
