import { ActionIcon } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { toast } from "../lib/toast";
import classes from "./Copy.module.css";
import { Icon } from "./Icon";

/** Puts text on the clipboard, also where the page is not served over HTTPS. */
export async function copyText(value: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(value);
		return true;
	} catch {
		const area = document.createElement("textarea");
		area.value = value;
		area.setAttribute("readonly", "");
		area.className = "rs-sr";
		document.body.append(area);
		area.select();
		const done = document.execCommand("copy");
		area.remove();
		return done;
	}
}

function useCopy(value: string, onCopied?: () => void) {
	const [copied, setCopied] = useState(false);
	useEffect(() => {
		if (!copied) return;
		const timer = window.setTimeout(() => setCopied(false), 1500);
		return () => window.clearTimeout(timer);
	}, [copied]);
	const copy = async () => {
		if (await copyText(value)) {
			setCopied(true);
			onCopied?.();
		} else toast({ title: "The browser does not allow copying here", tone: "watch" });
	};
	return { copied, copy };
}

interface CopyProps {
	value: string;
	label: string;
	onCopied?: () => void;
}

export function CopyButton({ value, label, onCopied }: CopyProps) {
	const { copied, copy } = useCopy(value, onCopied);
	return (
		<ActionIcon
			size="xs"
			className={classes.button}
			aria-label={copied ? "Copied" : label}
			title={copied ? "Copied" : label}
			onClick={(e) => {
				e.stopPropagation();
				void copy();
			}}
		>
			<Icon name={copied ? "check" : "copy"} size={14} />
		</ActionIcon>
	);
}

/** An id in mono with its copy button. */
export function CopyID({ value, label, short }: { value: string; label: string; short?: string }) {
	return (
		<span className={classes.id}>
			<span className="rs-mono" title={short ? value : undefined}>
				{short ?? value}
			</span>
			<CopyButton value={value} label={label} />
		</span>
	);
}

interface CodeProps {
	code: string;
	label: string;
	note?: ReactNode;
	onCopied?: () => void;
}

/** Text to paste somewhere else. */
export function CodeBlock({ code, label, note, onCopied }: CodeProps) {
	return (
		<figure className={classes.block} aria-label={label}>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<pre tabIndex={0}>{code}</pre>
			<div className={classes.corner}>
				<CopyButton value={code} label={`Copy: ${label}`} onCopied={onCopied} />
			</div>
			{note && <figcaption>{note}</figcaption>}
		</figure>
	);
}
