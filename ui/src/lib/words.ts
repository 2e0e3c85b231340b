// What the API's fixed words read as on the page. A raw value is never shown
// on its own: where one is not in a table, humanise makes a phrase of it.

export type Tone = "good" | "watch" | "bad" | "info" | "live" | "quiet";

export type Word = { text: string; tone: Tone };

type Table = Record<string, Word>;

const w = (text: string, tone: Tone = "quiet"): Word => ({ text, tone });

export const statuses: Table = {
	queued: w("Queued", "info"),
	ringing: w("Ringing", "info"),
	active: w("In progress", "live"),
	completed: w("Completed"),
	failed: w("Failed", "bad"),
	declined: w("Declined", "watch"),
	missed: w("Missed", "watch"),
	unknown: w("End unknown", "quiet"),
};

export const directions: Table = {
	inbound: w("Inbound"),
	outbound: w("Outbound"),
	web: w("Web"),
};

export const failures: Table = {
	no_answer: w("No answer", "watch"),
	busy: w("Line busy", "watch"),
	declined: w("Declined", "watch"),
	voicemail: w("Voicemail", "watch"),
	silence_timeout: w("Silence timeout", "watch"),
	max_duration: w("Reached maximum length", "watch"),
	transfer_failed: w("Transfer failed", "bad"),
	provider_error: w("Voice platform failed", "bad"),
	model_error: w("Language model failed", "bad"),
	voice_error: w("Speech synthesis failed", "bad"),
	transcriber_error: w("Transcription failed", "bad"),
	telephony_error: w("Phone network failed", "bad"),
	unknown: w("Failed, cause unknown", "bad"),
};

export const enders: Table = {
	agent: w("Agent"),
	customer: w("Customer"),
	operator: w("Person on your team"),
	provider: w("Voice platform"),
	system: w("Limit or schedule"),
	unknown: w("Not known"),
};

export const roles: Table = {
	agent: w("Agent"),
	user: w("Caller"),
	unknown: w("Unknown speaker"),
};

export const costComponents: Table = {
	telephony: w("Telephony"),
	transcriber: w("Transcription"),
	model: w("Language model"),
	voice: w("Speech synthesis"),
	platform: w("Platform"),
	analysis: w("Analysis"),
	other: w("Other"),
};

export const latencyComponents: Table = {
	total: w("Whole response"),
	endpointing: w("End of speech detected"),
	transcription: w("Transcription"),
	model: w("Language model"),
	voice: w("Speech synthesis"),
	network: w("Network"),
	knowledge_base: w("Knowledge base"),
	speech_to_speech: w("Speech to speech"),
	unattributed: w("Not attributed"),
};

export const recordingKinds: Table = {
	mixed: w("Both sides, one channel"),
	stereo: w("Both sides, one channel each"),
	agent: w("Agent alone"),
	customer: w("Customer alone"),
	video: w("Video"),
	scrubbed: w("Redacted by the vendor"),
	scrubbed_stereo: w("Redacted by the vendor, stereo"),
};

export const sentiments: Table = {
	positive: w("Positive", "good"),
	neutral: w("Neutral"),
	negative: w("Negative", "bad"),
	mixed: w("Mixed", "watch"),
	unknown: w("Not clear"),
};

/** Worst first, as the server lists them. The tones are for lists, which know no severity. */
export const findings: Table = {
	forbidden_phrase: w("Forbidden phrase", "bad"),
	compliance_missed: w("Required phrase missed", "bad"),
	sensitive_data: w("Sensitive data", "bad"),
	frustration: w("Customer frustrated", "watch"),
	escalation_request: w("Asked for a person", "info"),
	said_not_done: w("Said, not done", "bad"),
	agent_stuck: w("Agent went in circles", "watch"),
	tool_error: w("Tool failed", "watch"),
	repeated_tool_call: w("Tool call repeated", "watch"),
	knowledge_gap: w("Knowledge gap", "info"),
	dead_air: w("Long silence", "info"),
};

export const severities: Table = {
	critical: w("Critical", "bad"),
	warning: w("Warning", "watch"),
	info: w("Note", "info"),
};

export const verdicts: Table = {
	pass: w("Passed", "good"),
	fail: w("Failed", "bad"),
	na: w("Does not apply"),
	unknown: w("Not settled"),
};

export const outcomes: Table = {
	resolved: w("Resolved", "good"),
	unresolved: w("Not resolved", "bad"),
	escalated: w("Escalated to a person", "watch"),
	transferred: w("Transferred", "info"),
	no_conversation: w("No conversation"),
	unknown: w("Outcome not clear"),
};

