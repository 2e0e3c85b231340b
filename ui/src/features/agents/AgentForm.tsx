import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, lazy, Suspense, useRef, useState } from "react";
import { api, data } from "../../api/client";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { SideNav } from "../../components/SideNav";
import { SkeletonText } from "../../components/States";
import { plural } from "../../lib/format";
import { problemsOf } from "../../lib/forms";
import { useKeys } from "../../lib/keys";
import { toast } from "../../lib/toast";
import classes from "./agents.module.css";
import { sourceHelp } from "./CreateAgent";
import { bodyOf, changed, check, type Draft, draftOf, pointersOf, type Value } from "./draft";
import { FieldControl } from "./FieldControl";
import { type Group, isBuilt } from "./field";
import { groups } from "./fields";
import { HookTest } from "./HookTest";
import { LeaveGuard } from "./LeaveGuard";
import { ProviderSelect } from "./ProviderSelect";
import { type Agent, agentQuery } from "./queries";

// The editors of lists: the form is there and can be used before them.
const BuiltControl = lazy(async () => ({ default: (await import("./BuiltControl")).BuiltControl }));

/** Saves a draft against the agent that it was made from. */
function useSave(agent: Agent, onSaved: (draft: Draft) => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (draft: Draft) =>
			data(
				api.PATCH("/v1/agents/{id}", {
					params: { path: { id: agent.id } },
					body: bodyOf(draftOf(agent), draft),
				}),
			),
		onSuccess: async (saved, draft) => {
			client.setQueryData(agentQuery(agent.id).queryKey, saved);
			onSaved(draft);
			void client.invalidateQueries({ queryKey: ["agents", "sound-limits"] });
			toast({ title: "Saved", tone: "good" });
			await client.invalidateQueries({ queryKey: ["agents", "list"] });
		},
	});
}

/** The form of everything that can be set on an agent. Only what was edited is held here and sent. */
export function AgentForm({ agent, readOnly }: { agent: Agent; readOnly: boolean }) {
	const [edits, setEdits] = useState<Draft>({});
	const [tried, setTried] = useState(false);
	const before = draftOf(agent);
	const draft = { ...before, ...edits };
	const changes = changed(before, draft).length;
	// What was typed while the server was asked is not saved yet.
	const save = useSave(agent, (sent) =>
		setEdits((now) => Object.fromEntries(Object.entries(now).filter(([at, v]) => v !== sent[at]))),
	);
	const local = tried ? check(draft) : {};
	const answer = problemsOf(save.error, pointersOf(draft));
	const errors = { ...answer.fields, ...local };
	const form = useRef<HTMLFormElement>(null);
	const showWrong = () =>
		window.requestAnimationFrame(() => {
			const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
			wrong?.focus({ preventScroll: true });
			wrong?.scrollIntoView({ block: "center" });
		});
	const set = (at: string, value: Value) => {
		setEdits((now) => ({ ...now, [at]: value }));
		if (save.isError) save.reset();
	};
	const submit = () => {
		if (save.isPending) return;
		setTried(true);
		if (Object.keys(check(draft)).length > 0) showWrong();
		else if (changes > 0) save.mutate(draft, { onError: showWrong });
	};
	useKeys([{ keys: "mod+s", label: "Save the settings", group: "Agent", run: submit }], !readOnly);
	const discard = () => {
		setEdits({});
		setTried(false);
		save.reset();
	};
	const common = { draft, errors, set, readOnly };
	return (
		<form
			ref={form}
			onSubmit={(e) => {
				e.preventDefault();
				submit();
			}}
		>
			<SideNav label="Settings of the agent" items={<Places />}>
				<Identity {...common} />
				{groups.map((g) => (
					<GroupSection key={g.id} group={g} agent={agent} {...common} />
				))}
				{changes > 0 && !readOnly && (
					<div className={classes.save}>
						<SaveNote changes={changes} errors={errors} rest={answer.rest} />
						<Button variant="subtle" color="gray" onClick={discard}>
							Discard
						</Button>
						<Button type="submit" variant="filled" loading={save.isPending}>
							Save
						</Button>
					</div>
				)}
			</SideNav>
			<LeaveGuard active={changes > 0 && !readOnly && !save.isPending} />
		</form>
	);
}

