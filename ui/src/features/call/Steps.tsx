import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { Icon } from "../../components/Icon";
import { StepBadge } from "../../components/Judgement";
import { When } from "../../components/Values";
import { plural } from "../../lib/format";
import { toast } from "../../lib/toast";
import { steps, wordOf } from "../../lib/words";
import { callQuery } from "../calls/queries";
import classes from "./Analysis.module.css";
import type { Call, Step } from "./types";

interface StepsProps {
	call: Pick<Call, "id" | "pipeline">;
	/** Does a step again; without it none is offered. */
	retry?: (step: Step["step"]) => Promise<unknown>;
}

/** What is done after a call, in order, and how far it is. */
export function Steps({ call, retry }: StepsProps) {
	const list = call.pipeline ?? [];
	if (list.length === 0) return null;
	return (
		<ol className={classes.steps} aria-label="Steps after the call">
			{list.map((s) => (
				<li key={s.step} className={classes.step}>
					<span className={classes.stepHead}>
						<span className={classes.stepName}>{wordOf(steps, s.step).text}</span>
						<StepBadge status={s.status} />
					</span>
					{s.reason && (
						<span
							className={classes.small}
							data-bad={s.status === "failed" || s.status === "lost" || undefined}
						>
							{s.reason}
						</span>
					)}
					<span className={classes.small}>
						{s.at && <When at={s.at} />}
						{s.attempts > 1 && `${s.at ? ", " : ""}${plural(s.attempts, "attempt")}`}
					</span>
					{retry && <Retry id={call.id} step={s} retry={retry} />}
				</li>
			))}
		</ol>
	);
}

const over: Step["status"][] = ["done", "skipped", "failed", "lost"];

function Retry({ id, step, retry }: { id: string; step: Step; retry: NonNullable<StepsProps["retry"]> }) {
	const client = useQueryClient();
	const may = useMay();
	const again = useMutation({
		mutationFn: () => retry(step.step),
		onSuccess: () => client.invalidateQueries({ queryKey: callQuery(id).queryKey }),
		onError: (e) => toast({ title: "The step was not started again", detail: sentence(e), tone: "bad" }),
	});
	// Webhooks that went out, and those that nobody asked for, can't be sent again from here.
	const nothing = step.step === "webhooks" && step.status !== "failed";
	if (!may.change || nothing || !over.includes(step.status)) return null;
	const name = wordOf(steps, step.step).text;
	return (
		<Button
			size="compact-xs"
			leftSection={<Icon name="refresh" size={12} />}
			aria-label={`Retry: ${name}`}
			loading={again.isPending}
			onClick={() => again.mutate()}
		>
			Retry
		</Button>
	);
}