/** A criterion of a team's own is shown by its name. */
export const criteria: Table = {
	greeting_quality: w("Greeting quality"),
	issue_resolution: w("Issue resolution"),
	professionalism: w("Professionalism"),
	call_efficiency: w("Call efficiency"),
};

/** Named for what a high score means. */
export const qualityParts: Table = {
	turn_taking: w("Turn taking"),
	resolution: w("Resolution"),
	frustration: w("Calm customer"),
	loops: w("No repetition"),
	compliance: w("Compliance"),
	dead_air: w("No long silence"),
	audio: w("Sound"),
};

/** What is done after a call. */
export const steps: Table = {
	redaction: w("Redaction"),
	analysis: w("Analysis"),
	recording: w("Recording"),
	transcription: w("Transcription"),
	judge: w("Language model"),
	webhooks: w("Webhooks"),
	crm: w("CRM"),
};

export const stepStatuses: Table = {
	waiting: w("Waiting"),
	running: w("Running", "live"),
	done: w("Done", "good"),
	skipped: w("Skipped"),
	failed: w("Failed", "bad"),
	lost: w("Lost", "bad"),
};

export const methods: Table = {
	local: w("Local estimate"),
	rule: w("By rule"),
	llm: w("By a language model"),
	human: w("By a person"),
};

const lowest = { good: 80, watch: 60 };

/** What a score from 0 to 100 means. Criteria are passed from 60 on. */
export function scoreTone(score: number): Tone {
	const shown = Math.round(score);
	return shown >= lowest.good ? "good" : shown >= lowest.watch ? "watch" : "bad";
}

/** What is wrong in a call while it runs. Named as the rules that come with Ringside. */
export const alertTypes: Table = {
	quality_drop: w("Quality drop"),
	compliance_issue: w("Compliance issue"),
	customer_frustration: w("Customer frustration"),
	agent_stuck: w("Agent stuck"),
	dead_air: w("Dead air"),
	long_call: w("Long call"),
	slow_response: w("Slow responses"),
	tool_failing: w("Tool failing"),
	call_error: w("Call error"),
	custom_rule: w("Custom rule"),
};

/** Worst first. */
export const alertSeverities: Table = {
	critical: w("Critical", "bad"),
	high: w("High", "bad"),
	medium: w("Medium", "watch"),
	low: w("Low", "info"),
};

export const inboxStates: Table = {
	stored: w("Stored", "good"),
	quarantined: w("Quarantined", "bad"),
	ignored: w("Ignored", "quiet"),
};

export const gapStatuses: Table = {
	open: w("Open", "watch"),
	answered: w("Answered", "good"),
	ignored: w("Ignored", "quiet"),
};

export const providers: Record<string, string> = {
	vapi: "Vapi",
	retell: "Retell",
	bland: "Bland",
	elevenlabs: "ElevenLabs",
	livekit: "LiveKit",
	pipecat: "Pipecat",
	twilio: "Twilio",
	openai: "OpenAI",
	custom: "Custom",
	external: "External",
};

/** Words that keep their own spelling wherever humanise meets them. */
const spelled: Record<string, string> = {
	api: "API",
	crm: "CRM",
	asr: "ASR",
	dtmf: "DTMF",
	http: "HTTP",
	id: "ID",
	ivr: "IVR",
	llm: "LLM",
	openai: "OpenAI",
	pstn: "PSTN",
	sip: "SIP",
	stt: "STT",
	tts: "TTS",
	url: "URL",
	vapi: "Vapi",
	twilio: "Twilio",
	vonage: "Vonage",
	elevenlabs: "ElevenLabs",
	"11labs": "ElevenLabs",
	deepgram: "Deepgram",
	didnt: "didn't",
	couldnt: "couldn't",
	wasnt: "wasn't",
};

/** "customer-did-not-answer" → "Customer did not answer"; "call.in-progress.error-vapifault" → "Call in progress: error vapifault". */
export function humanise(raw: string): string {
	const phrase = raw
		.trim()
		.replace(/([a-z0-9])([A-Z])/g, "$1 $2")
		.replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2");
	const parts = phrase.split(/(?<=[A-Za-z])\.(?=[A-Za-z])/).map(words);
	const [head = "", ...tail] = parts.filter((p) => p !== "");
	const text =
		tail.length > 0 && /^call\b/.test(head) ? `${head} ${tail.join(": ")}` : [head, ...tail].join(": ");
	return text.charAt(0).toUpperCase() + text.slice(1);
}

