import { CloseButton, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Icon } from "../../components/Icon";
import { useKeys } from "../../lib/keys";
import { useView } from "./useView";

const pauseMs = 300;

/** Search in what was said. Typing searches after a pause; the first word is a step for Back, the rest replace it. */
export function SearchBox({ className }: { className?: string }) {
	const { search, change } = useView();
	const q = search.q ?? "";
	const [text, setText] = useState(q);
	const input = useRef<HTMLInputElement>(null);
	const sent = useRef(q);

	useEffect(() => {
		if (q === sent.current) return;
		sent.current = q;
		setText(q);
	}, [q]);

	useEffect(() => {
		const next = text.trim();
		if (next === sent.current) return;
		const timer = window.setTimeout(() => {
			const step = sent.current === "" || next === "" ? "step" : "replace";
			sent.current = next;
			change({ q: next || undefined }, step);
		}, pauseMs);
		return () => window.clearTimeout(timer);
	}, [text, change]);

	useKeys([
		{ keys: "/", label: "Search in what was said", group: "Calls", run: () => input.current?.select() },
	]);
	return (
		<TextInput
			ref={input}
			className={className}
			type="search"
			placeholder="Search words"
			aria-label="Search in what was said"
			maxLength={500}
			leftSection={<Icon name="search" size={14} />}
			rightSection={
				text ? <CloseButton size="xs" aria-label="Clear the search" onClick={() => setText("")} /> : null
			}
			value={text}
			onChange={(e) => setText(e.currentTarget.value)}
			onKeyDown={(e) => {
				if (e.key === "Escape") {
					e.stopPropagation();
					if (text) setText("");
					else input.current?.blur();
				}
				if (e.key === "Enter") input.current?.blur();
			}}
		/>
	);
}
