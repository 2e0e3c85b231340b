import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, signedOut } from "../../api/client";
import { sentence } from "../../api/error";
import { toast } from "../../lib/toast";

export function useSignOut() {
	const client = useQueryClient();
	const navigate = useNavigate();
	const leave = async () => {
		await navigate({ to: "/signin" });
		client.clear();
	};
	return useMutation({
		mutationKey: ["session", "end"],
		mutationFn: () => api.DELETE("/v1/session"),
		onSuccess: leave,
		onError: (e) =>
			signedOut(e) ? leave() : toast({ title: "Could not sign out", detail: sentence(e), tone: "bad" }),
	});
}
