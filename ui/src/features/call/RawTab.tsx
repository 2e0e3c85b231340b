import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Badge, ProviderBadge, Raw } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { asText, JsonView } from "../../components/JsonView";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { bytes } from "../../lib/format";
import { humanise, inboxStates, wordOf } from "../../lib/words";
import { rawQuery } from "./queries";
import classes from "./RawTab.module.css";
import type { Call, Delivery } from "./types";

/** So few are shown open at once. */
const fewDeliveries = 2;

/** Every delivery about the call, as it was received. */
export function RawTab({ call }: { call: Call }) {
	const { data, error, refetch } = useQuery(rawQuery(call.id));
	if (!data && error)
		return <ErrorState doing="load the deliveries" error={error} retry={() => void refetch()} />;
	if (!data) return <SkeletonText lines={8} />;
	const deliveries = data.deliveries ?? [];
	if (deliveries.length === 0) {
		return (
			<EmptyState title="No deliveries are kept">
				Bodies are kept for 90 days unless your server says otherwise. What was made of them stays.
			</EmptyState>
		);
	}
	return (
		<ol className={classes.list}>
			{deliveries.map((d) => (
				<OneDelivery key={d.id} delivery={d} open={deliveries.length <= fewDeliveries} call={call} />
			))}
		</ol>
	);
}

/** Hands a text to the person as a file. */
export function saveFile(name: string, text: string, type: string) {
	const url = URL.createObjectURL(new Blob([text], { type }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function OneDelivery({ delivery: d, open, call }: { delivery: Delivery; open: boolean; call: Call }) {
	const [opened, setOpened] = useState(open);
	const state = wordOf(inboxStates, d.state);
	const json = typeof d.body !== "string";
	const save = () =>
		saveFile(
			`${call.short_id || call.id}-${(d.event || "delivery").replace(/[^\w.-]+/g, "-")}-${d.id}.${json ? "json" : "txt"}`,
			asText(d.body),
			json ? "application/json" : "text/plain",
		);
	return (
		<li className={classes.delivery}>
			<div className={classes.head}>
				<Raw value={d.event}>
					<button
						type="button"
						className={classes.toggle}
						aria-expanded={opened}
						onClick={() => setOpened(!opened)}
					>
						<Icon name={opened ? "down" : "right"} size={12} />
						{d.event ? humanise(d.event) : "Without a name"}
					</button>
				</Raw>
				<Badge
					tone={state.tone}
					icon={d.state === "stored" ? "check" : d.state === "quarantined" ? "alert" : "minus"}
				>
					{state.text}
				</Badge>
				<span className={classes.facts}>
					<ProviderBadge provider={d.provider} />
					{d.source && <span>by {d.source}</span>}
					<When at={d.received_at} form="exact" />
					<span>{bytes(d.size)}</span>
				</span>
				<Button size="compact-sm" leftSection={<Icon name="download" size={14} />} onClick={save}>
					Download
				</Button>
			</div>
			{d.reason && (
				<p className={classes.reason}>
					{d.reason}
					{d.pointer && (
						<>
							{" "}
							<code>{d.pointer}</code>
						</>
					)}
				</p>
			)}
			{opened && <JsonView value={d.body} label={`Body of ${d.event || "the delivery"}`} open={2} />}
		</li>
	);
}
