import { Button } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { problemsOf } from "../lib/forms";
import classes from "./DraftDialog.module.css";
import { FormNote } from "./Gate";
import { Modal } from "./Modal";

/** What the fields of a dialog share. */
export interface DraftParts<D> {
	draft: D;
	/** By the field's pointer: "/name". */
	problems: Record<string, string>;
	set: (change: Partial<D>) => void;
}

/** A mutation that takes the draft; it closes the dialog when it has succeeded. */
interface Save<D> {
	mutate: (draft: D) => void;
	reset: () => void;
	error: unknown;
	isError: boolean;
	isPending: boolean;
}

interface DraftDialogProps<D> {
	title: string;
	/** In pixels. */
	size: number;
	/** The button that saves. */
	action: string;
	initial: () => D;
	/** What of a draft would be refused, without asking the server. */
	check: (draft: D) => Record<string, string>;
	/** The fields that the server may find fault with. */
	pointers: (draft: D) => readonly string[];
	save: Save<D>;
	onClose: () => void;
	/** Whether a click beside it closes it, as it does where nothing is said. */
	closeOnClickOutside?: boolean;
	children: (parts: DraftParts<D>) => ReactNode;
}

/**
 * A form in a dialog that makes or changes one thing. What can't be is said at
 * its field: from the first attempt on what the page can tell by itself, and
 * what the server refused until something is changed.
 */
export function DraftDialog<D extends object>(props: DraftDialogProps<D>) {
	const { save, onClose } = props;
	const [draft, setDraft] = useState(props.initial);
	const [tried, setTried] = useState(false);
	const set = (change: Partial<D>) => {
		setDraft((d) => ({ ...d, ...change }));
		if (save.isError) save.reset();
	};
	const local = props.check(draft);
	const answer = problemsOf(save.error, props.pointers(draft));
	const submit = (e: FormEvent) => {
		e.preventDefault();
		setTried(true);
		if (Object.keys(local).length === 0) save.mutate(draft);
	};
	return (
		<Modal
			opened
			onClose={onClose}
			title={props.title}
			size={props.size}
			closeOnClickOutside={props.closeOnClickOutside}
		>
			<form className={classes.form} onSubmit={submit} noValidate>
				{props.children({ draft, set, problems: { ...answer.fields, ...(tried ? local : {}) } })}
				{answer.rest && <FormNote tone="bad">{answer.rest}</FormNote>}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" variant="filled" loading={save.isPending}>
						{props.action}
					</Button>
				</div>
			</form>
		</Modal>
	);
}
