import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data, notFound } from "../../api/client";
import { sentence } from "../../api/error";
import { Badge, ProviderBadge, Raw } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { CopyButton, CopyID } from "../../components/Copy";
import { Icon } from "../../components/Icon";
import { holds, JsonView } from "../../components/JsonView";
import { Fact, Facts } from "../../components/Page";
import { Peek } from "../../components/Peek";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { bytes } from "../../lib/format";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { humanise, inboxStates, wordOf } from "../../lib/words";
import { replayWords, whyWords } from "./inbox";
import { deliveryQuery, type FullDelivery } from "./queries";
import classes from "./settings.module.css";

interface DeliveryPeekProps {
	id: string;
	mayChange: boolean;
	onClose: () => void;
}

/** One delivery as it was received, with the place that could not be read marked. */
export function DeliveryPeek({ id, mayChange, onClose }: DeliveryPeekProps) {
	const delivery = useQuery(deliveryQuery(id));
	const d = delivery.data;
	const state = d && wordOf(inboxStates, d.state);
	return (
		<Peek
			label="Delivery"
			head={
				state && (
					<Badge tone={state.tone} icon={d.state === "quarantined" ? "alert" : "check"} bare>
						{state.text}
					</Badge>
				)
			}
			onClose={onClose}
		>
			<div className={classes.body}>
				{delivery.isPending && <SkeletonText lines={10} />}
				{delivery.isError &&
					(notFound(delivery.error) ? (
						<EmptyState title="This delivery is gone">
							It was deleted, or it is older than the inbox keeps bodies.
						</EmptyState>
					) : (
						<ErrorState
							doing="load the delivery"
							error={delivery.error}
							retry={() => void delivery.refetch()}
						/>
					))}
				{d && (
					<>
						{d.reason && <Reason delivery={d} />}
						<div className={classes.row}>
							{d.call_id && (
								<Button
									leftSection={<Icon name="calls" />}
									renderRoot={(props) => <Link to="/calls/$id" params={{ id: d.call_id ?? "" }} {...props} />}
								>
									Its call
								</Button>
							)}
							{mayChange && d.state !== "stored" && <Actions id={id} onGone={onClose} />}
						</div>
						<Facts>
							<Fact name="Received">
								<When at={d.received_at} form="exact" />
							</Fact>
							<Fact name="Platform">
								<ProviderBadge provider={d.provider} />
							</Fact>
							<Fact name="Came by">{d.source || "An API key"}</Fact>
							<Fact name="Event">
								{d.event ? <Raw value={d.event}>{humanise(d.event)}</Raw> : "Not said"}
							</Fact>
							<Fact name="Size">{bytes(d.size)}</Fact>
							<Fact name="Id">
								<CopyID value={d.id} label="Copy the delivery's id" />
							</Fact>
						</Facts>
						<JsonView value={d.body} label="Body as received" at={d.pointer || undefined} />
					</>
				)}
			</div>
		</Peek>
	);
}

function Reason({ delivery: { state, reason, pointer, body } }: { delivery: FullDelivery }) {
	if (state !== "quarantined") return <p>{whyWords(reason, pointer)}</p>;
	return (
		<div className={classes.reason}>
			<p>
				{pointer && (
					<>
						<code>{pointer}</code> <CopyButton value={pointer} label="Copy the pointer" />{" "}
					</>
				)}
				{pointer ? reason : capital(reason)}
			</p>
			{pointer && (
				<p>{holds(body, pointer) ? "It is marked below." : "It is missing from what is marked below."}</p>
			)}
		</div>
	);
}

function Actions({ id, onGone }: { id: string; onGone: () => void }) {
	const client = useQueryClient();
	const again = () => client.invalidateQueries({ queryKey: ["inbox"] });
	const path = { params: { path: { id } } };
	const replay = useMutation({
		mutationFn: () => data(api.POST("/v1/inbox/{id}/replay", path)),
		onSuccess: async ({ action, reason, pointer }) => {
			const { title, detail, good } = replayWords(action, whyWords(reason, pointer));
			toast({ title, detail, tone: good ? "good" : "watch" });
			await again();
			if (good) await client.invalidateQueries({ queryKey: ["calls"] });
		},
		onError: (e) => toast({ title: "Could not replay it", detail: capital(sentence(e)), tone: "bad" }),
	});
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/inbox/{id}", path),
		onSuccess: async () => {
			onGone();
			toast({ title: "The delivery is deleted" });
			await client.invalidateQueries({ queryKey: ["inbox", "list"] });
		},
		onError: (e) => toast({ title: "Could not delete it", detail: capital(sentence(e)), tone: "bad" }),
	});
	return (
		<>
			<Button
				variant="filled"
				leftSection={<Icon name="refresh" />}
				loading={replay.isPending}
				onClick={() => replay.mutate()}
			>
				Replay
			</Button>
			<ConfirmButton
				label="Delete"
				confirm="Delete the delivery"
				question="Its body goes for good; it can't be replayed after an update any more."
				onConfirm={() => remove.mutate()}
				busy={remove.isPending}
			/>
		</>
	);
}
