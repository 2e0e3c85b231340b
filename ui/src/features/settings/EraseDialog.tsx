import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { orderErasure } from "../../lib/erasures";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { foundWords, removedWords, subjectOf } from "./erasures";
import classes from "./settings.module.css";

export function EraseDialog({ onClose }: { onClose: () => void }) {
	return (
		<Modal opened onClose={onClose} title="Erase a person">
			<EraseForm onClose={onClose} />
		</Modal>
	);
}

/** First a count of what would go; then, with a reason, it goes. */
function EraseForm({ onClose }: { onClose: () => void }) {
	const client = useQueryClient();
	const [who, setWho] = useState("");
	const [reason, setReason] = useState("");
	const count = useMutation({
		mutationFn: () => data(api.POST("/v1/erasures/preview", { body: subjectOf(who) })),
	});
	const erase = useMutation({
		mutationFn: () => orderErasure({ ...subjectOf(who), reason: reason.trim() }),
		onSuccess: async (e) => {
			onClose();
			toast(
				e.status === "done"
					? { title: "Erased", detail: `${removedWords(e.removed)}.`, tone: "good" }
					: { title: "The erasure has begun", detail: "How far it is stands in the list." },
			);
			await client.invalidateQueries({ queryKey: ["erasures"] });
			await client.invalidateQueries({ queryKey: ["calls"] });
		},
	});
	const { fields, rest } = problemsOf(count.error ?? erase.error, ["/phone", "/email", "/reason"]);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		if (!count.data) count.mutate();
		else if (reason.trim()) erase.mutate();
	};
	return (
		<form className={classes.form} onSubmit={submit} noValidate>
			<TextInput
				label="Phone number or e-mail address"
				description="A number with its country code, in any spelling. It is not kept once the erasure is done."
				placeholder="+14155550123 or ann@example.com"
				required
				data-autofocus
				spellCheck={false}
				maxLength={254}
				value={who}
				error={fields["/phone"] ?? fields["/email"]}
				onChange={(e) => {
					setWho(e.currentTarget.value);
					count.reset();
				}}
			/>
			{count.data && (
				<>
					<FormNote tone="watch">
						{foundWords(count.data)} This can't be undone, and nothing that is sent again brings it back.
					</FormNote>
					<TextInput
						label="Reason"
						description="Kept with the order. Do not name the person."
						placeholder="The customer asked for it"
						required
						maxLength={500}
						value={reason}
						error={fields["/reason"]}
						onChange={(e) => setReason(e.currentTarget.value)}
					/>
				</>
			)}
			{rest && <FormNote tone="bad">{rest}</FormNote>}
			<div className={classes.end}>
				<Button variant="subtle" color="gray" onClick={onClose}>
					Cancel
				</Button>
				{count.data ? (
					<Button
						type="submit"
						variant="filled"
						color="bad"
						disabled={!reason.trim()}
						loading={erase.isPending}
					>
						Erase for good
					</Button>
				) : (
					<Button type="submit" variant="filled" disabled={!who.trim()} loading={count.isPending}>
						Count what would go
					</Button>
				)}
			</div>
		</form>
	);
}
