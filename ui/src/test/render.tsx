import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { ThemeProvider } from "../theme/ThemeProvider";

/** Renders as the page does, with a query client of its own and no retries. */
export function renderUI(ui: ReactNode) {
	const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
	return render(
		<QueryClientProvider client={client}>
			<ThemeProvider env="test">{ui}</ThemeProvider>
		</QueryClientProvider>,
	);
}
