// Every setting of an agent, in the groups of the form. Names and meanings are
// those of the voice platforms' own settings (ringside.AgentSettings).

import { webhookEvents } from "../../lib/words";
import { field, type Group, type Kind, option } from "./field";
import { redaction } from "./redaction";

export const groups: Group[] = [
	{
		id: "limits",
		title: "Limits",
		lead: "When a call without an end is given up on.",
		acts: true,
		fields: [
			field(
				"number",
				"/maxDurationMinutes",
				"Longest call",
				"A call without an end is marked “End unknown” 10 minutes after this. An end that comes later still corrects it.",
				{
					min: 1,
					max: 1440,
					unit: "minutes",
					placeholder: "120",
				},
			),
		],
	},
	{
		id: "retention",
		title: "Retention",
		lead: "How long the agent's calls are kept after they have ended. What is past its days is removed within an hour, and nothing brings it back.",
		acts: true,
		fields: [
			field(
				"number",
				"/retention/recordingDays",
				"Recordings",
				"The file that Ringside keeps. What was heard in it stays in figures. The vendor's own copy is not touched.",
				{ min: 0, max: 3650, unit: "days", placeholder: "as long as the call" },
			),
			field(
				"number",
				"/retention/transcriptDays",
				"Transcripts",
				"What was said, with summaries, quotes and the deliveries that brought it. Figures and scores stay.",
				{ min: 0, max: 3650, unit: "days", placeholder: "as long as the call" },
			),
			field(
				"number",
				"/retention/everythingDays",
				"Whole calls",
				"The call is erased with everything about it. 0 keeps it until somebody deletes it.",
				{ min: 0, max: 3650, unit: "days", placeholder: "no end" },
			),
		],
	},
	{
		id: "sound",
		title: "Sound limits",
		lead: "What the figures of a call's recording mean: good, to be watched, or bad beyond.",
		acts: true,
		fields: [
			field(
				"limits",
				"/soundLimits",
				"Limits",
				"The verdicts on the page of a call go by these. Without a limit to watch a figure is never bad.",
			),
		],
	},
	{
		id: "summary",
		title: "Summary",
		lead: "A short summary of each call after it ends. By a language model, when one is connected in Settings, Integrations; else by rules of our own.",
		acts: true,
		fields: [
			field(
				"switch",
				"/callSummaryEnabled",
				"Summarise each call",
				"After each call a language model reads the transcript and sums it up.",
			),
			field("area", "/callSummaryPrompt", "Prompt", "What the summary has to cover.", {
				placeholder: "Summarize: key topics, action items, customer sentiment, and outcome.",
			}),
		],
	},
	{
		id: "tagging",
		title: "Tagging",
		lead: "Tags and dispositions from what was said: by a language model when one is connected, else by rules of our own.",
		acts: true,
		fields: [
			field(
				"switch",
				"/callTaggingEnabled",
				"Tag each call",
				"After each call a language model chooses the tags that fit.",
			),
			field("tags", "/callTaggingCategories", "Tags", "The only tags that a call may get. Enter adds one.", {
				placeholder: "sales, support, billing",
			}),
			field("text", "/callTaggingModel", "Model", "The language model that tags.", {
				placeholder: "gpt-4o-mini",
			}),
		],
	},
	{
		id: "scoring",
		title: "Scoring",
		lead: "A score for each call against your criteria: by a language model when one is connected, else where a rule can tell.",
		acts: true,
		fields: [
			field(
				"switch",
				"/callScoringEnabled",
				"Score each call",
				"A language model reviews the transcript against the criteria.",
			),
			field("tags", "/scoringCriteria", "Criteria", "What a call is scored on. Enter adds one.", {
				placeholder: "greeting_quality, issue_resolution",
			}),
			field("text", "/scoringModel", "Model", "The language model that scores.", {
				placeholder: "gpt-4o-mini",
			}),
			field(
				"scorecard",
				"/scorecardId",
				"Scorecard",
				"Each call is evaluated by it after its end, beside the criteria.",
			),
		],
	},
	{
		id: "compliance",
		title: "Compliance",
		lead: "What the agent must say, and must not. A call that breaks a rule gets a finding.",
		acts: true,
		fields: [
			field(
				"phrases",
				"/compliancePhrases",
				"Rules",
				"Looked for in what the agent says, whatever case and punctuation.",
			),
		],
	},
	{
		id: "extraction",
		title: "Extraction",
		lead: "What a language model reads out of each call. It needs a model, connected in Settings, Integrations.",
		acts: true,
		fields: [
			field("extraction", "/extractionFields", "Fields", "Each becomes a value of the call, in its type."),
		],
	},
	{
		id: "gaps",
		title: "Knowledge gaps",
		lead: "Questions that the agent could not answer.",
		acts: true,
		fields: [
			field(
				"switch",
				"/knowledgeGapDetectionEnabled",
				"Collect knowledge gaps",
				"Collects what the agent marks as [KNOWLEDGE_GAP: topic].",
			),
			field("url", "/knowledgeGapWebhookUrl", "Webhook", "Where the gaps of a call are sent after it.", {
				test: "knowledge_gap",
				placeholder: "https://example.com/hooks/knowledge-gaps",
			}),
		],
	},
	{
		id: "crm",
		title: "CRM",
		lead: "Call data written to your CRM after each call.",
		acts: true,
		fields: [
			field(
				"switch",
				"/crmAutoSyncEnabled",
				"Write each call to the CRM",
				"Writes the fields below after each call.",
			),
			field("choice", "/crmProvider", "CRM", "Which one.", {
				options: [
					option("hubspot", "HubSpot"),
					option("salesforce", "Salesforce"),
					option("custom", "Custom"),
				],
			}),
			field("url", "/crmUrl", "Address", "Of a custom CRM: where each call is posted.", {
				placeholder: "https://example.com/crm/calls",
			}),
			field(
				"area",
				"/crmTemplate",
				"Body",
				"Of a custom CRM: the JSON to post, with {{names}} of the fields in its texts. Empty: every field under its own name.",
				{ placeholder: '{"phone": "{{customer_number}}", "note": "{{summary}}"}' },
			),
			field(
				"switch",
				"/crmCreateContact",
				"Make missing contacts",
				"Makes a contact when the customer's number is nobody's.",
			),
			field("secret", "/crmApiKey", "API key", "The CRM's own key. It is sealed and never shown again."),
			field("many", "/crmSyncFields", "Fields", "What is written.", {
				options: [
					option("duration", "Duration"),
					option("summary", "Summary"),
					option("outcome", "Outcome"),
					option("next_steps", "Next steps"),
					option("sentiment", "Sentiment"),
					option("tags", "Tags"),
					option("score", "Score"),
					option("recording", "Recording"),
					option("link", "Link to the call"),
				],
			}),
			field(
				"mapping",
				"/crmFieldMapping",
				"Where each field goes",
				"Only what should not go to its usual place.",
				{ needs: "/crmProvider" },
			),
		],
	},
	{
		id: "speed",
		title: "Speed to lead",
		lead: "How soon the agent answers a first inbound call.",
		acts: true,
		fields: [
			field(
				"switch",
				"/speedToLeadEnabled",
				"Measure speed to lead",
				"The time from a call's arrival to the agent's first response.",
			),
			field("url", "/speedToLeadWebhookUrl", "Webhook", "Where the measured time is sent.", {
				test: "speed_to_lead",
				placeholder: "https://example.com/hooks/speed-to-lead",
			}),
		],
	},
	{
		id: "webhooks",
		title: "Webhooks",
		lead: "Events of calls, sent to you as they happen.",
		acts: true,
		fields: [
			field("url", "/webhookUrl", "Address", "Where the events go.", {
				test: "webhook",
				placeholder: "https://example.com/hooks/voice",
			}),
			field(
				"secret",
				"/webhookSecret",
				"Secret",
				"Signs each event: X-Webhook-Signature is sha256= and the HMAC-SHA256 of the body. It is sealed and never shown again.",
			),
			field(
				"many",
				"/webhookEvents",
				"Events",
				"Which events are sent; those of whole calls when none is ticked.",
				{
					options: Object.entries(webhookEvents).map(([event, w]) => option(event, w.text)),
				},
			),
			field(
				"tags",
				"/authTools",
				"Tools that authenticate",
				"A tool of these that works says that the caller is authenticated, one that fails that they are not.",
			),
			field("number", "/webhookRetryCount", "Retries", "How often a failed delivery is tried again.", {
				min: 0,
				max: 10,
				unit: "times",
			}),
		],
	},
	redaction,
	{
		id: "outbound",
		title: "Outbound and dialer",
		lead: "How the platform dials. Ringside does not place calls.",
		acts: false,
		fields: [
			field("switch", "/batchOutboundEnabled", "Batch outbound", "The agent works through campaigns."),
			field("number", "/batchRetryAttempts", "Retries", "How often an unanswered number is tried again.", {
				min: 0,
				max: 10,
				unit: "times",
				placeholder: "2",
			}),
			field("number", "/batchRetryDelayMinutes", "Between retries", "The wait before the next try.", {
				min: 1,
				max: 10_080,
				unit: "minutes",
				placeholder: "30",
			}),
			field(
				"choice",
				"/batchVoicemailAction",
				"On voicemail",
				"What the agent does when a machine answers.",
				{
					options: [option("leave_message", "Leave a message"), option("skip", "Hang up")],
				},
			),
			field("switch", "/predictiveDialerEnabled", "Dialer", "Dials the next number when an agent is free."),
			field(
				"choice",
				"/dialerMode",
				"Dialer mode",
				"Progressive dials one number at a time; predictive dials several ahead.",
				{
					options: [option("progressive", "Progressive"), option("predictive", "Predictive")],
				},
			),
			field(
				"number",
				"/dialerMaxConcurrent",
				"Calls at once",
				"How many calls the dialer runs side by side.",
				{ min: 1, max: 1000, unit: "calls" },
			),
			field("switch", "/dialerCallbackEnabled", "Call back", "Calls back who could not be reached."),
			field("number", "/dialerCallbackDelayMinutes", "Call back after", "The wait before it.", {
				min: 1,
				max: 10_080,
				unit: "minutes",
			}),
		],
	},
	{
		id: "model",
		title: "Model and voice",
		lead: "What the agent runs on, as your platform has it. Ringside does not change the platform.",
		acts: false,
		fields: [
			field("text", "/model", "Language model", "The model that the agent answers with.", {
				placeholder: "gpt-4o",
			}),
			field("area", "/instructions", "Instructions", "The agent's system prompt."),
			field("switch", "/voiceEnabled", "Voice", "The agent speaks."),
			field("text", "/transcriber/provider", "Transcriber", "Who turns the caller's speech into text.", {
				placeholder: "deepgram",
			}),
			field("text", "/transcriber/model", "Transcriber's model", "Its model."),
			field("text", "/transcriber/language", "Transcriber's language", "The language it listens for.", {
				placeholder: "en-US",
			}),
			field("text", "/voice/provider", "Voice provider", "Who speaks for the agent.", {
				placeholder: "elevenlabs",
			}),
			field("text", "/voice/voiceId", "Voice id", "The voice, as its provider names it."),
			field("text", "/voice/model", "Voice model", "The speech model."),
		],
	},
];

export const identity = ["/name", "/provider", "/source_id"] as const;

/** Every pointer that the form has a place for. */
export const pointers: string[] = [...identity, ...groups.flatMap((g) => g.fields.map((f) => f.at))];

export const kindOf: ReadonlyMap<string, Kind> = new Map(
	groups.flatMap((g) => g.fields.map((f) => [f.at, f.kind] as const)),
);

export const secrets = new Set(
	groups.flatMap((g) => g.fields.filter((f) => f.kind === "secret").map((f) => f.at)),
);
