package ringside

// FindingKind is what sort of thing was found in a call.
type FindingKind string

// The kinds of finding.
const (
	FindingKnowledgeGap    FindingKind = "knowledge_gap"
	FindingFrustration     FindingKind = "frustration"
	FindingEscalation      FindingKind = "escalation_request"
	FindingStuck           FindingKind = "agent_stuck"
	FindingRepeatedTool    FindingKind = "repeated_tool_call"
	FindingToolError       FindingKind = "tool_error"
	FindingSaidNotDone     FindingKind = "said_not_done"
	FindingMissed          FindingKind = "compliance_missed"
	FindingForbiddenPhrase FindingKind = "forbidden_phrase"
	FindingSensitiveData   FindingKind = "sensitive_data"
	FindingDeadAir         FindingKind = "dead_air"
)

// FindingKinds lists every kind, worst first.
var FindingKinds = []FindingKind{
	FindingForbiddenPhrase, FindingMissed, FindingSensitiveData, FindingFrustration, FindingEscalation, FindingSaidNotDone,
	FindingStuck, FindingToolError, FindingRepeatedTool, FindingKnowledgeGap, FindingDeadAir,
}

// Severity is how much a finding matters.
type Severity string

// The severities, in order.
const (
	SeverityInfo     Severity = "info"
	SeverityWarning  Severity = "warning"
	SeverityCritical Severity = "critical"
)

// Finding is something about a call that somebody should know, and where it
// stands.
type Finding struct {
	Kind     FindingKind `json:"kind" enum:"knowledge_gap,frustration,escalation_request,agent_stuck,repeated_tool_call,tool_error,said_not_done,compliance_missed,forbidden_phrase,sensitive_data,dead_air"`
	Severity Severity    `json:"severity" enum:"info,warning,critical"`
	Turn     *int        `json:"turn" doc:"Index of the turn; null when it is about the whole call"`
	AtMS     *int64      `json:"at_ms" doc:"Milliseconds from the answer; null when the turn has no time"`
	Quote    string      `json:"quote,omitempty" doc:"The words that show it"`
	Topic    string      `json:"topic,omitempty" doc:"What a knowledge gap is about, the tool's name, the phrase"`
	Detail   string      `json:"detail" doc:"What was found, in a sentence"`
	Method   Method      `json:"method" enum:"local,rule,llm,human"`
}
