import { Button } from "@mantine/core";
import { sentence } from "../../api/error";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import classes from "./alerts.module.css";
import type { Alert } from "./queries";
import { type Settlement, useSettle } from "./settle";

const done: Record<Settlement, string> = {
	acknowledge: "Acknowledged: it is yours",
	resolve: "Resolved: it does not come again in this call",
};

/** What is done about an alert that is open; the row around it hears none of it. */
export function Actions({ alert: a }: { alert: Alert }) {
	const settle = useSettle(a.id, (how) => toast({ title: done[how], tone: "good" }));
	const act = (how: Settlement) =>
		settle.mutate(how, {
			onError: (e) =>
				toast({ title: `Could not ${how} the alert`, detail: capital(sentence(e)), tone: "bad" }),
		});
	const button = (how: Settlement, word: string) => (
		<Button
			size="compact-sm"
			loading={settle.isPending && settle.variables === how}
			onClick={(e) => {
				e.stopPropagation();
				act(how);
			}}
		>
			{word}
			<span className="rs-sr"> {a.message}</span>
		</Button>
	);
	return (
		<div className={classes.actions}>
			{a.status === "triggered" && button("acknowledge", "Acknowledge")}
			{button("resolve", "Resolve")}
		</div>
	);
}
