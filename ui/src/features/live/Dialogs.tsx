import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { ApiError, sentence } from "../../api/error";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { opening } from "../settings/hours";
import { type Queue, queuesQuery } from "../settings/queries";
import { reachWords } from "../settings/queues";
import { type Done, endCall, say, transfer } from "./actions";
import type { Action } from "./Controls";
import classes from "./LiveCallView.module.css";

interface DialogProps {
	id: string;
	/** The call's agent by its id; empty without one. */
	agent: string;
	onClose: () => void;
}

/** Asks before something is done to a call that people are in, and says what came of it. */
export function ControlDialog({ action, ...props }: DialogProps & { action: Action }) {
	switch (action) {
		case "say":
			return <SayDialog {...props} />;
		case "transfer":
			return <TransferDialog {...props} />;
		case "end":
			return <EndDialog {...props} />;
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
				maxLength={2000}
				value={message}
				onChange={(e) => setMessage(e.currentTarget.value)}
			/>
		</Ask>
	);
}

function TransferDialog({ id, agent, onClose }: DialogProps) {
	const queues = useQuery(queuesQuery);
	const [queue, setQueue] = useState("");
	const [number, setNumber] = useState("");
	const [reason, setReason] = useState("");
	const [context, setContext] = useState("");
	const field = useId();
	const to = number.trim() || queue;
	const choices = (queues.data ?? []).filter((q) => q.agents.length === 0 || q.agents.includes(agent));
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
			{queues.isError && <FormNote tone="watch">The queues could not be loaded. Give a number.</FormNote>}
			{choices.length > 0 && (
				<label className={classes.pick} htmlFor={field}>
					To a queue
					<select
						id={field}
						value={queue}
						disabled={number.trim() !== ""}
						onChange={(e) => setQueue(e.currentTarget.value)}
					>
						<option value="">Choose a queue</option>
						{choices.map((q) => (
							<option key={q.id} value={q.id} disabled={!opening(q.hours, new Date()).open}>
								{q.name}, {reachOf(q)}
							</option>
						))}
					</select>
				</label>
			)}
			<TextInput
				label={choices.length > 0 ? "Or to a number" : "To a number"}
				placeholder="+14155550199"
				inputMode="tel"
				maxLength={300}
				value={number}
				onChange={(e) => setNumber(e.currentTarget.value)}
			/>
			<TextInput
				label="Reason"
				maxLength={500}
				value={reason}
				onChange={(e) => setReason(e.currentTarget.value)}
			/>
			<Textarea
				label="For the person who takes over"
				rows={2}
				maxLength={2000}
				value={context}
				onChange={(e) => setContext(e.currentTarget.value)}
			/>
			<p className="rs-dim">The agent leaves the call. This can't be undone.</p>
		</Ask>
	);
}

/** Where the call would go, and since it is closed, until when. */
function reachOf(q: Queue): string {
	const { open, next } = opening(q.hours, new Date());
	if (open) return reachWords(q);
	return next ? `closed until ${next}, ${q.hours.timezone || "UTC"}` : "closed";
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
			<TextInput
				label="Reason"
				maxLength={500}
				value={reason}
				onChange={(e) => setReason(e.currentTarget.value)}
			/>
			<TextInput
				label="Note on the call"
				maxLength={2000}
				value={note}
				onChange={(e) => setNote(e.currentTarget.value)}
			/>
		</Ask>
	);
}
