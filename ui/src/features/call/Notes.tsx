import { ActionIcon, Button, Checkbox, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { sentence } from "../../api/error";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { offset } from "../../lib/format";
import { doUnlessUndone, toast } from "../../lib/toast";
import classes from "./Notes.module.css";
import { useCursor, usePlayback } from "./playback";
import { addNote, deleteNote, notesQuery } from "./queries";
import type { Note } from "./types";

// With its dialog it is more than a call's page should wait for.
const LeaveGuard = lazy(() => import("../agents/LeaveGuard").then((m) => ({ default: m.LeaveGuard })));

/** What the team wrote about the call. */
export function Notes({ id, canWrite }: { id: string; canWrite: boolean }) {
	const client = useQueryClient();
	const { data, error, refetch } = useQuery(notesQuery(id));
	const [hidden, setHidden] = useState<string[]>([]);
	const show = (note: string) => setHidden((now) => now.filter((n) => n !== note));
	const notes = (data?.notes ?? []).filter((n) => !hidden.includes(n.id));
	const remove = (note: Note) => {
		setHidden((now) => [...now, note.id]);
		const act = async () => {
			try {
				await deleteNote(id, note.id);
				await client.invalidateQueries({ queryKey: notesQuery(id).queryKey });
			} catch (e) {
				show(note.id);
				toast({ title: "The note was not deleted", detail: sentence(e), tone: "bad" });
			}
		};
		doUnlessUndone(
			"Note deleted",
			() => void act(),
			() => show(note.id),
		);
	};
	return (
		<Section title="Notes">
			<div className={classes.notes}>
				{!data && error && <ErrorState doing="load the notes" error={error} retry={() => void refetch()} />}
				{!data && !error && <SkeletonText lines={2} />}
				{data && notes.length === 0 && (
					<p className="rs-dim">
						{canWrite
							? "None yet. Write down what you heard, pinned to its moment if you like."
							: "None yet."}
					</p>
				)}
				{notes.length > 0 && (
					<ul className={classes.list}>
						{notes.map((n) => (
							<OneNote key={n.id} note={n} onDelete={canWrite ? () => remove(n) : undefined} />
						))}
					</ul>
				)}
				{canWrite && <Compose id={id} />}
			</div>
		</Section>
	);
}

function OneNote({ note, onDelete }: { note: Note; onDelete?: () => void }) {
	const playback = usePlayback();
	const at = note.at_ms;
	return (
		<li className={classes.note}>
			<div className={classes.head}>
				{at != null && (
					<button
						type="button"
						className={classes.at}
						title="Go to this moment"
						onClick={() => playback.seek(at)}
					>
						{offset(at)}
					</button>
				)}
				<span className={classes.author}>{note.author}</span>
				<When at={note.created_at} />
				{onDelete && (
					<ActionIcon
						size="xs"
						className={classes.delete}
						aria-label="Delete this note"
						title="Delete"
						onClick={onDelete}
					>
						<Icon name="trash" size={14} />
					</ActionIcon>
				)}
			</div>
			<p className={classes.text}>{note.text}</p>
		</li>
	);
}

function Compose({ id }: { id: string }) {
	const client = useQueryClient();
	const playback = usePlayback();
	const [text, setText] = useState("");
	const [pinned, setPinned] = useState(false);
	const tenths = useCursor((s) => Math.floor(s.ms / 100));
	const add = useMutation({
		mutationFn: () => addNote(id, text.trim(), pinned ? playback.read().ms : null),
		onSuccess: () => {
			setText("");
			return client.invalidateQueries({ queryKey: notesQuery(id).queryKey });
		},
	});
	const send = () => {
		if (text.trim() && !add.isPending) add.mutate();
	};
	return (
		<form
			className={classes.compose}
			onSubmit={(e) => {
				e.preventDefault();
				send();
			}}
		>
			<Textarea
				aria-label="New note"
				placeholder="Add a note"
				rows={3}
				maxLength={10_000}
				value={text}
				onChange={(e) => setText(e.currentTarget.value)}
				onKeyDown={(e) => {
					if (e.key === "Enter" && (e.metaKey || e.ctrlKey)) send();
				}}
				error={add.error ? sentence(add.error) : undefined}
			/>
			<div className={classes.actions}>
				<Checkbox
					label={`At ${offset(tenths * 100)}`}
					checked={pinned}
					onChange={(e) => setPinned(e.currentTarget.checked)}
				/>
				<Button type="submit" loading={add.isPending} disabled={!text.trim()}>
					Add note
				</Button>
			</div>
			{text.trim() !== "" && (
				<Suspense>
					<LeaveGuard active={!add.isPending} thing="note" />
				</Suspense>
			)}
		</form>
	);
}
