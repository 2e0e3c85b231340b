import { Button, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { api, data } from "../../api/client";
import { sentence } from "../../api/error";
import { Badge } from "../../components/Badge";
import { ConfirmButton } from "../../components/Confirm";
import { Icon } from "../../components/Icon";
import { Section } from "../../components/Page";
import { ErrorState, SkeletonRows } from "../../components/States";
import { Cell, type Column, Table } from "../../components/Table";
import { plural } from "../../lib/format";
import { capital } from "../../lib/forms";
import { toast } from "../../lib/toast";
import { AgentNames } from "../agents/AgentNames";
import { SeverityBadge } from "./AlertParts";
import classes from "./alerts.module.css";
import { type Rule, rulesQuery } from "./queries";
import { tells } from "./tell";
import { conditionWords } from "./words";

const RuleDialog = lazy(() => import("./RuleDialog").then((m) => ({ default: m.RuleDialog })));

/** The rules, the built-in ones first. */
export function RulesView({ mayChange }: { mayChange: boolean }) {
	const rules = useQuery(rulesQuery);
	const [open, setOpen] = useState<Rule | "new" | null>(null);
	const on = rules.data?.filter((r) => r.active).length ?? 0;
	return (
		<>
			<div className={`${classes.bar} ${classes.between}`}>
				<span className="rs-dim">
					{rules.data && `${plural(rules.data.length, "rule")}, ${on} on. `}
					{!mayChange && "As a viewer you may look at them, but not change them."}
				</span>
				{mayChange && (
					<Button variant="filled" leftSection={<Icon name="plus" />} onClick={() => setOpen("new")}>
						Create a rule
					</Button>
				)}
			</div>
			<Section flush>
				{rules.isPending && <SkeletonRows rows={9} />}
				{rules.isError && !rules.data && (
					<ErrorState doing="load the rules" error={rules.error} retry={() => void rules.refetch()} />
				)}
				{rules.data && (
					<Table label="Alert rules" columns={mayChange ? [...columns, { label: "" }] : columns}>
						{rules.data.map((r) => (
							<Row key={r.id} rule={r} mayChange={mayChange} onEdit={() => setOpen(r)} />
						))}
					</Table>
				)}
			</Section>
			<Suspense>
				{open && <RuleDialog rule={open === "new" ? undefined : open} onClose={() => setOpen(null)} />}
			</Suspense>
		</>
	);
}

const columns: Column[] = [
	{ label: "Rule" },
	{ label: "Severity", wide: true },
	{ label: "Agents", wide: true },
	{ label: "Tells", wide: true },
	{ label: "State" },
];

interface RowProps {
	rule: Rule;
	mayChange: boolean;
	onEdit: () => void;
}

function Row({ rule: r, mayChange, onEdit }: RowProps) {
	return (
		<tr>
			<Cell>
				<div className={classes.what}>
					<span className={classes.under}>
						<Link to="/alerts" search={{ rule: r.id }} title="Its open alerts" className={classes.name}>
							{r.name}
						</Link>
						{r.builtIn && <Badge bare>{r.version > 0 ? "Built in, changed" : "Built in"}</Badge>}
					</span>
					<span className={classes.narrow}>
						<SeverityBadge severity={r.severity} />
					</span>
					<span className="rs-dim">{conditionWords(r.condition)}</span>
				</div>
			</Cell>
			<Cell wide>
				<SeverityBadge severity={r.severity} />
			</Cell>
			<Cell wide>
				<AgentNames ids={r.agents} />
			</Cell>
			<Cell wide>
				<span className={tells(r) === "Nobody" ? "rs-dim" : undefined}>{tells(r)}</span>
			</Cell>
			<Cell>{mayChange ? <OnOff rule={r} /> : <State active={r.active} />}</Cell>
			{mayChange && (
				<Cell>
					<div className={classes.actions}>
						<Button size="compact-sm" onClick={onEdit}>
							Edit<span className="rs-sr"> {r.name}</span>
						</Button>
						{r.builtIn ? r.version > 0 && <Reset rule={r} /> : <Remove rule={r} />}
					</div>
				</Cell>
			)}
		</tr>
	);
}

function State({ active }: { active: boolean }) {
	return (
		<Badge bare tone={active ? "good" : "quiet"} icon={active ? "check" : "minus"}>
			{active ? "On" : "Off"}
		</Badge>
	);
}

function useAgain() {
	const client = useQueryClient();
	return () => client.invalidateQueries({ queryKey: ["alert-rules"] });
}

/** Tells that something about a rule failed. */
const refused = (what: string) => (e: Error) =>
	toast({ title: `Could not ${what}`, detail: capital(sentence(e)), tone: "bad" });

function OnOff({ rule: r }: { rule: Rule }) {
	const again = useAgain();
	const turn = useMutation({
		mutationFn: (active: boolean) =>
			data(api.PATCH("/v1/alert-rules/{id}", { params: { path: { id: r.id } }, body: { active } })),
		onSuccess: again,
		onError: refused("switch the rule"),
	});
	const change = (active: boolean) =>
		turn.mutate(active, {
			onSuccess: () =>
				toast({
					title: `${r.name} is ${active ? "on" : "off"}`,
					action: { label: "Undo", run: () => turn.mutate(!active) },
				}),
		});
	return (
		<Switch
			aria-label={`${r.name} is on`}
			label={r.active ? "On" : "Off"}
			checked={r.active}
			disabled={turn.isPending}
			onChange={(e) => change(e.currentTarget.checked)}
		/>
	);
}

function Reset({ rule: r }: { rule: Rule }) {
	const again = useAgain();
	const reset = useMutation({
		mutationFn: () => data(api.POST("/v1/alert-rules/{id}/reset", { params: { path: { id: r.id } } })),
		onSuccess: async () => {
			toast({ title: `${r.name} is as it came` });
			await again();
		},
		onError: refused("reset the rule"),
	});
	return (
		<ConfirmButton
			label={
				<>
					Reset<span className="rs-sr"> {r.name}</span>
				</>
			}
			confirm="Reset the rule"
			question={`${r.name} is on for every agent again, as it came. Whom it tells stays; its pauses and silences go.`}
			onConfirm={() => reset.mutate()}
			busy={reset.isPending}
		/>
	);
}

function Remove({ rule: r }: { rule: Rule }) {
	const again = useAgain();
	const remove = useMutation({
		mutationFn: () => api.DELETE("/v1/alert-rules/{id}", { params: { path: { id: r.id } } }),
		onSuccess: async () => {
			toast({ title: `${r.name} is deleted` });
			await again();
		},
		onError: refused("delete the rule"),
	});
	return (
		<ConfirmButton
			label={
				<>
					Delete<span className="rs-sr"> {r.name}</span>
				</>
			}
			confirm="Delete the rule"
			question={`${r.name} watches no more calls, and its webhooks and keys are gone. The alerts that it gave stay.`}
			onConfirm={() => remove.mutate()}
			busy={remove.isPending}
		/>
	);
}
