import { useQuery } from "@tanstack/react-query";
import { Section } from "../../components/Page";
import { ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import classes from "./editor.module.css";
import { versionsQuery } from "./queries";

const most = 20;

/** Who changed the scorecard, and when. */
export function Versions({ id }: { id: string }) {
	const versions = useQuery(versionsQuery(id));
	return (
		<Section title="Versions">
			{versions.isPending && <SkeletonText lines={3} />}
			{versions.isError && (
				<ErrorState doing="load the versions" error={versions.error} retry={() => void versions.refetch()} />
			)}
			<ul className={classes.versions}>
				{versions.data?.slice(0, most).map((v) => (
					<li key={v.version}>
						Version {v.version}
						<span className="rs-dim">
							{v.author && `${v.author}, `}
							<When at={v.created_at} />
						</span>
					</li>
				))}
			</ul>
			{(versions.data?.length ?? 0) > most && <p className="rs-dim">And older ones.</p>}
		</Section>
	);
}
