import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorState } from "../../components/States";

/** As browsers and the bundler say that a file of the page did not come. */
const noFile = /dynamically imported module|module script|preload CSS/i;
const noFileWords = new Error("A part of it did not come: Ringside is not reached, or newer than this page.");

export function RouteError({ error, reset }: ErrorComponentProps) {
	const router = useRouter();
	// Such a part is never asked for again but by a new page.
	if (noFile.test(String(error)))
		return <ErrorState doing="show this page" error={noFileWords} retry={() => window.location.reload()} />;
	const retry = () => {
		reset();
		void router.invalidate();
	};
	return <ErrorState doing="show this page" error={error} retry={retry} />;
}
