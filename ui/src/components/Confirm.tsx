import { Button, Popover } from "@mantine/core";
import { type ReactNode, useState } from "react";
import classes from "./Confirm.module.css";

interface ConfirmProps {
	/** The button that asks. */
	label: ReactNode;
	/** What will be lost, in a sentence. */
	question: ReactNode;
	/** The button that does it: a verb and its object. */
	confirm: string;
	onConfirm: () => void;
	busy?: boolean;
	disabled?: boolean;
}

/** For what can't be undone. Where it can, use doUnlessUndone from lib/toast. */
export function ConfirmButton({ label, question, confirm, onConfirm, busy, disabled }: ConfirmProps) {
	const [opened, setOpened] = useState(false);
	return (
		<Popover opened={opened} onChange={setOpened} width={300} position="bottom-end" trapFocus returnFocus>
			<Popover.Target>
				<Button color="bad" loading={busy} disabled={disabled} onClick={() => setOpened(!opened)}>
					{label}
				</Button>
			</Popover.Target>
			<Popover.Dropdown aria-label={confirm}>
				<div className={classes.body}>
					<p>{question}</p>
					<div className={classes.actions}>
						<Button variant="subtle" color="gray" onClick={() => setOpened(false)}>
							Keep
						</Button>
						<Button
							variant="filled"
							color="bad"
							onClick={() => {
								setOpened(false);
								onConfirm();
							}}
						>
							{confirm}
						</Button>
					</div>
				</div>
			</Popover.Dropdown>
		</Popover>
	);
}
