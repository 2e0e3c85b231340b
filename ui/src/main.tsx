import "./theme/index.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "./api/query";
import { Toaster } from "./components/Toaster";
import { makeRouter } from "./router";
import { ThemeProvider } from "./theme/ThemeProvider";

const queryClient = makeQueryClient(() => {
	queryClient.removeQueries({ queryKey: ["session"] });
	void router.invalidate();
});
const router = makeRouter(queryClient);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
	<StrictMode>
		<QueryClientProvider client={queryClient}>
			<ThemeProvider>
				<RouterProvider router={router} />
				<Toaster />
			</ThemeProvider>
		</QueryClientProvider>
	</StrictMode>,
);
