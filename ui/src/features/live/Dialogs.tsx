import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { ApiError, sentence } from "../../api/error";
import { FormNote } from "../../components/Gate";
import { type Done, endCall, queuesQuery, say, transfer } from "./actions";
import type { Action } from "./Controls";
import classes from "./LiveCallView.module.css";

interface DialogProps {
	id: string;
	onClose: () => void;
}

/** Asks before something is done to a call that people are in, and says what came of it. */
export function ControlDialog({ id, action, onClose }: DialogProps & { action: Action }) {
	switch (action) {
		case "say":
			return <SayDialog id={id} onClose={onClose} />;
		case "transfer":
			return <TransferDialog id={id} onClose={onClose} />;
		case "end":
			return <EndDialog id={id} onClose={onClose} />;
	}
}

interface AskProps {
	title: string;
	confirm: string;
	bad?: boolean;
	ready: boolean;
	act: () => Promise<Done>;
	onClose: () => void;
	children: ReactNode;
}

/** The form of each: what to give, the result, and the way out. Done is done: then it only closes. */
function Ask({ title, confirm, bad, ready, act, onClose, children }: AskProps) {
	const run = useMutation({ mutationFn: act });
	const over = run.error instanceof ApiError && run.error.code === "call_ended";
	const submit = (e: FormEvent) => {
		e.preventDefault();
		if (ready && !run.isPending && !run.isSuccess) run.mutate();
	};
	return (
		<Modal opened onClose={onClose} title={title} size={540}>
			<form className={classes.form} onSubmit={submit}>
				{!run.isSuccess && children}
				{run.isSuccess && <FormNote tone="good">{run.data.detail || "Done."}</FormNote>}
				{run.isError && <FormNote tone="bad">{sentence(run.error)}</FormNote>}
				<div className={classes.formEnd}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						{run.isSuccess || over ? "Close" : "Cancel"}
					</Button>
					{!run.isSuccess && !over && (
						<Button
							type="submit"
							variant="filled"
							color={bad ? "bad" : undefined}
							loading={run.isPending}
							disabled={!ready}
						>
							{confirm}
						</Button>
					)}
				</div>
			</form>
		</Modal>
	);
}

function SayDialog({ id, onClose }: DialogProps) {
	const [message, setMessage] = useState("");
	return (
		<Ask
			title="Have the agent say something"
			confirm="Say it now"
			ready={message.trim() !== ""}
			act={() => say(id, { message: message.trim() })}
			onClose={onClose}
		>
			<Textarea
				data-autofocus
				label="Words"
				description="The agent says them to the caller as they stand here."
				rows={3}
				maxLength={1000}
				value={message}
				onChange={(e) => setMessage(e.currentTarget.value)}
			/>
		</Ask>
	);
}

function TransferDialog({ id, onClose }: DialogProps) {
	const queues = useQuery(queuesQuery);
	const [queue, setQueue] = useState("");
	const [number, setNumber] = useState("");
	const [reason, setReason] = useState("");
	const [context, setContext] = useState("");
	const field = useId();
	const to = number.trim() || queue;
	return (
		<Ask
			title="Transfer the caller"
			confirm="Transfer now"
			ready={to !== ""}
			act={() =>
				transfer(id, {
					transferTo: to,
					reason: reason.trim() || undefined,
					context: context.trim() || undefined,
				})
			}
			onClose={onClose}
		>
			{(queues.data?.length ?? 0) > 0 && (
				<label className={classes.pick} htmlFor={field}>
					To a queue
					<select
						id={field}
						value={queue}
						disabled={number.trim() !== ""}
						onChange={(e) => setQueue(e.currentTarget.value)}
					>
						<option value="">Choose a queue</option>
						{queues.data?.map((q) => (
							<option key={q.id} value={q.id}>
								{q.name}
								{q.number ? ` (${q.number})` : ""}
							</option>
						))}
					</select>
				</label>
			)}
			<TextInput
				label={queues.data?.length ? "Or to a number" : "To a number"}
				placeholder="+14155550199"
				inputMode="tel"
				value={number}
				onChange={(e) => setNumber(e.currentTarget.value)}
			/>
			<TextInput label="Reason" value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
			<Textarea
				label="For the person who takes over"
				rows={2}
				value={context}
				onChange={(e) => setContext(e.currentTarget.value)}
			/>
			<p className="rs-dim">The agent leaves the call. This can't be undone.</p>
		</Ask>
	);
}

function EndDialog({ id, onClose }: DialogProps) {
	const [reason, setReason] = useState("");
	const [note, setNote] = useState("");
	return (
		<Ask
			title="End the call"
			confirm="End the call"
			bad
			ready
			act={() => endCall(id, { reason: reason.trim() || undefined, note: note.trim() || undefined })}
			onClose={onClose}
		>
			<p>The line is cut at once, for the caller too. This can't be undone.</p>
			<TextInput label="Reason" value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
			<TextInput label="Note on the call" value={note} onChange={(e) => setNote(e.currentTarget.value)} />
		</Ask>
	);
}
