import { Badge } from "../../components/Badge";
import type { IconName } from "../../components/Icon";
import { Section } from "../../components/Page";
import { offset } from "../../lib/format";
import { humanise, wordOf } from "../../lib/words";
import classes from "./LiveCallView.module.css";
import type { Span } from "./types";
import { spanWords } from "./words";

const icons: Record<string, IconName> = { error: "stop", auth: "lock", intervention: "person" };

/** What happened beside the words: errors, authentication, interventions. */
export function EventsCard({ spans }: { spans: Span[] }) {
	const told = spans.filter((s) => spanWords[s.name]);
	if (told.length === 0) return null;
	return (
		<Section title="Events">
			<ul className={classes.cards}>
				{told.map((s, i) => (
					<li key={i} className={classes.event}>
						<Badge bare tone={s.error ? "bad" : wordOf(spanWords, s.name).tone} icon={icons[s.name]}>
							{wordOf(spanWords, s.name).text}
							{s.title && `: ${humanise(s.title)}`}
						</Badge>
						{s.start_ms !== null && <span className="rs-dim">{offset(s.start_ms)}</span>}
						{s.error && <p>{s.error}</p>}
					</li>
				))}
			</ul>
		</Section>
	);
}
