import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Command } from "../../lib/commands";
import { changeSettings, type Settings } from "../../lib/settings";

/** Goes to a path of this page, given as text: for links that were stored, and for keys. */
export function useGoTo(): (href: string) => void {
	const navigate = useNavigate();
	return useCallback((href: string) => void navigate({ href }), [navigate]);
}

const set =
	(change: Partial<Settings>): (() => void) =>
	() =>
		changeSettings(change);

const sections = [
	"sources",
	"keys",
	"users",
	"inbox",
	"integrations",
	"webhooks",
	"deliveries",
	"queues",
	"interventions",
	"scenarios",
	"workspace",
] as const;

/** Other words that people look for. */
const also: Partial<Record<(typeof sections)[number], string>> = {
	integrations:
		"language model openai llm speech to text stt transcription whisper deepgram hubspot salesforce crm",
	webhooks: "endpoints outgoing events",
	deliveries: "outgoing webhooks sent again",
	queues: "transfer hand over people hours",
	interventions: "intervention rules proposals countdown step in say transfer end",
	scenarios: "simulate simulated calls personas test run schedule",
};

const titles: Record<(typeof sections)[number], string> = {
	sources: "Sources",
	keys: "API keys",
	users: "Users",
	inbox: "Inbox",
	integrations: "Integrations",
	webhooks: "Webhooks",
	deliveries: "Deliveries",
	queues: "Queues",
	interventions: "Interventions",
	scenarios: "Scenarios",
	workspace: "Workspace",
};

/** What the palette offers on every page. */
export function frameCommands(goTo: (href: string) => void, help: () => void): Command[] {
	const go = (href: string) => () => goTo(href);
	return [
		{
			id: "go.live",
			group: "Go to",
			title: "Live calls",
			icon: "pulse",
			keys: "g l",
			also: "in progress now",
			run: go("/live"),
		},
		{
			id: "go.wall",
			group: "Go to",
			title: "Live wall",
			icon: "pulse",
			also: "screen tiles",
			run: go("/live?view=wall"),
		},
		{ id: "go.calls", group: "Go to", title: "Calls", icon: "calls", keys: "g c", run: go("/calls") },
		{
			id: "go.alerts",
			group: "Go to",
			title: "Alerts",
			icon: "alert",
			keys: "g t",
			also: "inbox trouble",
			run: go("/alerts"),
		},
		{
			id: "go.alertrules",
			group: "Go to",
			title: "Alerts: Rules",
			icon: "alert",
			also: "notifications slack pagerduty silence threshold",
			run: go("/alerts?view=rules"),
		},
		{
			id: "go.evaluations",
			group: "Go to",
			title: "Evaluations",
			icon: "check",
			keys: "g e",
			also: "results judge score",
			run: go("/evaluations"),
		},
		{
			id: "go.evaluators",
			group: "Go to",
			title: "Evaluations: Evaluators",
			icon: "check",
			run: go("/evaluations?view=evaluators"),
		},
		{
			id: "go.scorecards",
			group: "Go to",
			title: "Evaluations: Scorecards",
			icon: "check",
			also: "criteria rubric",
			run: go("/evaluations?view=scorecards"),
		},
		{
			id: "go.gaps",
			group: "Go to",
			title: "Knowledge gaps",
			icon: "question",
			keys: "g k",
			also: "unanswered questions",
			run: go("/knowledge-gaps"),
		},
		{ id: "go.agents", group: "Go to", title: "Agents", icon: "agents", keys: "g a", run: go("/agents") },
		...sections.map(
			(s): Command => ({
				id: `go.settings.${s}`,
				group: "Go to",
				title: `Settings: ${titles[s]}`,
				icon: "settings",
				also: also[s],
				keys: s === "sources" ? "g s" : undefined,
				run: go(`/settings/${s}`),
			}),
		),
		{
			id: "go.failed",
			group: "Go to",
			title: "Failed calls of the last 24 hours",
			icon: "alert",
			run: go("/calls?status=failed&range=24h"),
		},
		{ id: "do.help", group: "Do", title: "Show the keys", icon: "question", keys: "?", run: help },
		{
			id: "do.light",
			group: "Do",
			title: "Light theme",
			icon: "sun",
			also: "appearance",
			run: set({ theme: "light" }),
		},
		{
			id: "do.dark",
			group: "Do",
			title: "Dark theme",
			icon: "sun",
			also: "appearance",
			run: set({ theme: "dark" }),
		},
		{
			id: "do.system",
			group: "Do",
			title: "Theme of the system",
			icon: "sun",
			run: set({ theme: "system" }),
		},
		{
			id: "do.compact",
			group: "Do",
			title: "Compact rows",
			icon: "panel",
			also: "density",
			run: set({ density: "compact" }),
		},
		{
			id: "do.roomy",
			group: "Do",
			title: "Roomy rows",
			icon: "panel",
			also: "density",
			run: set({ density: "comfortable" }),
		},
		{
			id: "do.utc",
			group: "Do",
			title: "Times in UTC",
			icon: "clock",
			also: "zone",
			run: set({ zone: "utc" }),
		},
		{
			id: "do.local",
			group: "Do",
			title: "Times in my zone",
			icon: "clock",
			also: "local",
			run: set({ zone: "local" }),
		},
	];
}
