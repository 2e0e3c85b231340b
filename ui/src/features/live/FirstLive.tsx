import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { useSession } from "../../api/session";
import { CodeBlock } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import classes from "./live.module.css";
import { endCommand, startCommand } from "./snippets";

const placeholder = "YOUR_API_KEY";

/** What the page shows while nobody calls: that it is so, and how calls get here. */
export function FirstLive() {
	const { public_url: publicURL } = useSession();
	const { manage } = useMay();
	const [id] = useState(() => `first-live-${Math.floor(Date.now() / 1000)}`);
	const make = useMutation({
		mutationFn: () => data(api.POST("/v1/keys", { body: { name: "Live events", scope: "ingest" } })),
	});
	const key = make.data?.key ?? placeholder;
	return (
		<section className={classes.lesson} aria-label="No live call">
			<div className={classes.calm} role="status">
				<Icon name="pulse" size={22} />
				<div>
					<h2>No call is in progress</h2>
					<p>One appears here by itself as soon as it begins.</p>
				</div>
			</div>
			<p>
				<b>Vapi, Retell, Bland and ElevenLabs</b> show their calls here while they go on, as far as their
				webhooks tell: turn on live events at the vendor. The address is under{" "}
				<Link to="/settings/$section" params={{ section: "sources" }}>
					Sources
				</Link>
				.
			</p>
			<p>
				<b>An agent of your own</b> sends events: <code>started</code>, then <code>turn</code>,{" "}
				<code>partial</code> and <code>tool_call</code> as they happen, and <code>ended</code>. Try it:
			</p>
			{manage && !make.data && (
				<div className={classes.key}>
					<Button loading={make.isPending} leftSection={<Icon name="key" />} onClick={() => make.mutate()}>
						Make a key and put it in
					</Button>
					<span className="rs-dim">A key with the scope ingest: it can send calls and read nothing.</span>
				</div>
			)}
			{make.isError && <FormNote tone="bad">{sentence(make.error)}</FormNote>}
			{make.data && (
				<FormNote tone="good">The key is in the text below. It is shown this once: keep it.</FormNote>
			)}
			<CodeBlock label="Begin a call" code={startCommand(publicURL, key, id)} />
			<CodeBlock label="End it" code={endCommand(publicURL, key, id)} />
		</section>
	);
}
