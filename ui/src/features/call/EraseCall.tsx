import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { orderErasure } from "../../lib/erasures";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import type { Filters } from "../calls/search";
import classes from "./EraseCall.module.css";
import type { Call } from "./types";

interface EraseCallProps {
	call: Call;
	filters: Filters;
	onClose: () => void;
}

/** Asks why a call is to be erased, and has it done. */
export default function EraseCall({ call, filters, onClose }: EraseCallProps) {
	const client = useQueryClient();
	const navigate = useNavigate();
	const [reason, setReason] = useState("");
	const erase = useMutation({
		mutationFn: () => orderErasure({ call: call.id, reason: reason.trim() }),
		onSuccess: async (e) => {
			await navigate({ to: "/calls", search: filters, ignoreBlocker: true });
			client.removeQueries({ queryKey: ["calls", "one", call.id] });
			await client.invalidateQueries({ queryKey: ["calls"] });
			toast(
				e.status === "done"
					? { title: "The call is erased", tone: "good" }
					: { title: "The call is being erased", detail: "How far it is stands in Settings, Erasure." },
			);
		},
	});
	const problems = problemsOf(erase.error, ["/reason"]);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		if (reason.trim()) erase.mutate();
	};
	return (
		<Modal opened onClose={onClose} title="Erase this call">
			<form className={classes.form} onSubmit={submit} noValidate>
				<p>
					The call goes for good, with its recording, transcript, notes, evaluations, alerts and every
					delivery about it. Nothing that is sent again brings it back. What your CRM and your own servers
					were told stays with them.
				</p>
				<TextInput
					label="Reason"
					description="Kept with the order. Do not name the person."
					placeholder="The customer asked for it"
					required
					data-autofocus
					maxLength={500}
					value={reason}
					error={problems.fields["/reason"]}
					onChange={(e) => setReason(e.currentTarget.value)}
				/>
				{problems.rest && <FormNote tone="bad">{problems.rest}</FormNote>}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Keep it
					</Button>
					<Button
						type="submit"
						variant="filled"
						color="bad"
						disabled={!reason.trim()}
						loading={erase.isPending}
					>
						Erase the call
					</Button>
				</div>
			</form>
		</Modal>
	);
}
