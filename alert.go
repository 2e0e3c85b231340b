package ringside

import "time"

// AlertType is what sort of trouble an alert is about.
type AlertType string

// The alerts that are on for every agent.
const (
	AlertQualityDrop  AlertType = "quality_drop"
	AlertCompliance   AlertType = "compliance_issue"
	AlertFrustration  AlertType = "customer_frustration"
	AlertStuck        AlertType = "agent_stuck"
	AlertDeadAir      AlertType = "dead_air"
	AlertLongCall     AlertType = "long_call"
	AlertSlowResponse AlertType = "slow_response"
	AlertToolFailing  AlertType = "tool_failing"
	AlertCallError    AlertType = "call_error"
)

// AlertCustom is what a rule of the team's own with a prompt found.
const AlertCustom AlertType = "custom_rule"

// AlertTypes lists every type.
var AlertTypes = []AlertType{
	AlertQualityDrop, AlertCompliance, AlertFrustration, AlertStuck, AlertDeadAir, AlertLongCall, AlertSlowResponse, AlertToolFailing,
	AlertCallError, AlertCustom,
}

// AlertSeverity is how much an alert matters.
type AlertSeverity string

// The severities, in order.
const (
	AlertLow      AlertSeverity = "low"
	AlertMedium   AlertSeverity = "medium"
	AlertHigh     AlertSeverity = "high"
	AlertCritical AlertSeverity = "critical"
)

// AlertSeverities lists the severities, the least first.
var AlertSeverities = []AlertSeverity{AlertLow, AlertMedium, AlertHigh, AlertCritical}

// AlertStatus is where an alert is in its life.
type AlertStatus string

// The statuses. An alert is resolved by a person, by recovery, by the call's end,
// or by a change of its rule.
const (
	AlertTriggered    AlertStatus = "triggered"
	AlertAcknowledged AlertStatus = "acknowledged"
	AlertResolved     AlertStatus = "resolved"
)

// Alert is trouble in one call that somebody should know of now. There is one
// open alert for each call, rule and cause.
type Alert struct {
	ID          string        `json:"id"`
	Call        CallID        `json:"call_id"`
	AgentID     string        `json:"agent_id"`
	RuleID      string        `json:"rule_id" doc:"The rule; of a built-in one, its type"`
	RuleName    string        `json:"rule_name"`
	Type        AlertType     `json:"type"`
	Cause       string        `json:"cause,omitempty" doc:"What tells several of one rule apart: a tool, a phrase rule"`
	Severity    AlertSeverity `json:"severity" enum:"low,medium,high,critical"`
	Status      AlertStatus   `json:"status" enum:"triggered,acknowledged,resolved"`
	Message     string        `json:"message"`
	Turn        *int          `json:"turn" doc:"Index of the turn that shows it; null when it is about the whole call"`
	Quote       string        `json:"quote,omitempty" doc:"Words of that turn"`
	AtMS        int64         `json:"at_ms" doc:"How far into the call it was triggered"`
	TriggeredAt time.Time     `json:"triggered_at"`

	AcknowledgedAt *time.Time `json:"acknowledged_at"`
	AcknowledgedBy string     `json:"acknowledged_by,omitempty"`
	ResolvedAt     *time.Time `json:"resolved_at"`
	ResolvedBy     string     `json:"resolved_by,omitempty" doc:"Who, or: recovery, call_end; rule_change: its rule was deleted, switched off, or is not about the agent any more"`
}

// Open tells whether the alert still holds.
func (a *Alert) Open() bool { return a.Status != AlertResolved }

// Lifted tells whether the alert is over and may come again in its call: when a
// person has resolved it, it may not.
func (a *Alert) Lifted() bool { return a.ResolvedBy == ByRecovery || a.ResolvedBy == ByRule }

// What resolves an alert when no person does.
const (
	ByRecovery = "recovery"
	ByCallEnd  = "call_end"
	ByRule     = "rule_change" // it is gone, switched off, or not about the agent any more
)
