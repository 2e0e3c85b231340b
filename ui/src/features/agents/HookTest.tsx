import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "../../api/client";
import { WebhookTest } from "../../components/WebhookTest";
import type { AgentHook } from "./field";

interface HookTestProps {
	/** The agent's id. */
	agent: string;
	which: AgentHook;
	/** The address that is saved: the server tests no other. */
	url: string;
	disabled?: boolean;
}

/** Sends a test to one of an agent's own webhooks and shows what came back. */
export function HookTest({ agent, which, url, disabled }: HookTestProps) {
	const [open, setOpen] = useState(false);
	const test = useMutation({
		mutationFn: () =>
			data(api.POST("/v1/agents/{id}/webhook-test", { params: { path: { id: agent }, query: { which } } })),
	});
	const { host } = new URL(url);
	return (
		<div>
			<Button
				disabled={disabled}
				title={disabled ? "Save the address first" : undefined}
				onClick={() => {
					setOpen(true);
					test.mutate();
				}}
			>
				Send a test <span className="rs-sr">to {host}</span>
			</Button>
			{open && <WebhookTest host={host} test={test} onClose={() => setOpen(false)} />}
		</div>
	);
}
