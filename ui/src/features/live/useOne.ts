import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { foldOne, type One, silence, withDetail } from "./one";
import { liveDetailQuery } from "./queries";
import { type Link, Source } from "./source";
import type { LiveDetail } from "./types";

/** The parts that the stream does not carry are asked for again at most this often. */
const againMs = 1500;

export interface Followed {
	one: One;
	link: Link;
	heard: number;
}

/** Follows one call word by word, with what was asked for under `name`. */
export function useOne(name: string, detail: LiveDetail): Followed {
	const client = useQueryClient();
	const [one, setOne] = useState<One>(() => withDetail(silence, detail));
	const [link, setLink] = useState<Link>("connecting");
	const heard = useRef(Date.now());
	useEffect(() => {
		const source = new Source({
			query: { callIds: detail.id, includeTranscript: "true" },
			paceMs: 60,
			take: (frames) => {
				heard.current = Date.now();
				setOne((now) => foldOne(now, frames, Date.now()));
			},
			tell: setLink,
		});
		source.start();
		return () => source.stop();
	}, [detail.id]);
	useEffect(() => setOne((now) => withDetail(now, detail)), [detail]);

	const ended = one.ended !== null;
	const asked = useRef(Date.now());
	const told = one.call?.updatedAt;
	// biome-ignore lint/correctness/useExhaustiveDependencies: asked for again when the call has changed
	useEffect(() => {
		if (ended || told === detail.updatedAt) return;
		const timer = window.setTimeout(
			() => {
				asked.current = Date.now();
				void client.invalidateQueries({ queryKey: liveDetailQuery(name).queryKey });
			},
			Math.max(0, asked.current + againMs - Date.now()),
		);
		return () => window.clearTimeout(timer);
	}, [told, ended]);
	return { one, link, heard: heard.current };
}
