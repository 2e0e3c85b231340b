import { Link, useParams } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense } from "react";
import { useSession } from "../../api/session";
import { Icon, type IconName } from "../../components/Icon";
import { Page } from "../../components/Page";
import { SideNav } from "../../components/SideNav";
import { EmptyState, SkeletonText } from "../../components/States";
import { useCrumb } from "../frame/crumb";
import { AppearanceSection } from "./AppearanceSection";
import { AuditSection } from "./AuditSection";
import { DemoSection } from "./DemoSection";
import { InboxSection } from "./InboxSection";
import { KeysSection } from "./KeysSection";
import { SourcesSection } from "./SourcesSection";
import { UsersSection } from "./UsersSection";
import { WorkspaceSection } from "./WorkspaceSection";

interface Place {
	id: string;
	title: string;
	icon: IconName;
	lead: string;
	Body: ComponentType;
}

// What is looked at seldom comes when it is opened.
const IntegrationsSection = lazy(async () => ({
	default: (await import("./IntegrationsSection")).IntegrationsSection,
}));
const WebhooksSection = lazy(async () => ({ default: (await import("./WebhooksSection")).WebhooksSection }));
const DeliveriesSection = lazy(async () => ({
	default: (await import("./DeliveriesSection")).DeliveriesSection,
}));
const InterventionsSection = lazy(async () => ({
	default: (await import("./InterventionsSection")).InterventionsSection,
}));
const ScenariosSection = lazy(async () => ({
	default: (await import("../scenarios/ScenariosSection")).ScenariosSection,
}));
const ErasuresSection = lazy(async () => ({ default: (await import("./ErasuresSection")).ErasuresSection }));
const QueuesSection = lazy(async () => ({ default: (await import("./QueuesSection")).QueuesSection }));

/** The sections of the settings; each is in the URL as /settings/<id>. */
const places: Place[] = [
	{
		id: "sources",
		title: "Sources",
		icon: "plug",
		lead: "Where voice platforms send their webhooks: an address for each, and how a delivery is told to be genuine.",
		Body: SourcesSection,
	},
	{
		id: "keys",
		title: "API keys",
		icon: "key",
		lead: "For programs that send calls or read them. A key belongs to this workspace.",
		Body: KeysSection,
	},
	{
		id: "inbox",
		title: "Inbox",
		icon: "inbox",
		lead: "Deliveries that made no call. Nothing that a platform sent is thrown away for being unreadable.",
		Body: InboxSection,
	},
	{
		id: "integrations",
		title: "Integrations",
		icon: "link",
		lead: "A language model, speech to text, your CRM, and the headers by which a storage hands out recordings.",
		Body: IntegrationsSection,
	},
	{
		id: "webhooks",
		title: "Webhooks",
		icon: "external",
		lead: "Servers of yours that hear of calls as they happen.",
		Body: WebhooksSection,
	},
	{
		id: "deliveries",
		title: "Deliveries",
		icon: "outbound",
		lead: "What was sent to your servers, what they answered, and what is tried again.",
		Body: DeliveriesSection,
	},
	{
		id: "queues",
		title: "Queues",
		icon: "calls",
		lead: "People who take over calls that an agent hands on.",
		Body: QueuesSection,
	},
	{
		id: "interventions",
		title: "Interventions",
		icon: "transfer",
		lead: "What is proposed, or done, when an alert is triggered in a call that is on.",
		Body: InterventionsSection,
	},
	{
		id: "scenarios",
		title: "Scenarios",
		icon: "loop",
		lead: "Conversations that are played as simulated calls, to try what Ringside does about them.",
		Body: ScenariosSection,
	},
	{
		id: "users",
		title: "Users",
		icon: "people",
		lead: "Who can sign in. Everybody sees every workspace.",
		Body: UsersSection,
	},
	{
		id: "workspace",
		title: "Workspaces",
		icon: "panel",
		lead: "Each keeps its calls, agents, sources and keys apart from the others'.",
		Body: WorkspaceSection,
	},
	{
		id: "demo",
		title: "Demo",
		icon: "play",
		lead: "Sample calls to look around with.",
		Body: DemoSection,
	},
	{
		id: "erasure",
		title: "Erasure",
		icon: "trash",
		lead: "All calls of a person, removed for good: by their phone number or e-mail address.",
		Body: ErasuresSection,
	},
	{
		id: "audit",
		title: "Audit",
		icon: "note",
		lead: "Who changed what in this workspace.",
		Body: AuditSection,
	},
	{
		id: "appearance",
		title: "Appearance",
		icon: "sun",
		lead: "For you, on this device.",
		Body: AppearanceSection,
	},
];

export function SettingsRoute() {
	const { section } = useParams({ from: "/app/settings/$section" });
	const { workspaces } = useSession();
	const demo = (workspaces ?? []).some((w) => w.is_demo);
	const place = places.find((p) => p.id === section);
	const Body = place?.Body;
	useCrumb(place?.title);
	return (
		<Page title={place?.title ?? "Settings"} lead={place?.lead}>
			<SideNav
				label="Settings"
				items={places
					.filter((p) => demo || p.id !== "demo")
					.map((p) => (
						<li key={p.id}>
							<Link
								to="/settings/$section"
								params={{ section: p.id }}
								aria-current={p.id === section ? "page" : undefined}
							>
								<Icon name={p.icon} />
								{p.title}
							</Link>
						</li>
					))}
			>
				{Body ? (
					<Suspense fallback={<SkeletonText lines={8} />}>
						<Body />
					</Suspense>
				) : (
					<EmptyState icon="question" title="There is no such section">
						Choose one from the list.
					</EmptyState>
				)}
			</SideNav>
		</Page>
	);
}
