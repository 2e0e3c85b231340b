import { humanise } from "../../lib/words";

const actions: Record<string, string> = {
	"agent.create": "Created an agent",
	"agent.update": "Changed an agent",
	"agent.delete": "Deleted an agent",
	"agent.merge": "Merged an agent",
	"agent.webhook_test": "Sent a test to an agent's webhook",
	"alert.acknowledge": "Acknowledged an alert",
	"alert.resolve": "Resolved an alert",
	"alert_rule.create": "Created an alert rule",
	"alert_rule.update": "Changed an alert rule",
	"alert_rule.reset": "Reset an alert rule",
	"alert_rule.delete": "Deleted an alert rule",
	"call.delete": "Deleted a call",
	"erasure.create": "Ordered an erasure",
	"evaluation.run": "Evaluated calls",
	"evaluation.rerun": "Evaluated a call again",
	"evaluator.create": "Set up an evaluator",
	"evaluator.update": "Changed an evaluator",
	"evaluator.delete": "Removed an evaluator",
	"gap.open": "Opened a knowledge gap again",
	"gap.answered": "Answered a knowledge gap",
	"gap.ignored": "Ignored a knowledge gap",
	"inbox.delete": "Deleted a delivery",
	"integration.update": "Changed an integration",
	"integration.delete": "Disconnected an integration",
	"key.create": "Created a key",
	"key.revoke": "Revoked a key",
	"live.say": "Had an agent say something",
	"live.transfer": "Transferred a live call",
	"live.end": "Ended a live call",
	"live.listen": "Listened to a live call",
	"queue.create": "Created a queue",
	"queue.update": "Changed a queue",
	"queue.delete": "Deleted a queue",
	"recording.play": "Played a recording",
	"recording.download": "Downloaded a recording",
	"recording.upload": "Gave a call its recording",
	"recording_credential.put": "Set a credential for recordings",
	"recording_credential.delete": "Deleted a credential for recordings",
	"scorecard.create": "Created a scorecard",
	"scorecard.update": "Changed a scorecard",
	"scorecard.delete": "Deleted a scorecard",
	"source.create": "Created a source",
	"source.update": "Changed a source",
	"source.delete": "Deleted a source",
	"step.retry": "Ran a step after a call again",
	"user.create": "Added a user",
	"user.update": "Changed a user",
	"user.delete": "Removed a user",
	"user.setup": "Set up Ringside",
	"view.create": "Saved a view",
	"view.delete": "Deleted a view",
	"webhook.resend": "Sent a delivery again",
	"webhook_endpoint.create": "Created a webhook",
	"webhook_endpoint.update": "Changed a webhook",
	"webhook_endpoint.delete": "Deleted a webhook",
	"webhook_endpoint.test": "Sent a test to a webhook",
	"workspace.create": "Created a workspace",
	"workspace.rename": "Renamed a workspace",
	"workspace.delete": "Deleted a workspace",
};

export function actionWords(action: string): string {
	return actions[action] ?? humanise(action);
}

/** "Reception (agent_01…)" → the name that people know and the id. */
export function subjectOf(subject: string): { name: string; id?: string } {
	const m = /^(.+) \(([a-z]+_[0-9a-z]+)\)$/s.exec(subject);
	return m?.[1] && m[2] ? { name: m[1], id: m[2] } : { name: subject };
}
