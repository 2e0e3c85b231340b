import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { Section } from "../../components/Page";
import { SkeletonText } from "../../components/States";
import { problemsOf } from "../../lib/forms";
import classes from "./editor.module.css";
import { ResultBody } from "./ResultBody";
import { bodyOf, check, type ScorecardDraft } from "./scorecard";

/** Judges a call by the scorecard as it stands in the editor, and keeps nothing. */
export function DryRun({ draft }: { draft: ScorecardDraft }) {
	const [call, setCall] = useState("");
	const [held, setHeld] = useState<string | null>(null);
	const run = useMutation({
		mutationFn: (call_id: string) =>
			data(api.POST("/v1/scorecards/dry-run", { body: { call_id, scorecard: bodyOf(draft) } })),
	});
	const { fields, rest } = problemsOf(run.error, ["/call_id"]);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		const wrong = Object.values(check(draft))[0];
		setHeld(wrong ? `The scorecard can't be tried yet. ${wrong}.` : null);
		if (!wrong && call.trim()) run.mutate(call.trim());
	};
	return (
		<Section
			title="Try it on a call"
			lead="Judges a call by what stands in the editor. Nothing is kept, but a language model may be asked."
		>
			<div className={classes.stack}>
				<form className={classes.try} onSubmit={submit}>
					<TextInput
						label="Call"
						placeholder="Id or short id"
						maxLength={64}
						value={call}
						error={fields["/call_id"]}
						onChange={(e) => setCall(e.currentTarget.value)}
					/>
					<Button type="submit" disabled={!call.trim()} loading={run.isPending}>
						Try
					</Button>
				</form>
				{held && <FormNote tone="watch">{held}</FormNote>}
				{rest && <FormNote tone="bad">{rest}</FormNote>}
				{run.isPending && <SkeletonText lines={6} />}
				{run.data && (
					<ResultBody
						result={run.data.result}
						scores={run.data.scores}
						usage={run.data.usage}
						note={run.data.note}
						call={run.variables}
					/>
				)}
			</div>
		</Section>
	);
}
