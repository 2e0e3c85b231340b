import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { api, data } from "../../api/client";
import { ApiError, sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { Badge } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import { Page, Section } from "../../components/Page";
import { plural } from "../../lib/format";
import { capital, problemsOf } from "../../lib/forms";
import { useKeys } from "../../lib/keys";
import { toast } from "../../lib/toast";
import { LeaveGuard } from "../agents/LeaveGuard";
import { CategoryEditor } from "./CategoryEditor";
import { DryRun } from "./DryRun";
import classes from "./editor.module.css";
import { type Scorecard, scorecardQuery } from "./queries";
import {
	bodyOf,
	type CategoryDraft,
	check,
	draftOf,
	newCategory,
	pointersOf,
	type ScorecardDraft,
	sameDraft,
	weightTotal,
} from "./scorecard";
import { Versions } from "./Versions";

interface EditorProps {
	/** The one to edit; a new one without. */
	scorecard?: Scorecard;
	/** Asks the server for what somebody else has saved. */
	onLoadAgain: () => void;
}

/** Writes a scorecard and tries it on a call; each save makes another version. */
export function ScorecardEditor({ scorecard: loaded, onLoadAgain }: EditorProps) {
	const { change } = useMay();
	// What the edits began with: a version that arrives meanwhile must not take them away.
	const [base, setBase] = useState(loaded);
	const [draft, setDraft] = useState(() => draftOf(loaded));
	const edited = !sameDraft(draftOf(base), draft);
	const adopt = (s: Scorecard) => {
		setBase(s);
		setDraft(draftOf(s));
	};
	const saved = (s: Scorecard, sent: ScorecardDraft) => {
		setBase(s);
		// What was typed while it was being saved stays.
		setDraft((now) => (now === sent ? draftOf(s) : now));
	};
	if (loaded && base && loaded.version > base.version && !edited) adopt(loaded);
	const newer = loaded && base && loaded.version > base.version ? loaded : undefined;
	return (
		<Page
			title={base?.name ?? "New scorecard"}
			badges={base && <Badge>Version {base.version}</Badge>}
			lead="What a good call is: criteria in categories, each with its weight. What can't be judged is left out of the score."
			actions={base && change ? <Remove scorecard={base} /> : undefined}
		>
			{!change && (
				<FormNote tone="info">As a viewer you may look at the scorecard, but not change it.</FormNote>
			)}
			{newer && (
				<FormNote tone="watch">
					Somebody has saved version {newer.version}.{" "}
					<Button size="compact-sm" onClick={() => adopt(newer)}>
						Discard my changes and load it
					</Button>
				</FormNote>
			)}
			<div className={classes.columns}>
				<EditorForm
					base={base}
					draft={draft}
					setDraft={setDraft}
					edited={edited}
					readOnly={!change}
					onSaved={saved}
					onOutdated={onLoadAgain}
				/>
				<div className={classes.side}>
					{change && <DryRun draft={draft} />}
					{base && <Versions id={base.id} />}
				</div>
			</div>
		</Page>
	);
}

function useSave(
	base: Scorecard | undefined,
	onSaved: (s: Scorecard, sent: ScorecardDraft) => void,
	onOutdated: () => void,
) {
	const client = useQueryClient();
	const navigate = useNavigate();
	return useMutation({
		mutationFn: (draft: ScorecardDraft) => {
			const body = bodyOf(draft);
			return base
				? data(
						api.PATCH("/v1/scorecards/{id}", {
							params: { path: { id: base.id } },
							body: { ...body, pass_mark: body.pass_mark ?? undefined, version: base.version },
						}),
					)
				: data(api.POST("/v1/scorecards", { body }));
		},
		onSuccess: async (saved, sent) => {
			client.setQueryData(scorecardQuery(saved.id).queryKey, saved);
			onSaved(saved, sent);
			toast({ title: `Saved as version ${saved.version}`, tone: "good" });
			await client.invalidateQueries({ queryKey: ["scorecards", "list"] });
			await client.invalidateQueries({ queryKey: ["scorecards", "versions"] });
			if (!base)
				await navigate({ to: "/evaluations/scorecards/$id", params: { id: saved.id }, replace: true });
		},
		onError: (e) => {
			if (e instanceof ApiError && e.status === 409) onOutdated();
		},
	});
}

interface FormProps {
	base: Scorecard | undefined;
	draft: ScorecardDraft;
	setDraft: (d: ScorecardDraft) => void;
	edited: boolean;
	readOnly: boolean;
	onSaved: (s: Scorecard, sent: ScorecardDraft) => void;
	onOutdated: () => void;
}

function EditorForm({ base, draft, setDraft, edited, readOnly, onSaved, onOutdated }: FormProps) {
	const [tried, setTried] = useState(false);
	const save = useSave(base, onSaved, onOutdated);
	const answer = problemsOf(save.error, pointersOf(draft));
	const errors = { ...answer.fields, ...(tried ? check(draft) : {}) };
	const form = useRef<HTMLFormElement>(null);
	const showWrong = () =>
		window.requestAnimationFrame(() => {
			const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
			wrong?.focus({ preventScroll: true });
			wrong?.scrollIntoView({ block: "center" });
		});
	const set = (to: Partial<ScorecardDraft>) => {
		setDraft({ ...draft, ...to });
		if (save.isError) save.reset();
	};
	const submit = () => {
		setTried(true);
		if (Object.keys(check(draft)).length > 0) showWrong();
		else if (edited && !save.isPending)
			save.mutate(draft, { onSuccess: () => setTried(false), onError: showWrong });
	};
	useKeys([{ keys: "mod+s", label: "Save the scorecard", group: "Scorecard", run: submit }], !readOnly);
	return (
		<form
			ref={form}
			className={classes.form}
			noValidate
			onSubmit={(e) => {
				e.preventDefault();
				submit();
			}}
		>
			<Head draft={draft} set={set} errors={errors} readOnly={readOnly} />
			<Categories draft={draft} set={set} errors={errors} readOnly={readOnly} />
			{edited && !readOnly && (
				<div className={classes.save}>
					<SaveNote rest={answer.rest} wrong={Object.keys(errors).length} />
					<Button type="submit" variant="filled" loading={save.isPending}>
						{base ? `Save as version ${base.version + 1}` : "Save the scorecard"}
					</Button>
				</div>
			)}
			<LeaveGuard
				active={edited && !readOnly && (save.isError || draft !== save.variables)}
				thing="scorecard"
			/>
		</form>
	);
}

function SaveNote({ rest, wrong }: { rest: string | null; wrong: number }) {
	if (rest || wrong > 0) {
		return (
			<span role="alert" data-tone="bad">
				{rest ?? `${plural(wrong, "place needs", "places need")} another value: see the red text.`}
			</span>
		);
	}
	return <span role="status">Changes not saved</span>;
}

interface PartProps {
	draft: ScorecardDraft;
	set: (to: Partial<ScorecardDraft>) => void;
	errors: Record<string, string>;
	readOnly: boolean;
}

function Head({ draft, set, errors, readOnly }: PartProps) {
	return (
		<Section title="Scorecard">
			<div className={classes.fields}>
				<TextInput
					label="Name"
					maxLength={200}
					disabled={readOnly}
					value={draft.name}
					error={errors["/name"]}
					onChange={(e) => set({ name: e.currentTarget.value })}
				/>
				<Textarea
					label="Description"
					autosize
					minRows={1}
					maxRows={8}
					maxLength={4000}
					disabled={readOnly}
					value={draft.description}
					error={errors["/description"]}
					onChange={(e) => set({ description: e.currentTarget.value })}
				/>
				<TextInput
					label="Pass mark"
					description="From which score on, of 0 to 100, a call passes."
					inputMode="decimal"
					disabled={readOnly}
					value={draft.passMark}
					error={errors["/pass_mark"]}
					onChange={(e) => set({ passMark: e.currentTarget.value })}
				/>
			</div>
		</Section>
	);
}

function Categories({ draft, set, errors, readOnly }: PartProps) {
	const { total, problem } = weightTotal(draft.categories);
	const put = (i: number, to: CategoryDraft | null) =>
		set({ categories: draft.categories.flatMap((c, at) => (at === i ? (to ?? []) : c)) });
	const missing = Math.max(0, Math.round((100 - total) * 100) / 100);
	return (
		<>
			{draft.categories.map((c, i) => (
				<CategoryEditor
					key={c.id}
					category={c}
					at={`/categories/${i}`}
					label={c.name || `Category ${i + 1}`}
					errors={errors}
					readOnly={readOnly}
					onChange={(to) => put(i, to)}
					onRemove={draft.categories.length > 1 ? () => put(i, null) : undefined}
				/>
			))}
			<div className={classes.total}>
				<span role="status" data-tone={problem ? "bad" : "good"}>
					<Icon name={problem ? "alert" : "check"} size={14} /> The categories weigh {total} % together.
					{problem && ` ${problem}, so that they come to 100 %.`}
				</span>
				{errors["/categories"] && errors["/categories"] !== problem && (
					<span role="alert" data-tone="bad">
						{errors["/categories"]}
					</span>
				)}
				{!readOnly && (
					<Button
						leftSection={<Icon name="plus" />}
						onClick={() => set({ categories: [...draft.categories, newCategory(String(missing))] })}
					>
						Add a category
					</Button>
				)}
			</div>
		</>
	);
}

function Remove({ scorecard: s }: { scorecard: Scorecard }) {
	const client = useQueryClient();
	const navigate = useNavigate();
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/scorecards/{id}", { params: { path: { id: s.id } } }),
		onSuccess: async () => {
			toast({ title: `${s.name} is deleted` });
			await navigate({ to: "/evaluations", search: { view: "scorecards" }, replace: true });
			await client.invalidateQueries({ queryKey: ["scorecards", "list"] });
		},
		onError: (e) =>
			toast({ title: "Could not delete the scorecard", detail: capital(sentence(e)), tone: "bad" }),
	});
	return (
		<ConfirmButton
			label="Delete"
			confirm="Delete the scorecard"
			question={`${s.name} and its versions go. The results that calls had by it stay.`}
			onConfirm={() => remove.mutate()}
			busy={remove.isPending}
		/>
	);
}
