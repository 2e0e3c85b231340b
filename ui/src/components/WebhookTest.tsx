import { Button } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import type { Answer } from "../api/client";
import { capital } from "../lib/forms";
import { CodeBlock } from "./Copy";
import { FormNote } from "./Gate";
import { Icon } from "./Icon";
import { Modal } from "./Modal";
import { Fact, Facts } from "./Page";
import { ErrorState, SkeletonText } from "./States";
import { LatencyValue } from "./Values";
import classes from "./WebhookTest.module.css";

interface WebhookTestProps {
	/** The host of the webhook's address. */
	host: string;
	test: UseMutationResult<Answer<"/v1/webhook-endpoints/{id}/test", "post">, Error, void>;
	onClose: () => void;
}

/** What came back of a test event that was sent to a webhook. */
export function WebhookTest({ host, test, onClose }: WebhookTestProps) {
	const answer = test.data;
	return (
		<Modal opened onClose={onClose} title={`Test of ${host}`} size={600}>
			<div className={classes.answer}>
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
