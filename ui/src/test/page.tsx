import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import { makeQueryClient } from "../api/query";
import { Toaster } from "../components/Toaster";
import { makeRouter } from "../router";
import { ThemeProvider } from "../theme/ThemeProvider";

/** What the fake server answers: a body, or a function of the request that gives one. `fail(status)` is a problem. */
export type Answers = Record<string, unknown>;

class Failure {
	readonly status: number;
	readonly detail: string;
	readonly errors: { pointer: string; detail: string }[];
	readonly code: string;
	constructor(
		status: number,
		detail: string,
		errors: { pointer: string; detail: string }[],
		code = "failed",
	) {
		this.status = status;
		this.detail = detail;
		this.errors = errors;
		this.code = code;
	}
}

/** A refusal; pointers name the fields that it finds fault with. */
export const fail = (status: number, detail: string, ...pointers: string[]) =>
	new Failure(
		status,
		detail,
		pointers.map((pointer) => ({ pointer, detail })),
	);

/** A refusal with a code that the page knows. */
export const refuse = (status: number, code: string, detail: string) => new Failure(status, detail, [], code);

export const session = {
	user: { id: "user_1", email: "ada@example.com", name: "Ada", role: "admin" },
	workspace: { id: "ws_1", name: "Default", is_demo: false },
	workspaces: [{ id: "ws_1", name: "Default", is_demo: false }],
	public_url: "https://ringside.example",
	version: "0.0.0",
	demo: false,
};

async function answer(answers: Answers, request: Request): Promise<Response> {
	const path = new URL(request.url).pathname;
	const known = answers[`${request.method} ${path}`] ?? answers[path];
	const body = typeof known === "function" ? await known(request) : known;
	if (body === undefined) throw new Error(`the test answers nothing to ${request.method} ${path}`);
	if (body instanceof Failure) {
		return Response.json(
			{ status: body.status, code: body.code, detail: body.detail, errors: body.errors },
			{ status: body.status },
		);
	}
	return Response.json(body);
}

/** Renders the whole page at an address, on a fake server; gives the router and the requests that were made. */
export function renderPage(path: string, answers: Answers) {
	const requests: Request[] = [];
	// The rail counts open alerts on every page.
	const all = { "/v1/session": session, "/v1/alerts": { items: [], next_cursor: "", open: 0 }, ...answers };
	vi.stubGlobal("fetch", (request: Request) => {
		requests.push(request.clone());
		return answer(all, request);
	});
	const client = makeQueryClient(() => {});
	client.setDefaultOptions({ queries: { retry: false } });
	const router = makeRouter(client);
	router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [path] }) });
	render(
		<QueryClientProvider client={client}>
			<ThemeProvider env="test">
				<RouterProvider router={router} />
				<Toaster />
			</ThemeProvider>
		</QueryClientProvider>,
	);
	return { router, requests };
}
