import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { useSession } from "../../api/session";
import { CodeBlock } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import { type Lesson, newLesson } from "./lesson";
import classes from "./live.module.css";
import { endCommand, startCommand } from "./snippets";

const placeholder = "YOUR_API_KEY";

interface LessonProps {
	lesson: Lesson;
	onChange: (change: Partial<Lesson>) => void;
}

/** Above the list, once the first call is in it. */
export function EndLesson({ lesson, onChange }: LessonProps) {
	const { public_url: publicURL } = useSession();
	return (
		<section className={classes.ending} aria-label="The call that you began">
			<p>
				The call that you began goes on until it is told that it has ended.{" "}
				{lesson.key && "Keep the key: it is not shown again."}
			</p>
			<CodeBlock label="End it" code={endCommand(publicURL, lesson.key ?? placeholder, lesson.call)} />
			<Button onClick={() => onChange(newLesson())}>Dismiss</Button>
		</section>
	);
}

/** What the page shows while nobody calls: that it is so, and how calls get here. */
export function FirstLive({ lesson, onChange }: LessonProps) {
	const { public_url: publicURL } = useSession();
	const { manage } = useMay();
	const make = useMutation({
		mutationFn: () => data(api.POST("/v1/keys", { body: { name: "Live events", scope: "ingest" } })),
		onSuccess: ({ key }) => onChange({ key, begun: true }),
	});
	const key = lesson.key ?? placeholder;
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
				<b>Vapi, Retell, Bland and Twilio</b> show their calls here while they go on, as far as their webhooks
				tell: turn on live events at the vendor. The address is under{" "}
				<Link to="/settings/$section" params={{ section: "sources" }}>
					Sources
				</Link>
				.
			</p>
			<p>
				<b>An agent of your own</b> sends events: <code>started</code>, then <code>turn</code>,{" "}
				<code>partial</code> and <code>tool_call</code> as they happen, and <code>ended</code>. Try it:
			</p>
			{manage && !lesson.key && (
				<div className={classes.key}>
					<Button loading={make.isPending} leftSection={<Icon name="key" />} onClick={() => make.mutate()}>
						Make a key and put it in
					</Button>
					<span className="rs-dim">A key with the scope ingest: it can send calls and read nothing.</span>
				</div>
			)}
			{make.isError && <FormNote tone="bad">{sentence(make.error)}</FormNote>}
			{lesson.key && (
				<FormNote tone="good">The key is in the text below. It is shown this once: keep it.</FormNote>
			)}
			<CodeBlock
				label="Begin a call"
				code={startCommand(publicURL, key, lesson.call)}
				onCopied={() => onChange({ begun: true })}
			/>
			<CodeBlock label="End it" code={endCommand(publicURL, key, lesson.call)} />
		</section>
	);
}
