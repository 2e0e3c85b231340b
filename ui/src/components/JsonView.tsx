import { type ReactNode, useEffect, useRef, useState } from "react";
import { plural } from "../lib/format";
import { CopyButton } from "./Copy";
import { Icon } from "./Icon";
import classes from "./JsonView.module.css";

interface JsonViewProps {
	/** Any JSON value; a string is shown as the text that it is. */
	value: unknown;
	label: string;
	/** Levels that start open. */
	open?: number;
	/** The RFC 6901 pointer of a place to open, mark and bring into sight. */
	at?: string;
}

const pageSize = 100;
const longText = 600;

/** A JSON value that folds. Everything in it is somebody else's text: it is only ever shown as text. */
export function JsonView({ value, label, open = 2, at }: JsonViewProps) {
	const path = at ? pathOf(at) : null;
	return (
		<div className={classes.view}>
			<div className={classes.corner}>
				<CopyButton value={asText(value)} label={`Copy: ${label}`} />
			</div>
			{typeof value === "string" ? (
				<LongText text={value} />
			) : (
				<ul className={classes.root} aria-label={label}>
					<Node key={at} value={value} open={open} path={path} />
				</ul>
			)}
		</div>
	);
}

export function asText(value: unknown): string {
	return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "null");
}

/** The steps of a pointer: "/a/b~1c/0" → ["a", "b/c", "0"]. */
export function pathOf(pointer: string): string[] {
	return pointer
		.split("/")
		.slice(1)
		.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The way on to the marked place through an entry; null when it leads elsewhere. */
function onward(path: string[] | null, name: string | null, i: number): string[] | null {
	return path && path.length > 0 && path[0] === (name ?? String(i)) ? path.slice(1) : null;
}

/** Marks the place that a path ends at, and brings it into sight once. */
function useMarked(path: string[] | null, value: unknown) {
	const line = useRef<HTMLLIElement>(null);
	// A path that goes on where the value does not ends here: the field is missing.
	const marked = path !== null && (path.length === 0 || !reaches(value, path[0] ?? ""));
	useEffect(() => {
		if (marked && line.current) reveal(line.current);
	}, [marked]);
	return { ref: line, "data-marked": marked || undefined };
}

/** Scrolls the nearest thing that scrolls, and nothing around it, until the top of an element is in sight. */
function reveal(element: HTMLElement) {
	let box = element.parentElement;
	while (box && !(box.scrollHeight > box.clientHeight && getComputedStyle(box).overflowY === "auto")) {
		box = box.parentElement;
	}
	if (!box) return;
	const top = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
	if (top < 0 || top > box.clientHeight - 24) box.scrollTop += top - box.clientHeight / 3;
}

/** Whether a value has something at a pointer. */
export function holds(value: unknown, pointer: string): boolean {
	return pathOf(pointer).reduce<{ at: unknown; ok: boolean }>(
		({ at, ok }, step) =>
			ok && reaches(at, step) ? { at: (at as Record<string, unknown>)[step], ok } : { at: null, ok: false },
		{ at: value, ok: true },
	).ok;
}

function reaches(value: unknown, step: string): boolean {
	return value !== null && typeof value === "object" && Object.hasOwn(value, step);
}

type Entry = [string | null, unknown];

function entriesOf(value: object): Entry[] {
	return Array.isArray(value) ? value.map((v): Entry => [null, v]) : Object.entries(value);
}

interface NodeProps<V> {
	name?: string | null;
	value: V;
	open: number;
	path: string[] | null;
}

function Node({ name, value, open, path }: NodeProps<unknown>) {
	const marked = useMarked(path, value);
	if (value === null || typeof value !== "object") {
		return (
			<li className={classes.line} {...marked}>
				<Name name={name} />
				<Scalar value={value} />
			</li>
		);
	}
	return <Branch name={name} value={value} open={open} path={path} />;
}

function Branch({ name, value, open, path }: NodeProps<object>) {
	const marked = useMarked(path, value);
	const [opened, setOpened] = useState(open > 0 || path !== null);
	const [shown, setShown] = useState(() => firstShown(value, path));
	const entries = entriesOf(value);
	const [start, end] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
	if (entries.length === 0) {
		return (
			<li className={classes.line} {...marked}>
				<Name name={name} />
				<span>{start + end}</span>
			</li>
		);
	}
	const size = Array.isArray(value) ? plural(entries.length, "item") : plural(entries.length, "field");
	return (
		<li {...marked}>
			<button
				type="button"
				className={classes.toggle}
				aria-expanded={opened}
				onClick={() => setOpened(!opened)}
			>
				<Icon name={opened ? "down" : "right"} size={12} />
				<Name name={name} />
				<span>{opened ? start : `${start} … ${end}`}</span>
				{!opened && <span className={classes.size}>{size}</span>}
			</button>
			{opened && (
				<>
					<ul className={classes.children}>
						{entries.slice(0, shown).map(([k, v], i) => (
							<Node key={k ?? i} name={k} value={v} open={open - 1} path={onward(path, k, i)} />
						))}
						{entries.length > shown && (
							<li>
								<button
									type="button"
									className={classes.more}
									onClick={() => setShown(shown + 10 * pageSize)}
								>
									{entries.length - shown} more
								</button>
							</li>
						)}
					</ul>
					<span className={classes.end}>{end}</span>
				</>
			)}
		</li>
	);
}

/** How many entries a branch shows at first: a page, or as far as the marked one. */
function firstShown(value: object, path: string[] | null): number {
	const at = path?.length ? entriesOf(value).findIndex(([k], i) => onward(path, k, i) !== null) : -1;
	return Math.max(pageSize, at + 1);
}

function Name({ name }: { name?: string | null }): ReactNode {
	return name == null ? null : <span className={classes.name}>{name}: </span>;
}

function Scalar({ value }: { value: unknown }) {
	if (typeof value === "string") {
		return (
			<span className={classes.string}>
				<LongText text={JSON.stringify(value)} />
			</span>
		);
	}
	return <span className={value === null ? classes.nothing : classes.number}>{String(value)}</span>;
}

/** Text of any length, cut until asked for. */
export function LongText({ text }: { text: string }) {
	const [whole, setWhole] = useState(false);
	if (whole || text.length <= longText) return <span className={classes.text}>{text}</span>;
	return (
		<span className={classes.text}>
			{text.slice(0, longText)}…{" "}
			<button type="button" className={classes.more} onClick={() => setWhole(true)}>
				{plural(text.length - longText, "more character")}
			</button>
		</span>
	);
}
