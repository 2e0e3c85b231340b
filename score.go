package ringside

import (
	"strings"
	"unicode"
)

// Method says how a result was come by.
type Method string

// The methods. Local is our own analysis of words and times, with no model.
// Rule is a scorecard's own, something that the call settles: a phrase was said
// or not. LLM is a language model's reading, Human a person's word.
const (
	MethodLocal Method = "local"
	MethodRule  Method = "rule"
	MethodLLM   Method = "llm"
	MethodHuman Method = "human"
)

// Verdict is the answer to a criterion.
type Verdict string

// The verdicts. NA is a criterion that does not apply to the call; unknown is
// one that nobody could judge.
const (
	VerdictPass    Verdict = "pass"
	VerdictFail    Verdict = "fail"
	VerdictNA      Verdict = "na"
	VerdictUnknown Verdict = "unknown"
)

// Evidence is what a judgement rests on: words that stand in a turn.
type Evidence struct {
	Turn  int    `json:"turn" doc:"Index of the turn"`
	Quote string `json:"quote" doc:"Words of that turn"`
}

// maxCriterionKey bounds a criterion's key, in characters.
const maxCriterionKey = 100

// CriterionKey is the key of a criterion that goes by a name: its letters and
// digits in lower case with _ between the words.
func CriterionKey(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	key := []rune(strings.Join(words, "_"))
	return string(key[:min(len(key), maxCriterionKey)])
}

// Score is a call's mark for one criterion.
type Score struct {
	Criterion  string     `json:"criterion" doc:"The criterion's key, greeting_quality"`
	Name       string     `json:"name,omitempty" doc:"What to show; empty: the key in words"`
	Value      *float64   `json:"value" doc:"0 to 100; null when the verdict is unknown or na"`
	Verdict    Verdict    `json:"verdict" enum:"pass,fail,na,unknown"`
	Answer     any        `json:"answer,omitempty" doc:"The answer as given, where the criterion asks for a choice, a number or a text"`
	Reason     string     `json:"reason"`
	Evidence   []Evidence `json:"evidence"`
	Method     Method     `json:"method" enum:"local,rule,llm,human"`
	Model      string     `json:"model,omitempty"`
	PromptHash string     `json:"prompt_hash,omitempty" doc:"First 16 hex digits of the prompt's SHA-256"`
}

// Quality is one figure for how well a call went, with what it is made of.
type Quality struct {
	Score    *float64      `json:"score" doc:"0 to 100: the parts' weighted mean over those that could be measured; null when none could"`
	Coverage float64       `json:"coverage" doc:"0 to 1: the weight of the measured parts"`
	Parts    []QualityPart `json:"parts"`
	Method   Method        `json:"method" enum:"local,rule,llm,human"`
}

// QualityPart is one part of a quality score.
type QualityPart struct {
	Name   string   `json:"name" enum:"turn_taking,resolution,frustration,loops,compliance,dead_air,audio"`
	Weight float64  `json:"weight" doc:"Of all parts the weights total 1"`
	Score  *float64 `json:"score" doc:"0 to 100; null when it could not be measured"`
	Reason string   `json:"reason" doc:"What the score rests on, or why there is none"`
	Method Method   `json:"method" enum:"local,rule,llm,human"`
}

// Usage is what a question to a language model took.
type Usage struct {
	Model            string   `json:"model"`
	PromptHash       string   `json:"prompt_hash"`
	PromptTokens     int      `json:"prompt_tokens"`
	CompletionTokens int      `json:"completion_tokens"`
	CostUSD          *float64 `json:"cost_usd" doc:"By the price set for the model; null without one"`
	Requests         int      `json:"requests" doc:"How often the model was asked, retries and second questions with it"`
	DurationMS       int64    `json:"duration_ms"`
}
