package ringside

import (
	"slices"
	"strings"
	"time"
)

// Retention is how long an agent's calls are kept after they have ended, in
// days. A part that is nil or 0 is kept until somebody removes it.
type Retention struct {
	RecordingDays  *int `json:"recordingDays,omitempty" nullable:"true" doc:"How many days the recording that Ringside keeps stays; what was heard in it stays in figures. 0: for as long as the call"`
	TranscriptDays *int `json:"transcriptDays,omitempty" nullable:"true" doc:"How many days what was said stays, with all that quotes it and the deliveries that brought it; figures and scores stay. 0: for as long as the call"`
	EverythingDays *int `json:"everythingDays,omitempty" nullable:"true" doc:"How many days the call stays; then it is erased. 0: until somebody deletes it"`
}

// maxRetentionDays is ten years.
const maxRetentionDays = 3650

func (r *Retention) validate() error {
	if r == nil {
		return nil
	}
	for _, n := range []struct {
		field string
		value *int
	}{{"recordingDays", r.RecordingDays}, {"transcriptDays", r.TranscriptDays}, {"everythingDays", r.EverythingDays}} {
		if n.value != nil && (*n.value < 0 || *n.value > maxRetentionDays) {
			return Invalidf("/retention/"+n.field, "%d is not between 0 and %d", *n.value, maxRetentionDays)
		}
	}
	return nil
}

// Part is a part of a call that retention removes by itself.
type Part string

// The parts.
const (
	PartRecording  Part = "recording"
	PartTranscript Part = "transcript"
)

// Expiry says that a part of a call was removed, by which retention.
type Expiry struct {
	Part Part      `json:"part" enum:"recording,transcript"`
	Days int       `json:"days" doc:"The agent's retention then, in days"`
	At   time.Time `json:"at" doc:"When it was removed"`
}

// ExpiryOf is what retention did to a part of the call; nil when the part is
// as it came.
func (c *Call) ExpiryOf(p Part) *Expiry {
	i := slices.IndexFunc(c.Expired, func(e Expiry) bool { return e.Part == p })
	if i < 0 {
		return nil
	}
	return &c.Expired[i]
}

// projectExpired lists what retention removed. A recording that was given
// after that is kept.
func (c *Call) projectExpired() {
	c.Expired = nil
	for _, e := range c.fold.Expired {
		if e.Part == PartRecording && c.Kept != nil {
			if c.Kept.At.After(e.At) {
				continue
			}
			c.Kept = nil
		}
		c.Expired = append(c.Expired, e)
	}
	slices.SortFunc(c.Expired, func(a, b Expiry) int { return strings.Compare(string(a.Part), string(b.Part)) })
}

// DropWords removes from facts what was said in the call, and what quotes or
// retells it. Who spoke when, figures, verdicts and names of tools stay.
func (x *Facts) DropWords() {
	dropTurns(x.Turns)
	if x.Turn != nil {
		x.Turn.dropWords()
	}
	if x.Transcribed != nil {
		dropTurns(x.Transcribed.Turns)
	}
	for i := range x.ToolCalls {
		x.ToolCalls[i].dropWords()
	}
	for i := range x.Spans {
		x.Spans[i].dropWords()
	}
	if x.Span != nil {
		x.Span.dropWords()
	}
	if a := x.Analysis; a != nil {
		a.Summary, a.Structured = "", nil
		for i := range a.Criteria {
			a.Criteria[i].Reason = ""
		}
	}
	if l := x.Local; l != nil {
		l.Summary.dropWords()
		DropReasons(l.Scores)
		dropQuotes(l.Findings)
	}
	if j := x.Judged; j != nil {
		j.Summary.dropWords()
		j.Extracted = nil
		DropReasons(j.Scores)
		dropQuotes(j.Findings)
	}
}

func dropTurns(turns []Turn) {
	for i := range turns {
		turns[i].dropWords()
	}
}

func (t *Turn) dropWords() { t.Text, t.Words = "", nil }

// dropWords keeps whether the tool has answered, and whether it failed.
func (t *ToolCall) dropWords() {
	t.Arguments = nil
	if t.Result != nil {
		t.Result = ""
	}
	if t.Error != "" {
		t.Error = "failed"
	}
}

func (s *Span) dropWords() {
	s.Title, s.Attributes = "", nil
	if s.Error != "" {
		s.Error = "failed"
	}
}

func (s *Summary) dropWords() {
	if s != nil {
		s.Overview, s.KeyTopics, s.ActionItems = "", []string{}, []string{}
	}
}

// DropReasons removes from scores what quotes the call or retells it.
func DropReasons(scores []Score) {
	for i := range scores {
		scores[i].Answer, scores[i].Reason, scores[i].Evidence = nil, "", []Evidence{}
	}
}

func dropQuotes(findings []Finding) {
	for i := range findings {
		findings[i].Quote, findings[i].Topic, findings[i].Detail = "", "", ""
	}
}
