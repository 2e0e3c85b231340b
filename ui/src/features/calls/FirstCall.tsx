import { Button, SegmentedControl } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { useSession } from "../../api/session";
import { CodeBlock } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import { providerName } from "../../lib/words";
import classes from "./FirstCall.module.css";
import { curlCommand, pythonSnippet } from "./snippets";
import type { CallItem } from "./types";
import { VendorSteps } from "./VendorSteps";

const ways = ["curl", "vapi", "retell", "bland", "elevenlabs", "own"] as const;
type Way = (typeof ways)[number];

const pollMs = 3000;
const placeholder = "YOUR_API_KEY";

interface FirstCallProps {
	/** Leaves the lesson for the list. */
	onDone: () => void;
}

/** What an empty workspace shows: how to send a call, and a light that turns green when one lands. */
export function FirstCall({ onDone }: FirstCallProps) {
	const { public_url: publicURL } = useSession();
	const [way, setWay] = useState<Way>("curl");
	const [now] = useState(() => new Date());
	const key = useMakeKey();
	const shownKey = key.data?.key ?? placeholder;
	const { data: page } = useQuery({
		queryKey: ["calls", "first"],
		queryFn: () => data(api.GET("/v1/calls", { params: { query: { limit: 1 } } })),
		refetchInterval: (q) => (q.state.data?.items?.length ? false : pollMs),
	});
	const client = useQueryClient();
	const landed = !!page?.items?.length;
	// Whichever way the list is reached, it must not take the workspace for empty any more.
	useEffect(() => {
		if (!landed) return;
		void client.resetQueries({ queryKey: ["calls"], type: "inactive" });
		void client.invalidateQueries({ queryKey: ["calls", "newest"] });
		void client.invalidateQueries({ queryKey: ["health"] });
	}, [landed, client]);
	const label = (w: Way) => (w === "curl" ? "curl" : w === "own" ? "Your own agent" : providerName(w));
	const code = useMemo(
		() => (way === "own" ? pythonSnippet(publicURL, shownKey) : curlCommand(publicURL, shownKey, now)),
		[way, publicURL, shownKey, now],
	);
	return (
		<section className={classes.lesson} aria-label="Send the first call">
			<Light call={page?.items?.[0]} onDone={onDone} />
			<SegmentedControl
				className={classes.ways}
				aria-label="Where the call comes from"
				data={ways.map((w) => ({ value: w, label: label(w) }))}
				value={way}
				onChange={(w) => setWay(w as Way)}
			/>
			{way === "curl" || way === "own" ? (
				<>
					{!key.data && (
						<div className={classes.key}>
							<Button loading={key.isPending} leftSection={<Icon name="key" />} onClick={() => key.mutate()}>
								Make a key and put it in
							</Button>
							<span className="rs-dim">A key with the scope ingest: it can send calls and read nothing.</span>
						</div>
					)}
					{key.isError && <FormNote tone="bad">{sentence(key.error)}</FormNote>}
					{key.data && (
						<FormNote tone="good">The key is in the text below. It is shown this once: keep it.</FormNote>
					)}
					<CodeBlock label={way === "curl" ? "Command for a terminal" : "Python"} code={code} />
				</>
			) : (
				<VendorSteps provider={way} />
			)}
		</section>
	);
}

function useMakeKey() {
	return useMutation({
		mutationFn: () => data(api.POST("/v1/keys", { body: { name: "First call", scope: "ingest" } })),
	});
}

function Light({ call, onDone }: { call: CallItem | undefined; onDone: () => void }) {
	return (
		<div className={classes.light} data-on={call ? true : undefined} role="status">
			<span className={classes.lamp}>
				<Icon name={call ? "check" : "ring"} size={18} />
			</span>
			<div className={classes.words}>
				<h2>{call ? "The first call is here" : "Waiting for the first call"}</h2>
				<p>
					{call
						? `${call.agent?.name || call.agent?.source_id || "A call"}, by ${providerName(call.provider)}.`
						: "Send one in any of these ways. This turns green when it lands."}
				</p>
			</div>
			{call && (
				<div className={classes.next}>
					<Button
						variant="filled"
						renderRoot={(props) => <Link to="/calls/$id" params={{ id: call.id }} {...props} />}
					>
						Open it
					</Button>
					<Button onClick={onDone}>Show the list</Button>
				</div>
			)}
		</div>
	);
}
