import createClient from "openapi-fetch";
import { ApiError, errorOf, unreachable } from "./error";
import type { paths } from "./schema.gen";

async function send(request: Request): Promise<Response> {
	let response: Response;
	try {
		response = await globalThis.fetch(request);
	} catch (cause) {
		if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
		throw unreachable();
	}
	if (!response.ok) throw await errorOf(response);
	return response;
}

/** The typed client. A call rejects with ApiError on anything but 2xx. */
export const api = createClient<paths>({
	baseUrl: globalThis.location?.origin ?? "",
	credentials: "same-origin",
	fetch: send,
});

/** The body of a successful answer: `await data(api.GET("/v1/agents"))`. */
export async function data<R extends { data?: unknown }>(
	answer: Promise<R>,
): Promise<NonNullable<R["data"]>> {
	return (await answer).data as NonNullable<R["data"]>;
}

export const signedOut = (e: unknown): boolean => e instanceof ApiError && e.status === 401;
export const notFound = (e: unknown): boolean => e instanceof ApiError && e.status === 404;

type Method = "get" | "post" | "patch" | "put" | "delete";

type Json<T> = T extends { content: infer C } ? C[keyof C] : never;

/** What an operation answers with on success: `Answer<"/v1/calls", "get">["items"][number]`. */
export type Answer<P extends keyof paths, M extends Method> =
	paths[P] extends Record<M, infer Op>
		? Op extends { responses: infer R }
			? Json<R[Extract<keyof R, 200 | 201 | 202>]>
			: never
		: never;

/** The body that an operation takes. */
export type Body<P extends keyof paths, M extends Method> =
	paths[P] extends Record<M, infer Op>
		? Op extends { requestBody?: infer B }
			? Json<NonNullable<B>>
			: never
		: never;

/** The query that an operation takes. */
export type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } }
	? NonNullable<Q>
	: never;
