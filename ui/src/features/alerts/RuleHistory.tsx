import { useQuery } from "@tanstack/react-query";
import { ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import classes from "./dialog.module.css";
import { changeWords } from "./history";
import { ruleVersionsQuery } from "./queries";

const most = 50;

/** Who changed a rule, when, and what about it. */
export function RuleHistory({ id }: { id: string }) {
	const versions = useQuery(ruleVersionsQuery(id));
	const all = versions.data ?? [];
	return (
		<>
			{versions.isPending && <SkeletonText lines={4} />}
			{versions.isError && (
				<ErrorState doing="load the history" error={versions.error} retry={() => void versions.refetch()} />
			)}
			{versions.data?.length === 0 && (
				<p className="rs-dim">The rule is as it came: nobody has changed it.</p>
			)}
			<ol className={classes.history} aria-label="History">
				{all.slice(0, most).map((v, i) => (
					<li key={v.version}>
						<span>
							Version {v.version}: {changeWords(v.rule, all[i + 1]?.rule)}
						</span>
						<span className="rs-dim">
							{v.author && `${v.author}, `}
							<When at={v.createdAt} />
						</span>
					</li>
				))}
			</ol>
			{all.length > most && <p className="rs-dim">And older ones.</p>}
		</>
	);
}
