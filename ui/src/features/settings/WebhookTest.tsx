import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, data } from "../../api/client";
import { CodeBlock } from "../../components/Copy";
import { FormNote } from "../../components/Gate";
import { Icon } from "../../components/Icon";
import { Fact, Facts } from "../../components/Page";
import { ErrorState, SkeletonText } from "../../components/States";
import { LatencyValue } from "../../components/Values";
import { capital } from "../../lib/forms";
import type { Endpoint } from "./queries";
import classes from "./settings.module.css";
import { hostOf } from "./webhooks";

/** Sends a test event to an endpoint; it gives what really came back. */
export function useWebhookTest(id: string) {
	return useMutation({
		mutationFn: () => data(api.POST("/v1/webhook-endpoints/{id}/test", { params: { path: { id } } })),
	});
}

interface WebhookTestProps {
	endpoint: Endpoint;
	test: ReturnType<typeof useWebhookTest>;
	onClose: () => void;
}

export function WebhookTest({ endpoint, test, onClose }: WebhookTestProps) {
	const answer = test.data;
	return (
		<Modal opened onClose={onClose} title={`Test of ${hostOf(endpoint.url)}`} size={600}>
			<div className={classes.form}>
				{test.isPending && <SkeletonText lines={4} />}
				{test.isError && <ErrorState doing="send the test" error={test.error} />}
				{answer && (
					<>
						<FormNote tone={answer.delivered ? "good" : "bad"}>
							{answer.delivered
								? "Your server took the test event."
								: capital(answer.error) || "Your server did not take the test event."}
						</FormNote>
						<Facts>
							<Fact name="Went to">{answer.host || "Nowhere"}</Fact>
							<Fact name="Status">{answer.status > 0 ? answer.status : "No answer"}</Fact>
							<Fact name="Took">
								<LatencyValue ms={answer.latency_ms} />
							</Fact>
						</Facts>
						{answer.response && <CodeBlock code={answer.response} label="How the answer begins" />}
					</>
				)}
				<div className={classes.end}>
					<Button
						leftSection={<Icon name="refresh" />}
						loading={test.isPending}
						onClick={() => test.mutate()}
					>
						Test again
					</Button>
					<Button variant="filled" onClick={onClose}>
						Close
					</Button>
				</div>
			</div>
		</Modal>
	);
}
