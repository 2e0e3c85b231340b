import { Button } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { Modal } from "../../components/Modal";
import classes from "./agents.module.css";

/** Asks before edits are lost by leaving the page; moving within it is free. */
export function LeaveGuard({ active, thing = "agent" }: { active: boolean; thing?: string }) {
	const blocker = useBlocker({
		shouldBlockFn: ({ current, next }) => active && current.pathname !== next.pathname,
		enableBeforeUnload: () => active,
		withResolver: true,
	});
	if (blocker.status !== "blocked") return null;
	return (
		<Modal opened onClose={blocker.reset} title="Leave without saving?" size={420}>
			<div className={classes.form}>
				<p>What you changed on this {thing} is lost when you leave.</p>
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={blocker.proceed}>
						Leave
					</Button>
					<Button variant="filled" data-autofocus onClick={blocker.reset}>
						Stay
					</Button>
				</div>
			</div>
		</Modal>
	);
}
