// What a newcomer pastes to see the first live call.

const quote = (s: string) => s.replaceAll("'", "'\\''");

function post(publicURL: string, key: string, call: string, events: object[]): string {
	const lines = events.map((e) => `  ${JSON.stringify(e)}`).join(",\n");
	return [
		`curl -X POST '${quote(publicURL)}/v1/live-calls/${quote(call)}/events' \\`,
		`  -H 'X-API-Key: ${quote(key)}' \\`,
		"  -H 'Content-Type: application/json' \\",
		`  -d '${quote(`[\n${lines}\n]`)}'`,
	].join("\n");
}

/** A call that begins, with two turns and one that is being said. */
export function startCommand(publicURL: string, key: string, call: string): string {
	return post(publicURL, key, call, [
		{
			id: "1",
			type: "started",
			agent: "reception",
			agentName: "Reception",
			from: "+14155550100",
		},
		{ id: "2", type: "turn", role: "agent", text: "Good morning, how can I help?" },
		{ id: "3", type: "turn", role: "user", text: "I would like to move my appointment to Friday." },
		{ type: "partial", role: "agent", text: "Friday at ten is" },
	]);
}

export function endCommand(publicURL: string, key: string, call: string): string {
	return post(publicURL, key, call, [{ id: "4", type: "ended", reason: "customer-ended-call" }]);
}
