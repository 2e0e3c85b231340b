import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Body, data, notFound } from "../../api/client";
import { sentence } from "../../api/error";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { Fact, Facts } from "../../components/Page";
import { Peek } from "../../components/Peek";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { count, plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { gapStatuses, wordOf } from "../../lib/words";
import classes from "./gaps.module.css";
import { type GapDetail, gapQuery } from "./queries";
import type { GapStatus } from "./search";

interface GapPeekProps {
	id: string;
	mayChange: boolean;
	onClose: () => void;
}

/** One question: what to do about it, and the calls that asked it. */
export function GapPeek({ id, mayChange, onClose }: GapPeekProps) {
	const gap = useQuery(gapQuery(id));
	const g = gap.data;
	const status = g && wordOf(gapStatuses, g.status);
	return (
		<Peek
			label="Question"
			head={
				status && (
					<Badge bare tone={status.tone} icon={g.status === "open" ? "question" : "check"}>
						{status.text}
					</Badge>
				)
			}
			onClose={onClose}
		>
			<div className={classes.body}>
				{gap.isPending && <SkeletonText lines={8} />}
				{gap.isError &&
					(notFound(gap.error) ? (
						<EmptyState title="This question is gone">The calls that asked it were deleted.</EmptyState>
					) : (
						<ErrorState doing="load the question" error={gap.error} retry={() => void gap.refetch()} />
					))}
				{g && (
					<>
						<h2 className={classes.title}>{g.question}</h2>
						<Facts>
							<Fact name="Asked in">{plural(g.calls, "call")}</Fact>
							<Fact name="Last">
								<When at={g.last_at} />
							</Fact>
							<Fact name="First">
								<When at={g.first_at} />
							</Fact>
						</Facts>
						{mayChange ? <Settle key={g.updated_at} gap={g} /> : g.answer && <p>{g.answer}</p>}
						<Asked gap={g} />
					</>
				)}
			</div>
		</Peek>
	);
}

/** Writes the answer down and settles the question; what was done can be undone. */
function Settle({ gap }: { gap: GapDetail }) {
	const client = useQueryClient();
	const [answer, setAnswer] = useState(gap.answer);
	const change = useMutation({
		mutationFn: (body: Body<"/v1/gaps/{id}", "patch">) =>
			data(api.PATCH("/v1/gaps/{id}", { params: { path: { id: gap.id } }, body })),
		onSuccess: async () => client.invalidateQueries({ queryKey: ["gaps"] }),
		onError: (e) =>
			toast({ title: "Could not change the question", detail: capital(sentence(e)), tone: "bad" }),
	});
	const settle = (to: GapStatus) => {
		const before = { status: gap.status, answer: gap.answer };
		change.mutate(
			{ status: to, answer },
			{
				onSuccess: () =>
					toast({
						title: to === "open" ? "The question is open again" : `The question is ${to}`,
						action: { label: "Undo", run: () => change.mutate(before) },
					}),
			},
		);
	};
	return (
		<div className={classes.settle}>
			<Textarea
				label="Answer"
				description="For whoever writes the agent's knowledge. It is not sent anywhere."
				autosize
				minRows={2}
				maxRows={10}
				maxLength={10_000}
				value={answer}
				onChange={(e) => setAnswer(e.currentTarget.value)}
			/>
			<div className={classes.buttons}>
				{gap.status !== "answered" && (
					<Button
						variant="filled"
						leftSection={<Icon name="check" />}
						loading={change.isPending}
						onClick={() => settle("answered")}
					>
						Mark as answered
					</Button>
				)}
				{gap.status === "open" ? (
					<Button loading={change.isPending} onClick={() => settle("ignored")}>
						Ignore
					</Button>
				) : (
					<Button loading={change.isPending} onClick={() => settle("open")}>
						Open again
					</Button>
				)}
				{answer !== gap.answer && (
					<Button loading={change.isPending} onClick={() => change.mutate({ answer })}>
						Save the answer
					</Button>
				)}
			</div>
		</div>
	);
}

function Asked({ gap }: { gap: GapDetail }) {
	return (
		<section aria-label="Calls that asked it" className={classes.asked}>
			<h3>Calls that asked it</h3>
			<ul>
				{gap.asked.map((c) => (
					<li key={`${c.call_id}/${c.turn ?? ""}`}>
						<Link to="/calls/$id" params={{ id: c.short_id }} search={c.turn == null ? {} : { turn: c.turn }}>
							{c.question}
						</Link>
						<span className="rs-dim">
							{c.agent && `${c.agent}, `}
							<When at={c.at} />
						</span>
					</li>
				))}
			</ul>
			{gap.asked.length < gap.calls && (
				<p className="rs-dim">
					The newest {count(gap.asked.length)} of {plural(gap.calls, "call")}.
				</p>
			)}
		</section>
	);
}
