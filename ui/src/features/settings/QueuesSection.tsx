import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { Badge } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonRows } from "../../components/States";
import { Cell, Table } from "../../components/Table";
import { useNow } from "../../components/Values";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { AgentNames } from "../agents/AgentNames";
import { opening, windowWords } from "./hours";
import { QueueDialog } from "./QueueDialog";
import { type Queue, queuesQuery } from "./queries";
import { reachWords } from "./queues";
import own from "./queues.module.css";
import { ShowMore, useShown } from "./ShowMore";
import classes from "./settings.module.css";

export function QueuesSection() {
	const queues = useQuery(queuesQuery);
	const may = useMay();
	const [creating, setCreating] = useState(false);
	const create = may.change && (
		<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setCreating(true)}>
			Add a queue
		</Button>
	);
	const { shown, more } = useShown(queues.data);
	return (
		<>
			{shown.length > 0 && <div className={classes.end}>{create}</div>}
			<Section flush>
				{queues.isPending && <SkeletonRows rows={4} />}
				{queues.isError && !queues.data && (
					<ErrorState doing="load the queues" error={queues.error} retry={() => void queues.refetch()} />
				)}
				{queues.data?.length === 0 && (
					<EmptyState icon="calls" title="Nobody takes over calls yet" action={create}>
						A queue is where a transfer of a call in progress goes: the number or SIP address of people, and
						the hours in which they answer. With one, a transfer can name “Front desk” instead of a number,
						and is refused when nobody is there.
					</EmptyState>
				)}
				{shown.length > 0 && (
					<Table
						label="Queues"
						columns={[
							{ label: "Queue" },
							{ label: "Now" },
							{ label: "Hours", wide: true },
							{ label: "Agents", wide: true },
							{ label: "" },
						]}
					>
						{shown.map((q) => (
							<QueueRow key={q.id} queue={q} mayChange={may.change} />
						))}
					</Table>
				)}
				<ShowMore more={more} />
			</Section>
			{creating && <QueueDialog onClose={() => setCreating(false)} />}
		</>
	);
}

function QueueRow({ queue: q, mayChange }: { queue: Queue; mayChange: boolean }) {
	return (
		<tr>
			<Cell>
				<span className={own.lines}>
					<span>{q.name}</span>
					<span className="rs-dim" title={q.number || undefined}>
						{reachWords(q)}
					</span>
				</span>
			</Cell>
			<Cell>
				<State queue={q} />
			</Cell>
			<Cell wide>
				<HoursWords queue={q} />
			</Cell>
			<Cell wide>
				<AgentNames ids={q.agents} />
			</Cell>
			<Cell>{mayChange && <Actions queue={q} />}</Cell>
		</tr>
	);
}

function State({ queue }: { queue: Queue }) {
	const { open, next } = opening(queue.hours, useNow());
	if (open) {
		return (
			<Badge tone="good" icon="check" bare>
				Open now
			</Badge>
		);
	}
	return (
		<span className={own.lines}>
			<Badge tone={next ? "quiet" : "watch"} icon={next ? "clock" : "alert"} bare>
				{next ? "Closed" : "Never open"}
			</Badge>
			{next && <span className="rs-dim">until {next}</span>}
		</span>
	);
}

function HoursWords({ queue: { hours } }: { queue: Queue }) {
	const windows = hours.windows ?? [];
	if (windows.length === 0) return <>Always</>;
	return (
		<span className={classes.two}>
			{windows.map((w, i) => (
				<span key={i}>{windowWords(w)}</span>
			))}
			<span className="rs-dim">{hours.timezone || "UTC"}</span>
		</span>
	);
}

function Actions({ queue: q }: { queue: Queue }) {
	const client = useQueryClient();
	const [editing, setEditing] = useState(false);
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/queues/{id}", { params: { path: { id: q.id } } }),
		onSuccess: async () => {
			toast({ title: `${q.name} is deleted` });
			await client.invalidateQueries({ queryKey: ["queues"] });
		},
		onError: (error) =>
			toast({ title: "Could not delete the queue", detail: capital(sentence(error)), tone: "bad" }),
	});
	const whose = <span className="rs-sr"> {q.name}</span>;
	return (
		<div className={`${classes.actions} ${own.buttons}`}>
			<Button onClick={() => setEditing(true)}>Edit{whose}</Button>
			<ConfirmButton
				label={<>Delete{whose}</>}
				confirm="Delete the queue"
				question={`A transfer to ${q.name} is refused from now on. Calls that were handed over to it stay as they are.`}
				onConfirm={() => remove.mutate()}
				busy={remove.isPending}
			/>
			{editing && <QueueDialog queue={q} onClose={() => setEditing(false)} />}
		</div>
	);
}
