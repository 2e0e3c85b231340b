import { useDebouncedValue } from "@mantine/hooks";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { Icon } from "../../components/Icon";
import { KeyHint } from "../../components/KeyHint";
import { Modal } from "../../components/Modal";
import { type Command, match, useAllCommands } from "../../lib/commands";
import { useSettings } from "../../lib/settings";
import { useGoTo } from "./goto";
import classes from "./Palette.module.css";
import { useFoundCalls } from "./palette-calls";

/** Go to, find, do: one list. */
export function Palette({ onClose }: { onClose: () => void }) {
	const [query, setQuery] = useState("");
	const [at, setAt] = useState(0);
	const [settled] = useDebouncedValue(query, 150);
	const goTo = useGoTo();
	const items = useItems(query, settled, goTo);
	const list = useId();
	const option = (i: number) => `${list}-${i}`;
	const run = (c: Command | undefined) => {
		if (!c) return;
		onClose();
		c.run();
	};
	const onKey = (e: KeyboardEvent) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (step) {
			e.preventDefault();
			const next = (at + step + items.length) % Math.max(1, items.length);
			setAt(next);
			document.getElementById(option(next))?.scrollIntoView({ block: "nearest" });
		} else if (e.key === "Enter" && !e.nativeEvent.isComposing) {
			e.preventDefault();
			run(items[at]);
		}
	};
	return (
		<Modal
			opened
			onClose={onClose}
			withCloseButton={false}
			padding={0}
			size={720}
			zIndex={400}
			yOffset="12vh"
			attributes={{ content: { "aria-label": "Search or jump" } }}
		>
			<div className={classes.box}>
				<Icon name="search" />
				<input
					data-autofocus
					className={classes.input}
					placeholder="Call id, page, action, or words said in a call"
					aria-label="Search or jump"
					role="combobox"
					aria-expanded="true"
					aria-controls={list}
					aria-activedescendant={items.length > 0 ? option(at) : undefined}
					value={query}
					onChange={(e) => {
						setQuery(e.currentTarget.value);
						setAt(0);
					}}
					onKeyDown={onKey}
				/>
			</div>
			<div className={classes.list} id={list} role="listbox" aria-label="Results">
				{items.map((c, i) => (
					<div key={c.id}>
						{items[i - 1]?.group !== c.group && <div className={classes.group}>{c.group}</div>}
						{/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the input does it */}
						<div
							id={option(i)}
							className={classes.item}
							role="option"
							aria-selected={i === at}
							onClick={() => run(c)}
							onMouseMove={() => setAt(i)}
						>
							{c.icon && <Icon name={c.icon} />}
							<span className={classes.title}>{c.title}</span>
							{c.keys && <KeyHint keys={c.keys} />}
						</div>
					</div>
				))}
				{items.length === 0 && <div className={classes.none}>Nothing matches.</div>}
			</div>
		</Modal>
	);
}

function useItems(query: string, settled: string, goTo: (href: string) => void): Command[] {
	const commands = useAllCommands();
	const { recent } = useSettings();
	const calls = useFoundCalls(settled.trim(), goTo);
	return useMemo(() => {
		const q = query.trim();
		if (!q) {
			const last = recent.map(
				(r): Command => ({
					id: `recent.${r.to}`,
					group: "Recent",
					title: r.label,
					icon: "clock",
					run: () => goTo(r.to),
				}),
			);
			return [...last.slice(0, 5), ...grouped(commands)];
		}
		const hits = commands
			.map((c) => ({ c, score: match(c, q) }))
			.filter((h) => h.score > 0)
			.sort((a, b) => b.score - a.score)
			.map((h) => h.c);
		const find: Command = {
			id: "find",
			group: "Find",
			title: `Calls in which “${q}” was said`,
			icon: "search",
			run: () => goTo(`/calls?q=${encodeURIComponent(JSON.stringify(q))}`),
		};
		return [...calls, ...grouped(hits), find];
	}, [query, commands, recent, calls, goTo]);
}

/** Brings the commands of a group together, groups in the order of their first. */
function grouped(list: Command[]): Command[] {
	const groups = [...new Set(list.map((c) => c.group))];
	return groups.flatMap((g) => list.filter((c) => c.group === g));
}
