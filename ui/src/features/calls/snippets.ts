// What a newcomer pastes to send the first call.

const quote = (s: string) => s.replaceAll("'", "'\\''");

/** A flat call for curl, with the times of now. */
export function curlCommand(publicURL: string, key: string, now: Date): string {
	const at = (secondsAgo: number) => new Date(now.getTime() - secondsAgo * 1000).toISOString();
	const head = {
		id: `first-call-${Math.floor(now.getTime() / 1000)}`,
		agent_id: "reception",
		startedAt: at(65),
		endedAt: at(5),
		from_phone_number: "+14155550100",
		to_phone_number: "+14155550199",
		endedReason: "customer-ended-call",
	};
	const messages = [
		{ role: "assistant", content: "Good morning, how can I help?" },
		{ role: "user", content: "I would like to move my appointment to Friday." },
		{ role: "assistant", content: "Friday at ten is free. Shall I book it?" },
		{ role: "user", content: "Yes, please." },
	];
	const fields = Object.entries(head).map(([k, v]) => `  "${k}": ${JSON.stringify(v)},\n`);
	const lines = messages.map((m) => `    ${JSON.stringify(m)}`);
	const body = `{\n${fields.join("")}  "messages": [\n${lines.join(",\n")}\n  ]\n}`;
	return [
		`curl -X POST '${quote(publicURL)}/api/v1/observability/calls' \\`,
		`  -H 'X-API-Key: ${quote(key)}' \\`,
		"  -H 'Content-Type: application/json' \\",
		`  -d '${quote(body)}'`,
	].join("\n");
}

/** A line of Python for an agent of one's own, after a call has ended. */
export function pythonSnippet(publicURL: string, key: string): string {
	return `import requests

requests.post(
    "${publicURL}/api/v1/observability/calls",
    headers={"X-API-Key": "${key}"},
    json={
        "id": call.id,
        "agent_id": "reception",
        "startedAt": call.started_at.isoformat(),
        "endedAt": call.ended_at.isoformat(),
        "from_phone_number": call.caller,
        "to_phone_number": call.callee,
        "endedReason": call.ended_reason,
        "messages": [{"role": m.role, "content": m.text} for m in call.messages],
    },
    timeout=10,
).raise_for_status()`;
}
