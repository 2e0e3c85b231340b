import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useMay } from "../../api/may";
import { Badge } from "../../components/Badge";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { CRMForm } from "./CRMForm";
import { CredentialsCard } from "./CredentialsCard";
import { integrationNames } from "./integrations";
import { ModelForm } from "./ModelForm";
import { type Integration, type IntegrationKind, integrationsQuery } from "./queries";
import { SpeechForm } from "./SpeechForm";
import classes from "./settings.module.css";
import { UsageTable } from "./UsageTable";

const purposes: Record<IntegrationKind, string> = {
	llm: "A language model writes summaries, sets tags and scores, and finds knowledge gaps. All works without one: Ringside then analyses each call on this server by its own rules, and no transcript goes to a model.",
	stt: "Calls that come without a transcript are written down from their recording. All works without one: such calls then have their sound's figures and no words.",
	hubspot:
		"Calls are written to the contact's timeline after they end. All works without it; an agent's settings choose the CRM and what is written.",
	salesforce:
		"Calls are written as tasks after they end. All works without it; an agent's settings choose the CRM and what is written.",
};

export function IntegrationsSection() {
	const integrations = useQuery(integrationsQuery);
	const { items = [], usage = [] } = integrations.data ?? {};
	if (integrations.isPending) {
		return (
			<Section>
				<SkeletonText lines={8} />
			</Section>
		);
	}
	if (integrations.isError && !integrations.data) {
		return (
			<Section>
				<ErrorState
					doing="load the integrations"
					error={integrations.error}
					retry={() => void integrations.refetch()}
				/>
			</Section>
		);
	}
	const of = (kind: IntegrationKind) => items.find((i) => i.kind === kind);
	return (
		<>
			{(["llm", "stt", "hubspot", "salesforce"] as const).map((kind) => (
				<Card key={kind} kind={kind} integration={of(kind)} />
			))}
			<CredentialsCard />
			{usage.length > 0 && <UsageTable usage={usage} budget={of("llm")?.llm?.monthly_budget_usd} />}
		</>
	);
}

function Card({ kind, integration }: { kind: IntegrationKind; integration?: Integration }) {
	const may = useMay();
	const [opened, setOpened] = useState(false);
	const name = integrationNames[kind];
	// What is saved begins a new form.
	const form = { integration, mayChange: may.change, onDone: () => setOpened(false) };
	const key = integration?.updated_at ?? "";
	return (
		<Section title={name} actions={<Connected integration={integration} />}>
			{!integration && !opened ? (
				<EmptyState
					icon={kind === "llm" || kind === "stt" ? "wave" : "people"}
					title={`${name} is not connected`}
					action={
						may.change && (
							<Button variant="filled" leftSection={<Icon name="plug" />} onClick={() => setOpened(true)}>
								Connect<span className="rs-sr"> {name}</span>
							</Button>
						)
					}
				>
					{purposes[kind]}
				</EmptyState>
			) : (
				<div className={classes.form}>
					{!integration && <p className="rs-dim">{purposes[kind]}</p>}
					{kind === "llm" && <ModelForm key={key} {...form} />}
					{kind === "stt" && <SpeechForm key={key} {...form} />}
					{kind !== "llm" && kind !== "stt" && <CRMForm key={key} kind={kind} {...form} />}
				</div>
			)}
		</Section>
	);
}

function Connected({ integration }: { integration?: Integration }): ReactNode {
	if (!integration) return null;
	return (
		<>
			<Badge tone="good" icon="check" bare>
				Connected
			</Badge>
			<span className="rs-dim">
				saved <When at={integration.updated_at} />
			</span>
		</>
	);
}
