import { humanise } from "../../lib/words";

const actions: Record<string, string> = {
	"agent.create": "Created an agent",
	"agent.update": "Changed an agent",
	"agent.delete": "Deleted an agent",
	"agent.merge": "Merged an agent",
	"call.delete": "Deleted a call",
	"inbox.delete": "Deleted a delivery",
	"integration.update": "Changed an integration",
	"integration.delete": "Disconnected an integration",
	"key.create": "Created a key",
	"key.revoke": "Revoked a key",
	"queue.create": "Created a queue",
	"queue.update": "Changed a queue",
	"queue.delete": "Deleted a queue",
	"source.create": "Created a source",
	"source.update": "Changed a source",
	"source.delete": "Deleted a source",
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
