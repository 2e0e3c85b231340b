import { Button, SegmentedControl, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { Badge, ProviderBadge, Raw } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { PeekList } from "../../components/PeekList";
import { EmptyState } from "../../components/States";
import { Cell, type Column } from "../../components/Table";
import { When } from "../../components/Values";
import { bytes, count, plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { humanise, inboxStates as stateWords, wordOf } from "../../lib/words";
import { DeliveryPeek } from "./DeliveryPeek";
import { whyWords } from "./inbox";
import { type Delivery, inboxQuery } from "./queries";
import type { InboxState, SettingsSearch } from "./search";
import classes from "./settings.module.css";

/** The server counts one past this and no further. */
const counted = 10_000;

export function InboxSection() {
	const search = useSearch({ from: "/app/settings/$section" });
	const navigate = useNavigate();
	const inbox = useInfiniteQuery(inboxQuery(search.state));
	const may = useMay();
	const go = (to: SettingsSearch) =>
		void navigate({ to: "/settings/$section", params: { section: "inbox" }, search: to, replace: true });
	const open = (delivery: string | undefined) => go({ ...search, delivery });
	const items = inbox.data?.pages.flatMap((p) => p.items ?? []) ?? [];
	const quarantined = inbox.data?.pages[0]?.quarantined ?? 0;
	const narrow = search.delivery !== undefined;
	return (
		<>
			<div className={`${classes.row} ${classes.between}`}>
				<States value={search.state} onChange={(state) => go(state ? { state } : {})} />
				{may.change && quarantined > 0 && <ReplayAll waiting={quarantined} />}
			</div>
			<PeekList
				pages={inbox}
				items={items}
				doing="load the inbox"
				label="Deliveries"
				one="delivery"
				group="Inbox"
				columns={narrow ? beside : columns}
				row={(d) => (
					<Row
						key={d.id}
						delivery={d}
						selected={d.id === search.delivery}
						narrow={narrow}
						onOpen={() => open(d.id)}
					/>
				)}
				nothing={<Nothing state={search.state} />}
				selected={search.delivery}
				onOpen={open}
				peek={(id) => (
					<DeliveryPeek key={id} id={id} mayChange={may.change} onClose={() => open(undefined)} />
				)}
			/>
		</>
	);
}

function States({ value, onChange }: { value?: InboxState; onChange: (state?: InboxState) => void }) {
	return (
		<SegmentedControl
			aria-label="Which deliveries"
			data={[
				{ value: "", label: "Without a call" },
				{ value: "quarantined", label: "Quarantined" },
				{ value: "ignored", label: "Ignored" },
				{ value: "stored", label: "Stored" },
			]}
			value={value ?? ""}
			onChange={(v) => onChange((v || undefined) as InboxState | undefined)}
		/>
	);
}

function Nothing({ state }: { state?: InboxState }) {
	if (state === "stored") {
		return (
			<EmptyState title="Nothing was received yet">
				<Link to="/settings/$section" params={{ section: "sources" }}>
					Connect a platform
				</Link>{" "}
				or send a call with a key.
			</EmptyState>
		);
	}
	return (
		<EmptyState icon="check" title={state === "ignored" ? "Nothing was ignored" : "Everything could be read"}>
			{state === "ignored"
				? "Deliveries that are genuine and tell nothing about a call come here: a batch's progress, a platform's telemetry."
				: "A genuine delivery that can't be read waits here with the reason and the place in its body, and can be replayed after an update."}
		</EmptyState>
	);
}

const columns: Column[] = [
	{ label: "Received" },
	{ label: "State" },
	{ label: "Platform", wide: true },
	{ label: "Event", wide: true },
	{ label: "Why" },
	{ label: "Size", align: "end", wide: true },
];

/** Those that stay while the drawer takes its part of the width. */
const beside = columns.filter((c) => c.label !== "Event" && c.label !== "Size" && c.label !== "Platform");

interface RowProps {
	delivery: Delivery;
	selected: boolean;
	narrow: boolean;
	onOpen: () => void;
}

function Row({ delivery: d, selected, narrow, onOpen }: RowProps) {
	const state = wordOf(stateWords, d.state);
	const why = whyWords(d.reason, d.pointer);
	return (
		// The button in the row is the keyboard's way; J and K step.
		<tr data-clickable data-selected={selected || undefined} onClick={onOpen}>
			<Cell>
				<UnstyledButton className={classes.open} aria-expanded={selected} onClick={onOpen}>
					<When at={d.received_at} />
				</UnstyledButton>
			</Cell>
			<Cell>
				<Badge tone={state.tone} icon={d.state === "quarantined" ? "alert" : "check"} bare>
					{state.text}
				</Badge>
			</Cell>
			{!narrow && (
				<>
					<Cell wide>
						<ProviderBadge provider={d.provider} />
					</Cell>
					<Cell wide>
						{d.event ? <Raw value={d.event}>{humanise(d.event)}</Raw> : <span className="rs-dim">—</span>}
					</Cell>
				</>
			)}
			<Cell cut title={why}>
				{why || <span className="rs-dim">—</span>}
			</Cell>
			{!narrow && (
				<Cell align="end" wide>
					{bytes(d.size)}
				</Cell>
			)}
		</tr>
	);
}

function ReplayAll({ waiting }: { waiting: number }) {
	const client = useQueryClient();
	const replay = useMutation({
		mutationFn: () => data(api.POST("/v1/inbox/replay")),
		onSuccess: async ({ replayed, failed }) => {
			toast({
				title: `${plural(replayed, "delivery", "deliveries")} read`,
				detail: failed > 0 ? `${count(failed)} still can't be read.` : undefined,
				tone: failed > 0 ? "watch" : "good",
			});
			await client.invalidateQueries({ queryKey: ["inbox"] });
			await client.invalidateQueries({ queryKey: ["calls"] });
		},
		onError: (e) => toast({ title: "Could not replay the inbox", detail: capital(sentence(e)), tone: "bad" }),
	});
	return (
		<Button leftSection={<Icon name="refresh" />} loading={replay.isPending} onClick={() => replay.mutate()}>
			Replay all {waiting > counted ? `${count(counted)} or more` : count(waiting)} quarantined
		</Button>
	);
}
