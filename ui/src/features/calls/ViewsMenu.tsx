import { ActionIcon, Button, Popover, TextInput, UnstyledButton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { defaultParseSearch, defaultStringifySearch } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { Icon } from "../../components/Icon";
import { SkeletonText } from "../../components/States";
import { doUnlessUndone, toast } from "../../lib/toast";
import { cleared } from "./filters";
import { viewsQuery } from "./queries";
import { type CallsSearch, validateCallsSearch } from "./search";
import type { View } from "./types";
import { useView } from "./useView";
import classes from "./ViewsMenu.module.css";

/** A view as it is kept: the filters and the order, as the URL writes them. */
export function viewOf({ peek: _, ...rest }: CallsSearch): string {
	return defaultStringifySearch(rest).replace(/^\?/, "");
}

export function searchOf(query: string): CallsSearch {
	return validateCallsSearch(defaultParseSearch(query));
}

/** What every team asks for sooner or later. */
const readyViews: { name: string; search: CallsSearch }[] = [
	{ name: "Frustrated customers", search: { finding: "frustration" } },
	{ name: "Low score, worst first", search: { max_score: 60, sort: "quality" } },
];

/** Filters that come with Ringside, and those that a team keeps under a name. */
export function ViewsMenu() {
	const [opened, setOpened] = useState(false);
	return (
		<Popover opened={opened} onChange={setOpened} position="bottom-end" width={280} trapFocus returnFocus>
			<Popover.Target>
				<Button
					variant="subtle"
					color="gray"
					leftSection={<Icon name="bookmark" />}
					onClick={() => setOpened(!opened)}
				>
					Views
				</Button>
			</Popover.Target>
			<Popover.Dropdown aria-label="Views">
				<Views onDone={() => setOpened(false)} />
			</Popover.Dropdown>
		</Popover>
	);
}

function Views({ onDone }: { onDone: () => void }) {
	const { search, change } = useView();
	const { data: views, error } = useQuery(viewsQuery);
	const remove = useRemove();
	const now = viewOf(search);
	const list = views?.items ?? [];
	const open = (view: CallsSearch) => {
		change({ ...cleared, sort: undefined, ...view });
		onDone();
	};
	return (
		<>
			<ul>
				{readyViews.map((v) => (
					<li key={v.name} className={classes.item} data-on={viewOf(v.search) === now || undefined}>
						<UnstyledButton className={classes.name} onClick={() => open(v.search)}>
							{v.name}
						</UnstyledButton>
					</li>
				))}
			</ul>
			<h2 className={classes.heading}>Saved</h2>
			{error && <p className={classes.note}>{sentence(error)}</p>}
			{!views && !error && <SkeletonText lines={3} />}
			{views && list.length === 0 && (
				<p className={classes.note}>
					None yet. Filter the calls, then save the filters here for everybody in this workspace.
				</p>
			)}
			<ul>
				{list.map((v) => (
					<li key={v.id} className={classes.item} data-on={v.query === now || undefined}>
						<UnstyledButton className={classes.name} onClick={() => open(searchOf(v.query))}>
							{v.name}
						</UnstyledButton>
						<ActionIcon size="sm" aria-label={`Delete the view ${v.name}`} onClick={() => remove(v)}>
							<Icon name="trash" size={14} />
						</ActionIcon>
					</li>
				))}
			</ul>
			<SaveForm query={now} />
		</>
	);
}

function SaveForm({ query }: { query: string }) {
	const client = useQueryClient();
	const [name, setName] = useState("");
	const input = useRef<HTMLInputElement>(null);
	const save = useMutation({
		mutationFn: () => data(api.POST("/v1/views", { body: { name: name.trim(), query } })),
		onSuccess: () => {
			setName("");
			input.current?.focus();
			return client.invalidateQueries({ queryKey: viewsQuery.queryKey });
		},
	});
	const submit = (e: FormEvent) => {
		e.preventDefault();
		save.mutate();
	};
	return (
		<form className={classes.save} onSubmit={submit}>
			<TextInput
				ref={input}
				placeholder="Name for these filters"
				aria-label="Name for these filters"
				maxLength={100}
				error={save.isError ? sentence(save.error) : undefined}
				value={name}
				onChange={(e) => setName(e.currentTarget.value)}
			/>
			<Button type="submit" disabled={!name.trim() || !query} loading={save.isPending}>
				Save
			</Button>
		</form>
	);
}

/** Takes a view off the list at once and deletes it unless that is undone. */
function useRemove() {
	const client = useQueryClient();
	const put = (change: (items: View[]) => View[]) =>
		client.setQueryData(viewsQuery.queryKey, (old) => old && { ...old, items: change(old.items ?? []) });
	return (view: View) => {
		put((items) => items.filter((v) => v.id !== view.id));
		const back = () => put((items) => [...items, view].sort((a, b) => a.name.localeCompare(b.name)));
		const act = async () => {
			try {
				await api.DELETE("/v1/views/{id}", { params: { path: { id: view.id } }, keepalive: true });
			} catch (e) {
				back();
				toast({ title: "Could not delete the view", detail: sentence(e), tone: "bad" });
			}
		};
		doUnlessUndone(`Deleted the view ${view.name}`, act, back);
	};
}
