// Orders to erase, and how they go.

import { type Answer, api, type Body, data } from "../api/client";

export type Erasure = Answer<"/v1/erasures/{id}", "get">;
export type ErasureBody = Body<"/v1/erasures", "post">;
export type ErasureFound = Answer<"/v1/erasures/preview", "post">;

const lookMs = 400;
const looks = 25;

/** Orders an erasure and waits a while for it: what comes back may still be running. */
export async function orderErasure(body: ErasureBody): Promise<Erasure> {
	let e = await data(api.POST("/v1/erasures", { body }));
	for (let i = 0; i < looks && e.status !== "done"; i++) {
		await new Promise((done) => setTimeout(done, lookMs));
		e = await data(api.GET("/v1/erasures/{id}", { params: { path: { id: e.id } } }));
	}
	return e;
}
