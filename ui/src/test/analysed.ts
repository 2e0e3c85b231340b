import type { Call, Finding, Step } from "../features/call/types";

const at = "2026-11-20T09:00:00Z";
/** A step after a call. */
export const step = (name: Step["step"], status: Step["status"], reason = ""): Step => ({
	step: name,
	status,
	reason,
	attempts: status === "waiting" ? 0 : 1,
	at: status === "waiting" ? null : at,
});

/** Something found in the sixth turn. */
export const finding = (change: Partial<Finding>): Finding => ({
	kind: "frustration",
	severity: "warning",
	turn: 5,
	at_ms: 29_200,
	detail: "The customer is cross.",
	method: "local",
	...change,
});

/** What the analysis and a model say of the golden Vapi call. */
export const analysis: Partial<Call> = {
	summary: {
		overview: "Priya moved her cleaning to Tuesday.",
		key_topics: ["moving an appointment", "opening hours"],
		action_items: ["Send a confirmation."],
		outcome: "resolved",
		method: "llm",
	},
	tags: ["reschedule", "a, b"],
	tags_method: "llm",
	sentiment: {
		label: "mixed",
		score: -0.12,
		turns: [
			{ turn: 1, score: 0.3, frustration: 0 },
			{ turn: 5, score: -0.6, frustration: 3.4 },
		],
		method: "local",
	},
	quality: {
		score: 72.4,
		coverage: 0.95,
		parts: [
			{ name: "turn_taking", weight: 0.25, score: 88, reason: "Over 5 responses.", method: "local" },
			{
				name: "audio",
				weight: 0.05,
				score: null,
				reason: "No recording has been analysed.",
				method: "local",
			},
		],
		method: "local",
	},
	scores: [
		{
			criterion: "greeting_quality",
			value: 100,
			verdict: "pass",
			reason: "Short and clear.",
			evidence: [],
			method: "local",
		},
		{
			criterion: "confirms_booking",
			name: "Confirms the booking",
			value: 25,
			verdict: "fail",
			reason: "It does not say the year.",
			evidence: [{ turn: 8, quote: "You are booked for Tuesday" }],
			method: "llm",
			model: "gpt-4o-mini",
		},
		{
			criterion: "reason_for_call",
			value: null,
			verdict: "na",
			answer: "Reschedule",
			reason: "",
			evidence: [],
			method: "llm",
			model: "gpt-4o-mini",
		},
	],
	findings: [
		finding({ quote: "like, next Tuesday" }),
		finding({
			kind: "compliance_missed",
			severity: "critical",
			turn: null,
			at_ms: null,
			detail: "The agent never said that it records.",
			method: "rule",
		}),
		finding({
			kind: "knowledge_gap",
			severity: "info",
			turn: 8,
			at_ms: 41_330,
			detail: "The agent did not know.",
			topic: "parking",
			quote: "Your confirmation is L D four four one seven.",
		}),
	],
	extracted: { new_customer: false, visit_reason: "Cleaning", deposit: 40.5, notes: null },
	judge: {
		model: "gpt-4o-mini",
		prompt_hash: "8f1d02c9a1b2c3d4",
		prompt_tokens: 4312,
		completion_tokens: 689,
		cost_usd: 0.0011,
		requests: 2,
		duration_ms: 6240,
	},
	pipeline: [
		step("analysis", "done"),
		step("judge", "done"),
		step("webhooks", "failed", "The hook answered 500."),
		step("crm", "skipped", "The agent has no CRM."),
	],
};