function Places() {
	return (
		<>
			{[{ id: "identity", title: "Name and source" }, ...groups].map((g) => (
				<li key={g.id}>
					<Link to="." hash={g.id} replace activeOptions={{ includeHash: true }}>
						{g.title}
					</Link>
				</li>
			))}
		</>
	);
}

interface NoteProps {
	changes: number;
	errors: Record<string, string>;
	rest: string | null;
}

function SaveNote({ changes, errors, rest }: NoteProps) {
	const wrong = Object.keys(errors).length;
	if (rest || wrong > 0) {
		return (
			<span role="alert" data-tone="bad">
				{rest ?? `${plural(wrong, "field needs", "fields need")} another value: see the red text.`}
			</span>
		);
	}
	return <span role="status">{plural(changes, "change")} not saved</span>;
}

interface FormProps {
	draft: Draft;
	errors: Record<string, string>;
	set: (at: string, value: Value) => void;
	readOnly: boolean;
}

function Identity({ draft, errors, set, readOnly }: FormProps) {
	return (
		<div id="identity" className={classes.group}>
			<Section title="Name and source">
				<div className={classes.fields}>
					<TextInput
						label="Name"
						maxLength={200}
						disabled={readOnly}
						value={String(draft["/name"])}
						error={errors["/name"]}
						onChange={(e) => set("/name", e.currentTarget.value)}
					/>
					<ProviderSelect
						value={String(draft["/provider"])}
						error={errors["/provider"]}
						disabled={readOnly}
						onChange={(v) => set("/provider", v)}
					/>
					<TextInput
						label="Source id"
						description={sourceHelp}
						maxLength={512}
						disabled={readOnly}
						value={String(draft["/source_id"])}
						error={errors["/source_id"]}
						onChange={(e) => set("/source_id", e.currentTarget.value)}
					/>
				</div>
			</Section>
		</div>
	);
}

function GroupSection({
	group,
	agent,
	draft,
	errors,
	set,
	readOnly,
}: FormProps & { group: Group; agent: Agent }) {
	const held: Record<string, boolean> = {
		"/crmApiKey": agent.settings.crmApiKey_set,
		"/webhookSecret": agent.settings.webhookSecret_set,
	};
	const saved = draftOf(agent);
	return (
		<div id={group.id} className={classes.group}>
			<Section title={group.title} lead={group.lead}>
				{!group.acts && (
					<p className={classes.kept}>
						<Icon name="info" size={14} />
						Kept; nothing acts on it yet.
					</p>
				)}
				<div className={classes.fields}>
					{group.fields
						.filter((f) => !f.needs || draft[f.needs])
						.map((f) => (
							<Fragment key={f.at}>
								{isBuilt(f.kind) ? (
									<Suspense fallback={<SkeletonText lines={3} />}>
										<BuiltControl
											field={f}
											agent={agent}
											draft={draft}
											errors={errors}
											onChange={(v) => set(f.at, v)}
											disabled={readOnly}
										/>
									</Suspense>
								) : (
									<FieldControl
										field={f}
										value={draft[f.at] ?? null}
										onChange={(v) => set(f.at, v)}
										error={errors[f.at]}
										disabled={readOnly}
										held={held[f.at]}
									/>
								)}
								{f.test && saved[f.at] && !readOnly && (
									<HookTest
										agent={agent.id}
										which={f.test}
										url={String(saved[f.at])}
										disabled={draft[f.at] !== saved[f.at]}
									/>
								)}
							</Fragment>
						))}
				</div>
			</Section>
		</div>
	);
}
