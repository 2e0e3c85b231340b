import { ActionIcon, Button, Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { sentence } from "../../api/error";
import { ConfirmButton } from "../../components/Confirm";
import { copyText } from "../../components/Copy";
import { Icon } from "../../components/Icon";
import { useCommands } from "../../lib/commands";
import { useKeys } from "../../lib/keys";
import { toast } from "../../lib/toast";
import type { Filters } from "../calls/search";
import { linkToCall, transcriptURL } from "./links";
import { useCursor } from "./playback";
import { deleteCall, inProgress, neighboursQuery } from "./queries";
import { type CallSearch, tabOf } from "./search";
import type { Call } from "./types";

const EraseCall = lazy(() => import("./EraseCall"));

interface ActionsProps {
	call: Call;
	search: CallSearch;
	filters: Filters;
	canWrite: boolean;
	/** A recording plays on the transcript tab: J and K are its. */
	sound: boolean;
}

export function Actions({ call, search, filters, canWrite, sound }: ActionsProps) {
	return (
		<>
			{inProgress(call.status) && (
				<Button
					leftSection={<Icon name="pulse" size={14} />}
					renderRoot={(props) => <Link to="/live/$callId" params={{ callId: call.id }} {...props} />}
				>
					Watch live
				</Button>
			)}
			<Neighbours call={call} search={search} filters={filters} sound={sound} />
			<Transcripts call={call} />
			{canWrite && <Delete call={call} filters={filters} />}
			{canWrite && <Erase call={call} filters={filters} />}
		</>
	);
}

/** To the newer and the older call of the list that this one was opened from. */
function Neighbours({ call, search, filters, sound }: Omit<ActionsProps, "canWrite">) {
	const navigate = useNavigate();
	const { data } = useQuery(neighboursQuery(call.id, filters));
	const tab = tabOf(search);
	const failed = useCursor((s) => s.failed);
	const kept = { ...filters, tab: tab === "overview" ? undefined : tab };
	const go = (id: string | null | undefined, end: string) => {
		if (id) void navigate({ to: "/calls/$id", params: { id }, search: kept });
		else if (data) toast({ title: end, seconds: 3 });
	};
	const newer = () => go(data?.previous, "This is the newest call");
	const older = () => go(data?.next, "This is the oldest call");
	useKeys([
		{ keys: "[", label: "Newer call", group: "Call", run: newer },
		{ keys: "]", label: "Older call", group: "Call", run: older },
	]);
	useKeys(
		[
			{ keys: "k", label: "Newer call", group: "Call", run: newer },
			{ keys: "j", label: "Older call", group: "Call", run: older },
		],
		tab !== "transcript" || !sound || failed,
	);
	return (
		<>
			<Neighbour id={data?.previous} search={kept} icon="up" label="Newer call ([ or K)" />
			<Neighbour id={data?.next} search={kept} icon="down" label="Older call (] or J)" />
		</>
	);
}

interface NeighbourProps {
	id: string | null | undefined;
	search: CallSearch;
	icon: "up" | "down";
	label: string;
}

function Neighbour({ id, search, icon, label }: NeighbourProps) {
	if (!id) {
		return (
			<ActionIcon variant="default" aria-label={label} title={label} disabled>
				<Icon name={icon} />
			</ActionIcon>
		);
	}
	return (
		<ActionIcon
			variant="default"
			aria-label={label}
			title={label}
			renderRoot={(props) => <Link to="/calls/$id" params={{ id }} search={search} {...props} />}
		>
			<Icon name={icon} />
		</ActionIcon>
	);
}

function Transcripts({ call }: { call: Call }) {
	const turns = call.turns ?? [];
	const timed = turns.some((t) => t.start_ms != null);
	const name = call.short_id || call.id;
	const commands = useMemo(
		() => [
			{
				id: "call.link",
				title: "Copy a link to this call",
				group: "Call",
				icon: "link" as const,
				run: () => {
					void copyText(linkToCall(call.id, {})).then((ok) =>
						toast({
							title: ok ? "Link copied" : "The browser does not allow copying here",
							tone: ok ? "good" : "watch",
						}),
					);
				},
			},
		],
		[call.id],
	);
	useCommands(commands);
	return (
		<Menu position="bottom-end">
			<Menu.Target>
				<Button
					leftSection={<Icon name="download" size={14} />}
					rightSection={<Icon name="down" size={12} />}
					disabled={turns.length === 0}
					title={turns.length === 0 ? "There is no transcript to download" : undefined}
				>
					Transcript
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Item component="a" href={transcriptURL(call.id, "text")} download={`${name}.txt`}>
					Text
				</Menu.Item>
				{timed ? (
					<Menu.Item component="a" href={transcriptURL(call.id, "srt")} download={`${name}.srt`}>
						Subtitles (SRT)
					</Menu.Item>
				) : (
					<Menu.Item disabled>Subtitles: the vendor gave no times</Menu.Item>
				)}
				<Menu.Item component="a" href={transcriptURL(call.id, "json")} download={`${name}.json`}>
					JSON
				</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}

function Delete({ call, filters }: Pick<ActionsProps, "call" | "filters">) {
	const client = useQueryClient();
	const navigate = useNavigate();
	const remove = useMutation({
		mutationFn: () => deleteCall(call.id),
		onSuccess: async () => {
			await navigate({ to: "/calls", search: filters, ignoreBlocker: true });
			client.removeQueries({ queryKey: ["calls", "one", call.id] });
			await client.invalidateQueries({ queryKey: ["calls"] });
			toast({ title: "Call deleted", tone: "good" });
		},
		onError: (e) => toast({ title: "The call was not deleted", detail: sentence(e), tone: "bad" }),
	});
	return (
		<ConfirmButton
			label="Delete"
			question="The call, its notes and every delivery about it go for good. Deliveries that the vendor sends again will not bring it back; only sending it anew with a key does."
			confirm="Delete the call"
			busy={remove.isPending}
			onConfirm={() => remove.mutate()}
		/>
	);
}

/** For good, with a reason that is kept: what the law or the customer asks for. */
function Erase({ call, filters }: Pick<ActionsProps, "call" | "filters">) {
	const [asking, setAsking] = useState(false);
	return (
		<>
			<Button color="bad" onClick={() => setAsking(true)}>
				Erase…
			</Button>
			{asking && (
				<Suspense>
					<EraseCall call={call} filters={filters} onClose={() => setAsking(false)} />
				</Suspense>
			)}
		</>
	);
}
