import { createServer } from "node:http";

const key = "key_of_the_account";

/** A Retell whose calls are a minute apart, the newest an hour old; every few of them it asks for a pause. */
export async function startRetell(n) {
	const newest = Date.now() - 3_600_000;
	const calls = Array.from({ length: n }, (_, i) => ({ id: `call_${String(i).padStart(4, "0")}`, at: newest - i * 60_000 }));
	const agents = [
		{ agent_id: "agent_desk", agent_name: "Front desk", version: 1, voice_id: "anna", response_engine: { type: "retell-llm", llm_id: "llm_1" } },
		{ agent_id: "agent_sales", agent_name: "Sales", version: 0, voice_id: "bert", webhook_url: "https://theirs.example.com/hook", response_engine: { type: "retell-llm", llm_id: "llm_1" } },
	];
	const llms = [{ llm_id: "llm_1", version: 0, model: "gpt-4.1", general_prompt: "You book tables." }];
	let requests = 0;
	const read = async (req) => {
		let body = "";
		for await (const chunk of req) body += chunk;
		return body ? JSON.parse(body) : {};
	};
	const answers = {
		"POST /v2/list-agents": () => ({ items: agents.map((a) => ({ agent_id: a.agent_id, agent_name: a.agent_name, channel: "voice" })), has_more: false }),
		"GET /get-agent": (id) => agents.find((a) => a.agent_id === id),
		"GET /get-retell-llm": (id) => llms.find((l) => l.llm_id === id),
		"POST /v3/list-calls": (_, ask) => {
			const [from, to] = ask.filter_criteria.start_timestamp.value;
			const all = calls.filter((c) => c.at >= from && c.at < to);
			const at = all.findIndex((c) => c.id === ask.pagination_key) + 1;
			const page = all.slice(at, at + ask.limit);
			return { items: page.map((c) => short(c)), has_more: at + page.length < all.length, pagination_key: page.at(-1)?.id };
		},
		"GET /v2/get-call": (id) => whole(calls.find((c) => c.id === id)),
		"PATCH /update-agent": (id, change) => Object.assign(agents.find((a) => a.agent_id === id), change),
	};
	const server = createServer(async (req, res) => {
		const send = (status, body, headers = {}) => res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
		const body = await read(req);
		if (req.headers.authorization !== `Bearer ${key}`) return send(401, { status: "error", message: "Invalid API key" });
		if (req.url.startsWith("/v2/get-call/") && ++requests % 40 === 0) return send(429, { status: "error", message: "Too many requests" }, { "retry-after": "1" });
		const [, , parent, id] = /^(.*?)((?:\/v\d)?\/[a-z-]+)\/?([^/]*)$/.exec(req.url) ?? [];
		const answer = answers[`${req.method} ${parent}`];
		return answer ? send(200, answer(id, body)) : send(404, { status: "error", message: "Not found" });
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return { key, agents, llms, url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function short({ id, at }) {
	return { call_id: id, call_status: "ended", call_type: "phone_call", direction: "inbound", agent_id: "agent_desk", start_timestamp: at, end_timestamp: at + 42_000 };
}

function whole(call) {
	return {
		...short(call),
		agent_name: "Front desk",
		duration_ms: 42_000,
		disconnection_reason: "user_hangup",
		from_number: "+14155550100",
		to_number: "+14155550101",
		transcript_object: [
			{ role: "agent", content: "Front desk, good morning." },
			{ role: "user", content: `A table for two, please, on behalf of ${call.id}.` },
		],
	};
}
