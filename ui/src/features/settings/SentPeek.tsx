import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data, notFound } from "../../api/client";
import { sentence } from "../../api/error";
import { Raw } from "../../components/Badge";
import { CodeBlock, CopyID } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import { JsonView } from "../../components/JsonView";
import { Fact, Facts } from "../../components/Page";
import { Peek } from "../../components/Peek";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { LatencyValue, When } from "../../components/Values";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { agentAddresses, wordOf } from "../../lib/words";
import { agentsQuery } from "../agents/queries";
import { endpointsQuery, type FullSent, oneSentQuery } from "./queries";
import { SentBadge } from "./SentBadge";
import classes from "./settings.module.css";
import { answerWords, eventWords, targetOf, trouble } from "./webhooks";

interface SentPeekProps {
	id: string;
	mayChange: boolean;
	onClose: () => void;
}

/** One outgoing delivery: what is sent, and every attempt to send it. */
export function SentPeek({ id, mayChange, onClose }: SentPeekProps) {
	const sent = useQuery(oneSentQuery(id));
	const d = sent.data;
	return (
		<Peek label="Delivery" head={d && <SentBadge status={d.status} />} onClose={onClose}>
			<div className={classes.body}>
				{sent.isPending && <SkeletonText lines={10} />}
				{sent.isError &&
					!d &&
					(notFound(sent.error) ? (
						<EmptyState title="This delivery is gone">It is older than deliveries are kept.</EmptyState>
					) : (
						<ErrorState doing="load the delivery" error={sent.error} retry={() => void sent.refetch()} />
					))}
				{d && <Delivery delivery={d} mayChange={mayChange} />}
			</div>
		</Peek>
	);
}

function Delivery({ delivery: d, mayChange }: { delivery: FullSent; mayChange: boolean }) {
	const why = trouble(d);
	return (
		<>
			{why && <FormNote tone={d.status === "dead" ? "bad" : "watch"}>{capital(why)}</FormNote>}
			<div className={classes.row}>
				{d.call_id && (
					<Button
						leftSection={<Icon name="calls" />}
						renderRoot={(props) => <Link to="/calls/$id" params={{ id: d.call_id }} {...props} />}
					>
						Its call
					</Button>
				)}
				{mayChange && <SendAgain id={d.id} />}
			</div>
			<Facts>
				<Fact name="Event">
					<Raw value={d.event}>{eventWords(d.event)}</Raw>
				</Fact>
				<Fact name="To">
					<Target delivery={d} />
				</Fact>
				<Fact name="Made">
					<When at={d.created_at} form="exact" />
				</Fact>
				{d.next_attempt_at && (
					<Fact name="Next attempt">
						<When at={d.next_attempt_at} />
					</Fact>
				)}
				<Fact name="Id">
					<CopyID value={d.id} label="Copy the delivery's id" />
				</Fact>
			</Facts>
			<Attempts attempts={d.attempts ?? []} />
			<JsonView value={d.body} label="Body as sent" />
		</>
	);
}

/** An endpoint by its address, or which of an agent's own addresses it was. */
function Target({ delivery: d }: { delivery: FullSent }) {
	const { endpoint, agent, which } = targetOf(d.target);
	const { data: endpoints } = useQuery({ ...endpointsQuery, enabled: endpoint !== undefined });
	const { data: agents } = useQuery({ ...agentsQuery, enabled: agent !== undefined });
	if (agent) {
		return (
			<>
				{wordOf(agentAddresses, which).text}{" "}
				<Link to="/agents/$id" params={{ id: agent }}>
					{agents?.find((a) => a.id === agent)?.name ?? agent}
				</Link>
			</>
		);
	}
	const known = endpoints?.find((e) => e.id === endpoint);
	if (!known) return <>{endpoints ? "A webhook that was deleted" : (endpoint ?? d.target)}</>;
	return (
		<Link to="/settings/$section" params={{ section: "webhooks" }}>
			{known.url}
		</Link>
	);
}

function Attempts({ attempts }: { attempts: FullSent["attempts"] }) {
	if (attempts.length === 0) return <p className="rs-dim">It was not tried yet.</p>;
	return (
		<ol className={classes.attempts} aria-label="Attempts">
			{attempts.map((a) => (
				<li key={a.number} className={classes.attempt}>
					<span className={`${classes.row} ${classes.between}`}>
						<b>
							Attempt {a.number}: {answerWords(a)}
						</b>
						<span className="rs-dim">
							<When at={a.at} form="exact" />, <LatencyValue ms={a.latency_ms} />
						</span>
					</span>
					{a.error && <span>{capital(a.error)}</span>}
					{a.response && <CodeBlock code={a.response} label={`Answer to attempt ${a.number}`} />}
				</li>
			))}
		</ol>
	);
}

function SendAgain({ id }: { id: string }) {
	const client = useQueryClient();
	const resend = useMutation({
		mutationFn: () => data(api.POST("/v1/webhook-deliveries/{id}/resend", { params: { path: { id } } })),
		onSuccess: async (d) => {
			toast({ title: "It is sent again, under the same id", tone: "good" });
			client.setQueryData(oneSentQuery(id).queryKey, d);
			await client.invalidateQueries({ queryKey: ["webhooks", "deliveries"] });
		},
		onError: (e) => toast({ title: "Could not send it again", detail: capital(sentence(e)), tone: "bad" }),
	});
	return (
		<Button
			variant="filled"
			leftSection={<Icon name="refresh" />}
			loading={resend.isPending}
			onClick={() => resend.mutate()}
		>
			Send again
		</Button>
	);
}
