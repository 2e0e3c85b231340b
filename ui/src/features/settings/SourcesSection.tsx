import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { api } from "../../api/client";
import { sentence } from "../../api/error";
import { useMay } from "../../api/may";
import { Badge, ProviderBadge } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { CodeBlock } from "../../components/Copy";
import { Icon } from "../../components/Icon";
import { Fact, Facts, Section } from "../../components/Page";
import { EmptyState, ErrorState, SkeletonText } from "../../components/States";
import { When } from "../../components/Values";
import { count, plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { takesApiKey, withoutKeyWords } from "./apiKey";
import { ForwardingFacts } from "./Forwarding";
import { providersQuery, type Source, sourcesQuery } from "./queries";
import { SourceDialog } from "./SourceDialog";
import { Steps } from "./Steps";
import classes from "./settings.module.css";

const ConnectPanel = lazy(async () => ({ default: (await import("./ConnectPanel")).ConnectPanel }));

/** The server counts the newest ten thousand and no further. */
const counted = 10_000;
const page = 30;

export function SourcesSection() {
	const sources = useQuery(sourcesQuery);
	const may = useMay();
	const [creating, setCreating] = useState(false);
	const [shown, setShown] = useState(page);
	const create = may.change && (
		<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setCreating(true)}>
			Connect a platform
		</Button>
	);
	// The newest first: the one that is being connected.
	const list = sources.data?.toReversed() ?? [];
	return (
		<>
			{list.length > 0 && <div className={classes.end}>{create}</div>}
			{sources.isPending && (
				<Section>
					<SkeletonText lines={6} />
				</Section>
			)}
			{sources.isError && !sources.data && (
				<Section>
					<ErrorState doing="load the sources" error={sources.error} retry={() => void sources.refetch()} />
				</Section>
			)}
			{sources.data && list.length === 0 && (
				<Section>
					<EmptyState icon="plug" title="No platform is connected" action={create}>
						Connect Vapi, Retell, Bland or ElevenLabs: you get an address to paste into the platform's webhook
						settings, and its calls appear here as they happen. To send calls from your own program, make an{" "}
						<Link to="/settings/$section" params={{ section: "keys" }}>
							API key
						</Link>{" "}
						instead.
					</EmptyState>
				</Section>
			)}
			{list.slice(0, shown).map((s, i) => (
				<SourceCard key={s.id} source={s} mayChange={may.change} teach={i === 0 && !s.last_delivery_at} />
			))}
			{list.length > shown && (
				<div>
					<Button onClick={() => setShown(shown + page)}>Show more of {count(list.length)} sources</Button>
				</div>
			)}
			{creating && <SourceDialog onClose={() => setCreating(false)} />}
		</>
	);
}

interface CardProps {
	source: Source;
	mayChange: boolean;
	/** Shows the vendor's steps without being asked. */
	teach: boolean;
}

function SourceCard({ source, mayChange, teach }: CardProps) {
	const [editing, setEditing] = useState(false);
	const { data: providers } = useQuery(providersQuery);
	const provider = providers?.find((p) => p.id === source.provider);
	const steps = provider?.steps ?? [];
	return (
		<Section
			title={source.name}
			actions={mayChange && <SourceActions source={source} onEdit={() => setEditing(true)} />}
		>
			<div className={classes.card}>
				{source.url && (
					<CodeBlock
						code={source.url}
						label="Webhook address"
						note="Paste this at the platform. Who knows it can reach this source, so keep it to yourself."
					/>
				)}
				<div className={classes.columns}>
					<Facts>
						<Fact name="Platform">
							<ProviderBadge provider={source.provider} />
						</Fact>
						<Fact name="Verified by">
							<Verified source={source} />
						</Fact>
						{takesApiKey(provider) && (
							<Fact name="API key">
								{source.api_key_set ? (
									<Badge tone="good" icon="lock" bare>
										Set
									</Badge>
								) : (
									<span className="rs-dim">{withoutKeyWords(provider)}</span>
								)}
							</Fact>
						)}
						{source.following && (
							<Fact name="Live calls">
								<FollowingWords following={source.following} />
							</Fact>
						)}
						<Fact name="Last delivery">
							{source.last_delivery_at ? (
								<When at={source.last_delivery_at} />
							) : (
								<Badge tone="watch" icon="clock" bare>
									None yet
								</Badge>
							)}
						</Fact>
						<Fact name="Deliveries">
							{count(source.deliveries)}
							{source.deliveries >= counted && " or more"}
						</Fact>
						<Fact name="Quarantined">
							{source.quarantined > 0 ? (
								<Link to="/settings/$section" params={{ section: "inbox" }} search={{ state: "quarantined" }}>
									<Badge tone="bad" icon="alert" bare>
										{count(source.quarantined)} could not be read
									</Badge>
								</Link>
							) : (
								"None"
							)}
						</Fact>
						<ForwardingFacts source={source} />
						<Fact name="Created">
							<When at={source.created_at} form="exact" />
						</Fact>
					</Facts>
				</div>
				{provider?.key_gives.calls && (
					<Suspense fallback={<SkeletonText lines={2} />}>
						<ConnectPanel source={source} provider={provider} mayChange={mayChange} />
					</Suspense>
				)}
				{steps.length > 0 && (
					<details className={classes.disclosure} open={teach}>
						<summary>What to do at the platform</summary>
						<Steps steps={steps} />
					</details>
				)}
			</div>
			{editing && <SourceDialog source={source} onClose={() => setEditing(false)} />}
		</Section>
	);
}

/** How calls in progress are followed at the platform. */
function FollowingWords({ following }: { following: NonNullable<Source["following"]> }) {
	if (following.trouble) {
		return (
			<>
				<Badge tone="watch" icon="alert" bare>
					Not followed
				</Badge>{" "}
				<span className="rs-dim">{capital(following.trouble)}.</span>
			</>
		);
	}
	return (
		<Badge tone={following.calls > 0 ? "live" : "good"} icon="pulse" bare>
			{following.calls > 0
				? `${plural(following.calls, "call")} followed word by word`
				: "Followed word by word"}
		</Badge>
	);
}

function Verified({ source }: { source: Source }) {
	if (source.secret_set) {
		return (
			<Badge tone="good" icon="lock" bare>
				{source.verify.enabled ? "A signature, by your settings" : "A secret"}
			</Badge>
		);
	}
	return (
		<Badge tone="watch" icon="alert" bare>
			Nothing: not verified
		</Badge>
	);
}

function SourceActions({ source, onEdit }: { source: Source; onEdit: () => void }) {
	const client = useQueryClient();
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/sources/{id}", { params: { path: { id: source.id } } }),
		onSuccess: async () => {
			toast({ title: `${source.name} is deleted` });
			await client.invalidateQueries({ queryKey: ["sources"] });
		},
		onError: (e) =>
			toast({ title: "Could not delete the source", detail: capital(sentence(e)), tone: "bad" }),
	});
	return (
		<>
			<Button leftSection={<Icon name="edit" />} onClick={onEdit}>
				Edit
			</Button>
			<ConfirmButton
				label="Delete"
				confirm="Delete the source"
				question={`The address of ${source.name} stops working at once, and what the platform sends to it is refused. Calls that came by it stay.`}
				onConfirm={() => remove.mutate()}
				busy={remove.isPending}
			/>
		</>
	);
}
