import { Button, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { sentence } from "../../api/error";
import { KeyHint } from "../../components/KeyHint";
import { Section } from "../../components/Page";
import { duration } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import noteClasses from "../call/Notes.module.css";
import { notesQuery } from "../call/queries";
import type { Note } from "../call/types";
import { addLiveNote } from "./queries";

interface NotesProps {
	id: string;
	notes: Note[];
	/** How far the call is; null when it is over. */
	elapsedMs: number | null;
	mayAct: boolean;
}

/** Notes on a call while it goes on, each at its moment: the one at which it was begun. */
export function LiveNotes({ id, notes, elapsedMs, mayAct }: NotesProps) {
	return (
		<Section title="Notes">
			<div className={noteClasses.notes}>
				{notes.length === 0 && <p className="rs-dim">None yet.</p>}
				{notes.length > 0 && (
					<ul className={noteClasses.list}>
						{notes.map((n) => (
							<li key={n.id} className={noteClasses.note}>
								<div className={noteClasses.head}>
									{n.at_ms !== null && <span>{duration(n.at_ms)}</span>}
									<span className={noteClasses.author}>{n.author}</span>
								</div>
								<p className={noteClasses.text}>{n.text}</p>
							</li>
						))}
					</ul>
				)}
				{mayAct && <Compose id={id} elapsedMs={elapsedMs} />}
			</div>
		</Section>
	);
}

function Compose({ id, elapsedMs }: { id: string; elapsedMs: number | null }) {
	const client = useQueryClient();
	const box = useRef<HTMLTextAreaElement>(null);
	const [text, setText] = useState("");
	const [begun, setBegun] = useState<number | null>(null);
	const add = useMutation({
		mutationFn: () => addLiveNote(id, text.trim(), begun === null ? null : Math.floor(begun / 1000)),
		onSuccess: () => {
			setText("");
			setBegun(null);
			return client.invalidateQueries({ queryKey: notesQuery(id).queryKey });
		},
	});
	useKeys([{ keys: "n", label: "Add a note", group: "Live call", run: () => box.current?.focus() }]);
	const write = (value: string) => {
		if (!value) setBegun(null);
		else if (!text) setBegun(elapsedMs);
		setText(value);
	};
	const send = () => {
		if (text.trim() && !add.isPending) add.mutate();
	};
	return (
		<form
			className={noteClasses.compose}
			onSubmit={(e) => {
				e.preventDefault();
				send();
			}}
		>
			<Textarea
				ref={box}
				aria-label="New note"
				placeholder="Add a note"
				rows={2}
				maxLength={9900}
				value={text}
				onChange={(e) => write(e.currentTarget.value)}
				onKeyDown={(e) => {
					if (e.key === "Enter" && (e.metaKey || e.ctrlKey)) send();
					else if (e.key === "Escape") box.current?.blur();
				}}
				error={add.error ? sentence(add.error) : undefined}
			/>
			<div className={noteClasses.actions}>
				<span className="rs-dim">
					{begun === null ? <KeyHint keys="n" /> : `at ${duration(Math.floor(begun / 1000) * 1000)}`}
				</span>
				<Button type="submit" loading={add.isPending} disabled={!text.trim()}>
					Add note
				</Button>
			</div>
		</form>
	);
}
