import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { integrationNames } from "./integrations";
import type { CRMBody, CRMKind, IntegrationKind, ModelBody, SpeechBody } from "./queries";

function useSave<B>(put: (body: B) => Promise<unknown>, onSaved: () => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: put,
		onSuccess: async () => {
			toast({ title: "Saved", tone: "good" });
			await client.invalidateQueries({ queryKey: ["integrations"] });
			onSaved();
		},
	});
}

export function useSaveModel(onSaved: () => void) {
	return useSave((body: ModelBody) => data(api.PUT("/v1/integrations/llm", { body })), onSaved);
}

export function useSaveSpeech(onSaved: () => void) {
	return useSave((body: SpeechBody) => data(api.PUT("/v1/integrations/stt", { body })), onSaved);
}

export function useSaveCRM(crm: CRMKind, onSaved: () => void) {
	return useSave(
		(body: CRMBody) => data(api.PUT("/v1/integrations/crm/{crm}", { params: { path: { crm } }, body })),
		onSaved,
	);
}

/** Asks what is connected something harmless; it gives what really came back. */
export function useTestIntegration(kind: IntegrationKind) {
	return useMutation({
		mutationFn: () => data(api.POST("/v1/integrations/{kind}/test", { params: { path: { kind } } })),
	});
}

export function useDisconnect(kind: IntegrationKind, onGone: () => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: () => api.DELETE("/v1/integrations/{kind}", { params: { path: { kind } } }),
		onSuccess: async () => {
			toast({ title: `${integrationNames[kind]} is disconnected` });
			await client.invalidateQueries({ queryKey: ["integrations"] });
			onGone();
		},
		onError: (e) => toast({ title: "Could not disconnect it", detail: capital(sentence(e)), tone: "bad" }),
	});
}