function words(part: string): string {
	return part
		.split(/[\s_-]+/)
		.filter(Boolean)
		.map((word) => spelled[word.toLowerCase()] ?? (isAcronym(word) ? word : word.toLowerCase()))
		.join(" ");
}

const isAcronym = (word: string) => /^[A-Z0-9]{2,4}$/.test(word) && /[A-Z]/.test(word);

/** The words of a fixed value; a value that the table lacks is put into words mechanically. */
export function wordOf(table: Table, raw: string | null | undefined): Word {
	if (!raw) return w("—");
	return table[raw] ?? w(humanise(raw));
}

export function providerName(raw: string): string {
	return providers[raw] ?? humanise(raw);
}

/** The vendors' commonest reasons of an end as short sentences, under their names in lower case with hyphens. */
const reasons: Record<string, string> = {
	"customer-ended-call": "Customer hung up",
	"assistant-ended-call": "Agent hung up",
	"assistant-said-end-call-phrase": "Agent said its closing phrase",
	"assistant-ended-call-after-message-spoken": "Agent hung up after its last message",
	"assistant-ended-call-with-hangup-task": "Agent hung up",
	"assistant-forwarded-call": "Agent transferred the call",
	"customer-busy": "Line busy",
	"customer-did-not-answer": "Customer did not answer",
	"customer-did-not-give-microphone-permission": "Microphone was not allowed",
	"exceeded-max-duration": "Reached maximum length",
	"silence-timed-out": "Nobody spoke for too long",
	voicemail: "Reached voicemail",
	"manually-canceled": "Cancelled by hand",
	"user-hangup": "Customer hung up",
	"agent-hangup": "Agent hung up",
	"call-transfer": "Agent transferred the call",
	"voicemail-reached": "Reached voicemail",
	inactivity: "Nobody spoke for too long",
	"machine-detected": "A machine answered",
	"max-duration-reached": "Reached maximum length",
	"dial-busy": "Line busy",
	"dial-failed": "Could not dial",
	"dial-no-answer": "Customer did not answer",
	assistant: "Agent hung up",
	user: "Customer hung up",
	unknown: "Not said by the vendor",
};

export function reasonWords(raw: string | null | undefined): string {
	if (!raw) return "";
	return reasons[raw.toLowerCase().replace(/[\s_]+/g, "-")] ?? humanise(raw);
}

/** What is sent to others' servers. */
export const webhookEvents: Table = {
	call_started: w("Call started"),
	message_received: w("Caller said something"),
	agent_speech: w("Agent said something"),
	error_occurred: w("Error occurred"),
	"sentiment.alert": w("Caller upset"),
	"caller.authenticated": w("Caller authenticated"),
	"caller.auth_failed": w("Caller not authenticated"),
	call_ended: w("Call ended"),
	call_analyzed: w("Call analysed"),
};

/** All that is sent: what an endpoint may hear of, and what goes to an agent's own addresses alone. */
export const sentEvents: Table = {
	...webhookEvents,
	speed_to_lead: w("Speed to lead"),
	knowledge_gap: w("Knowledge gap"),
};

/** Where an outgoing delivery stands. */
export const sentStates: Table = {
	waiting: w("Waiting", "info"),
	delivered: w("Delivered", "good"),
	failed: w("Failed, tried again", "watch"),
	dead: w("Given up", "bad"),
};

/** An agent's own addresses, as an outgoing delivery's target ends. */
export const agentAddresses: Table = {
	webhook: w("Webhook of the agent"),
	speed_to_lead: w("Speed-to-lead webhook of the agent"),
	knowledge_gap: w("Knowledge-gap webhook of the agent"),
};

/** Where an evaluation stands. */
export const evaluationStatuses: Table = {
	queued: w("Queued", "info"),
	running: w("Running", "live"),
	done: w("Done", "good"),
	failed: w("Failed", "bad"),
};

/** Why a call was evaluated. */
export const evaluationTriggers: Table = {
	manual: w("By hand"),
	filter: w("With other calls"),
	automatic: w("By itself after the call"),
	api: w("Through the API"),
};

/** How a criterion is answered. */
export const criterionTypes: Table = {
	pass_fail: w("Passed or failed"),
	score_100: w("Score from 0 to 100"),
	score_5: w("Score from 1 to 5"),
	enum: w("One of some answers"),
	number: w("A number"),
	text: w("A text, without a score"),
};

/** What a rule looks for. */
export const ruleKinds: Table = {
	says: w("The agent says"),
	never_says: w("The agent never says"),
	max_duration: w("The call is no longer than"),
	calls_tool: w("The agent uses a tool"),
};
