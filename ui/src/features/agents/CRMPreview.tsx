import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data } from "../../api/client";
import { FormNote } from "../../components/Gate";
import { JsonView } from "../../components/JsonView";
import { Modal } from "../../components/Modal";
import { Fact, Facts } from "../../components/Page";
import { ErrorState, SkeletonText } from "../../components/States";
import { groups } from "./fields";
import type { Mapping } from "./lists";
import classes from "./lists.module.css";

interface PreviewProps {
	/** The agent's id. */
	agent: string;
	/** As the form has it, saved or not. */
	mapping: Mapping;
	onClose: () => void;
}

const names = groups.flatMap((g) => g.fields).find((f) => f.at === "/crmProvider")?.options;

/** What would be written to the CRM about the agent's newest call that has ended. */
export function CRMPreview({ agent, mapping, onClose }: PreviewProps) {
	const preview = useQuery({
		queryKey: ["crm-preview", agent, mapping],
		queryFn: () =>
			data(
				api.POST("/v1/agents/{id}/crm-preview", {
					params: { path: { id: agent } },
					body: { crm_field_mapping: mapping },
				}),
			),
		gcTime: 0,
		retry: false,
		refetchOnWindowFocus: false,
	});
	const p = preview.data;
	return (
		<Modal opened onClose={onClose} title="What would be written" size={680}>
			<div className={classes.stack}>
				{preview.isPending && <SkeletonText lines={6} />}
				{preview.isError && <ErrorState doing="make the preview" error={preview.error} />}
				{p && (
					<>
						<FormNote tone="info">Nothing is written by looking. The CRM was not asked.</FormNote>
						<Facts>
							<Fact name="CRM">{names?.find((n) => n.value === p.crm)?.label ?? p.crm}</Fact>
							<Fact name="Call">
								<Link to="/calls/$id" params={{ id: p.call_id }}>
									The newest that has ended
								</Link>
							</Fact>
							<Fact name="Request">
								<code>
									{p.method} {p.path || "to the address"}
								</code>
							</Fact>
						</Facts>
						<h3>Body</h3>
						<JsonView value={p.body} label="Body of the request" open={4} />
						{p.contact !== undefined && (
							<>
								<h3>Contact, made when the number is nobody's</h3>
								<JsonView value={p.contact} label="Contact" open={4} />
							</>
						)}
					</>
				)}
				<div className={classes.end}>
					<Button variant="filled" onClick={onClose}>
						Close
					</Button>
				</div>
			</div>
		</Modal>
	);
}
