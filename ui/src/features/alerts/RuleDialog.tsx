import { Button, Tabs } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { Modal } from "../../components/Modal";
import { SkeletonText } from "../../components/States";
import { problemsOf } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { Backtest } from "./Backtest";
import classes from "./dialog.module.css";
import type { Rule, RuleBody } from "./queries";
import { RuleFields } from "./RuleFields";
import { bodyOf, check, checkCondition, draftOf, type RuleDraft, rulePointers } from "./rule";
import { TellFields } from "./TellFields";
import { checkTell, type TellDraft, tellBody, tellOf, tellPointers } from "./tell";

interface DialogProps {
	/** The one to edit; a new one without. */
	rule?: Rule;
	onClose: () => void;
}

function useSave(rule: Rule | undefined, onClose: () => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (body: RuleBody) => {
			return rule
				? data(api.PATCH("/v1/alert-rules/{id}", { params: { path: { id: rule.id } }, body }))
				: data(api.POST("/v1/alert-rules", { body }));
		},
		onSuccess: async (saved) => {
			toast({ title: rule ? "Saved" : `${saved.name} is here`, tone: "good" });
			onClose();
			await client.invalidateQueries({ queryKey: ["alert-rules"] });
		},
	});
}

type Tab = "rule" | "try" | "tell" | "history";

const History = lazy(() => import("./RuleHistory").then((m) => ({ default: m.RuleHistory })));

/** Where the first thing that is wrong can be seen; null when nothing is. */
function tabOf(wrong: Record<string, string>): Tab | null {
	const [first] = Object.keys(wrong);
	if (!first) return null;
	return /^\/(notifications|throttling|grouping|silenceSchedule)/.test(first) ? "tell" : "rule";
}

const same = (a: TellDraft, b: TellDraft): boolean =>
	JSON.stringify(tellBody(a)) === JSON.stringify(tellBody(b));

export function RuleDialog({ rule, onClose }: DialogProps) {
	const [draft, setDraft] = useState(() => draftOf(rule));
	const [tell, setTell] = useState(() => tellOf(rule));
	const [told] = useState(tell);
	const [tried, setTried] = useState(false);
	const [tab, setTab] = useState<Tab>("rule");
	const save = useSave(rule, onClose);
	const set = (change: Partial<RuleDraft>) => {
		setDraft((d) => ({ ...d, ...change }));
		if (save.isError) save.reset();
	};
	const setTelling = (change: Partial<TellDraft>) => {
		setTell((d) => ({ ...d, ...change }));
		if (save.isError) save.reset();
	};
	const local = { ...check(draft), ...checkTell(tell) };
	const pointers = [...rulePointers, ...tellPointers(tell)];
	const answer = problemsOf(save.error, pointers);
	const fields = { ...answer.fields, ...(tried ? local : {}) };
	const show = (wrong: Record<string, string>) => setTab(tabOf(wrong) ?? tab);
	const submit = (e: FormEvent) => {
		e.preventDefault();
		setTried(true);
		if (Object.keys(local).length > 0) return show(local);
		save.mutate(
			{ ...bodyOf(draft), ...tellBody(tell) },
			{ onError: (err) => show(problemsOf(err, pointers).fields) },
		);
	};
	const ready = Object.keys(checkCondition(draft)).length === 0;
	return (
		<Modal
			opened
			onClose={onClose}
			title={rule ? `Edit ${rule.name}` : "Create a rule"}
			size={640}
			closeOnClickOutside={false}
		>
			<form className={classes.form} onSubmit={submit} noValidate>
				<Tabs value={tab} onChange={(v) => setTab((v ?? "rule") as Tab)} keepMounted>
					<Tabs.List>
						<Tabs.Tab value="rule">Rule</Tabs.Tab>
						<Tabs.Tab value="tell">Whom it tells</Tabs.Tab>
						<Tabs.Tab value="try">Try it</Tabs.Tab>
						{rule && <Tabs.Tab value="history">History</Tabs.Tab>}
					</Tabs.List>
					<Tabs.Panel value="rule" className={classes.panel}>
						<RuleFields builtIn={rule?.builtIn ?? false} draft={draft} set={set} fields={fields} />
					</Tabs.Panel>
					<Tabs.Panel value="tell" className={classes.panel}>
						<TellFields
							draft={tell}
							set={setTelling}
							fields={fields}
							rule={rule?.id ?? ""}
							saved={same(tell, told)}
						/>
					</Tabs.Panel>
					<Tabs.Panel value="try" className={classes.panel}>
						<Backtest rule={ready ? bodyOf(draft) : null} />
					</Tabs.Panel>
					{rule && (
						<Tabs.Panel value="history" className={classes.panel}>
							{tab === "history" && (
								<Suspense fallback={<SkeletonText lines={4} />}>
									<History id={rule.id} />
								</Suspense>
							)}
						</Tabs.Panel>
					)}
				</Tabs>
				{answer.rest && <FormNote tone="bad">{answer.rest}</FormNote>}
				<div className={classes.end}>
					<Button variant="subtle" color="gray" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" variant="filled" loading={save.isPending}>
						{rule ? "Save" : "Create the rule"}
					</Button>
				</div>
			</form>
		</Modal>
	);
}
