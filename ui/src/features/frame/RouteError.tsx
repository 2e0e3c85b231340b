import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorState } from "../../components/States";

export function RouteError({ error, reset }: ErrorComponentProps) {
	const router = useRouter();
	const retry = () => {
		reset();
		void router.invalidate();
	};
	return <ErrorState doing="show this page" error={error} retry={retry} />;
}
