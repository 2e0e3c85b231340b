import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { Badge } from "../../components/Badge";
import { When } from "../../components/Values";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { going, importWords, reached } from "./connect";
import classes from "./connect.module.css";
import type { Source } from "./queries";

const days = 30;

/** The import of past calls: a button, then a bar that goes on by itself. */
export function ImportPanel({ source, mayChange }: { source: Source; mayChange: boolean }) {
	const client = useQueryClient();
	const done = {
		onSuccess: () => client.invalidateQueries({ queryKey: ["sources"] }),
		onError: (e: unknown) =>
			toast({ title: "The import did not change", detail: capital(sentence(e)), tone: "bad" }),
	};
	const path = { params: { path: { id: source.id } } };
	const start = useMutation({
		mutationFn: () => data(api.POST("/v1/sources/{id}/import", { ...path, body: { days } })),
		...done,
	});
	const stop = useMutation({ mutationFn: () => api.DELETE("/v1/sources/{id}/import", path), ...done });
	const i = source.import;
	const label = {
		none: "Import the last 30 days",
		done: "Import again",
		failed: "Try again",
		stopped: "Go on",
	}[i && !going(i) ? (i.state as "done" | "failed" | "stopped") : "none"];
	return (
		<div className={classes.import}>
			<p className={classes.line}>
				<span className={classes.name}>Past calls</span>
				{!i && (
					<span className="rs-dim">
						Nothing is imported yet. Imported calls trigger no alerts, webhooks or CRM entries.
					</span>
				)}
				{i?.state === "done" && (
					<Badge tone="good" icon="check" bare>
						Imported
					</Badge>
				)}
				{i?.state === "failed" && (
					<Badge tone="bad" icon="alert" bare>
						Failed
					</Badge>
				)}
				{i?.state === "stopped" && <Badge bare>Stopped</Badge>}
				{i && <span>{importWords(i)}</span>}
			</p>
			{i && going(i) && (
				<div
					className={classes.bar}
					role="progressbar"
					aria-label={`Import of ${source.name}`}
					aria-valuenow={reached(i)}
					aria-valuemin={0}
					aria-valuemax={100}
				>
					<div style={{ width: `${reached(i)}%` }} />
				</div>
			)}
			{i?.reason && (
				<p className="rs-dim">
					{capital(i.reason)}.
					{i.next_at && (
						<>
							{" "}
							It goes on by itself: <When at={i.next_at} />.
						</>
					)}
				</p>
			)}
			{mayChange && (
				<div>
					{i && going(i) ? (
						<Button loading={stop.isPending} onClick={() => stop.mutate()}>
							Stop the import
						</Button>
					) : (
						<Button loading={start.isPending} onClick={() => start.mutate()}>
							{label}
						</Button>
					)}
				</div>
			)}
		</div>
	);
}
