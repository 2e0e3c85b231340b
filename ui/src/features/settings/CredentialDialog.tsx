import { PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { DraftDialog } from "../../components/DraftDialog";
import { FormNote } from "../../components/Gate";
import { toast } from "../../lib/toast";
import {
	type CredentialDraft,
	checkCredential,
	credentialBody,
	credentialPointers,
	draftOf,
	hostTyped,
} from "./credentials";
import type { Credential } from "./queries";

interface DialogProps {
	/** The credential that gets another header or secret; a new one without. */
	credential?: Credential;
	/** Hosts that have one. */
	taken: string[];
	onClose: () => void;
}

export default function CredentialDialog({ credential, taken, onClose }: DialogProps) {
	return (
		<DraftDialog
			title={credential ? `Replace the credential of ${credential.host}` : "Add a credential"}
			size={560}
			action={credential ? "Replace" : "Add the credential"}
			initial={() => draftOf(credential)}
			check={checkCredential}
			pointers={() => credentialPointers}
			save={useSave(onClose)}
			onClose={onClose}
		>
			{({ draft, problems, set }) => (
				<>
					<TextInput
						label="Host"
						description="Of the links to recordings, with a port where they have one. The header goes to this host and no other, redirects included."
						placeholder="recordings.example.com"
						required
						spellCheck={false}
						maxLength={2000}
						data-autofocus={credential ? undefined : true}
						disabled={credential !== undefined}
						value={draft.host}
						error={problems["/host"]}
						onChange={(e) => set({ host: e.currentTarget.value })}
					/>
					<TextInput
						label="Header"
						placeholder="Authorization"
						required
						spellCheck={false}
						maxLength={100}
						value={draft.header}
						error={problems["/header"]}
						onChange={(e) => set({ header: e.currentTarget.value })}
					/>
					<PasswordInput
						label="Secret"
						description="The header's whole value, such as “Bearer” and a token. Sealed, and never shown again."
						required
						autoComplete="new-password"
						maxLength={4000}
						data-autofocus={credential ? true : undefined}
						value={draft.secret}
						error={problems["/secret"]}
						onChange={(e) => set({ secret: e.currentTarget.value })}
					/>
					{!credential && taken.includes(hostTyped(draft)) && (
						<FormNote tone="watch">{hostTyped(draft)} has a credential: this one takes its place.</FormNote>
					)}
				</>
			)}
		</DraftDialog>
	);
}

function useSave(onClose: () => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (draft: CredentialDraft) =>
			data(api.PUT("/v1/recording-credentials", { body: credentialBody(draft) })),
		onSuccess: async (saved) => {
			toast({ title: `Recordings at ${saved.host} are asked for with ${saved.header}`, tone: "good" });
			onClose();
			await client.invalidateQueries({ queryKey: ["recording-credentials"] });
		},
	});
}
