import { Button, Tooltip } from "@mantine/core";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { Icon, type IconName } from "../../components/Icon";
import { useCommands } from "../../lib/commands";
import type { LiveDetail } from "./types";

const Dialog = lazy(() => import("./Dialogs").then((m) => ({ default: m.ControlDialog })));

export type Action = "say" | "transfer" | "end";

const actions: { action: Action | "listen"; label: string; icon: IconName; bad?: boolean }[] = [
	{ action: "listen", label: "Listen", icon: "wave" },
	{ action: "say", label: "Say", icon: "send" },
	{ action: "transfer", label: "Transfer", icon: "transfer" },
	{ action: "end", label: "End", icon: "stop", bad: true },
];

interface ControlsProps {
	id: string;
	agent: string;
	controls: LiveDetail["controls"];
	mayAct: boolean;
	listening: boolean;
	onListen: () => void;
}

/** The Listen button's id: the focus returns to it. */
export const listenButton = "listen";

/** What a person can do to the call. What can't be done stands there with the reason. */
export function Controls({ id, agent, controls, mayAct, listening, onListen }: ControlsProps) {
	const [open, setOpen] = useState<Action | null>(null);
	const run = (action: Action | "listen") => (action === "listen" ? onListen() : setOpen(action));
	const reasonAgainst = (action: Action | "listen"): string | null => {
		if (!mayAct && action !== "listen") return "Your role may look, not act.";
		const can = controls?.[action];
		return can?.possible ? null : can?.reason || "This call's source gives no way to do it.";
	};
	const possible = actions.filter((a) => reasonAgainst(a.action) === null).map((a) => a.action);
	const key = possible.join();
	const latest = useRef(run);
	latest.current = run;
	// biome-ignore lint/correctness/useExhaustiveDependencies: key stands for what is possible
	const commands = useMemo(
		() =>
			actions
				.filter((a) => possible.includes(a.action))
				.map((a) => ({
					id: `live.${a.action}`,
					title: `${a.label}: this call`,
					group: "Live call",
					icon: a.icon,
					run: () => latest.current(a.action),
				})),
		[key],
	);
	useCommands(commands);
	return (
		<>
			{actions.map(({ action, label, icon, bad }) => {
				const against = reasonAgainst(action);
				return (
					<Tooltip
						key={action}
						label={against}
						disabled={!against}
						events={{ hover: true, focus: true, touch: true }}
					>
						<Button
							id={action === "listen" ? listenButton : undefined}
							variant={action === "listen" && listening ? "filled" : undefined}
							color={bad ? "bad" : undefined}
							leftSection={<Icon name={icon} size={14} />}
							data-disabled={against ? true : undefined}
							aria-disabled={against ? true : undefined}
							aria-pressed={action === "listen" && !against ? listening : undefined}
							aria-label={against ? `${label}: not possible. ${against}` : undefined}
							onClick={() => against === null && run(action)}
						>
							{label}
						</Button>
					</Tooltip>
				);
			})}
			<Suspense>
				{open && <Dialog id={id} agent={agent} action={open} onClose={() => setOpen(null)} />}
			</Suspense>
		</>
	);
}
