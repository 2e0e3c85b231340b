// What is done to a live call.

import { type Answer, api, type Body, data } from "../../api/client";

export type Done = Answer<"/v1/live-calls/{id}/say", "post">;

const of = (id: string) => ({ params: { path: { id } } });

export const say = (call: string, body: Body<"/v1/live-calls/{id}/say", "post">) =>
	data(api.POST("/v1/live-calls/{id}/say", { ...of(call), body }));

export const transfer = (call: string, body: Body<"/v1/live-calls/{id}/transfer", "post">) =>
	data(api.POST("/v1/live-calls/{id}/transfer", { ...of(call), body }));

export type Decision = "accept" | "cancel";

/** Has a proposal done now, or keeps it from being done. */
export const decide = (proposal: string, decision: Decision) =>
	data(api.POST(`/v1/proposals/{id}/${decision}`, of(proposal)));

export const endCall = (call: string, body: Body<"/v1/live-calls/{id}/end", "post">) =>
	data(api.POST("/v1/live-calls/{id}/end", { ...of(call), body }));
