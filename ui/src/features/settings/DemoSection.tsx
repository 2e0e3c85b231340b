import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import { useSession } from "../../api/session";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState } from "../../components/States";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import classes from "./settings.module.css";
import { useRemoveWorkspace } from "./useRemoveWorkspace";

export function DemoSection() {
	const { workspaces } = useSession();
	const may = useMay();
	const navigate = useNavigate();
	const remove = useRemoveWorkspace(() => {
		toast({ title: "The sample calls are gone", tone: "good" });
		void navigate({ to: "/calls" });
	});
	const demo = (workspaces ?? []).find((w) => w.is_demo);
	const { rest } = problemsOf(remove.error, []);
	if (!demo) {
		return (
			<Section>
				<EmptyState icon="play" title="There are no sample calls">
					Stop the server, run <code>ringside demo reset</code> and start it with <code>--demo</code>: a
					workspace with 30 days of them appears.
				</EmptyState>
			</Section>
		);
	}
	return (
		<Section title={`The workspace ${demo.name}`}>
			<div className={classes.card}>
				<p>
					It holds calls of the last 30 days that no customer ever made: bodies as the platforms send them,
					received through the same doors as real ones. Nothing in it is mixed with your own calls.
				</p>
				<p>
					Removing it takes its calls, agents, sources and keys with it. To get it back, stop the server, run{" "}
					<code>ringside demo reset</code> and start it with <code>--demo</code>.
				</p>
				{rest && <FormNote tone="bad">{rest}</FormNote>}
				{may.manage ? (
					<div>
						<Button
							color="bad"
							leftSection={<Icon name="trash" />}
							loading={remove.isPending}
							onClick={() => remove.mutate(demo.id)}
						>
							Remove the sample calls
						</Button>
					</div>
				) : (
					<p className="rs-dim">An admin can remove it.</p>
				)}
			</div>
		</Section>
	);
}
