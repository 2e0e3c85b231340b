package simulate

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

type blandBody struct {
	CallID        string            `json:"call_id"`
	CID           string            `json:"c_id"`
	Length        float64           `json:"call_length"`
	BatchID       *string           `json:"batch_id"`
	To            string            `json:"to"`
	From          string            `json:"from"`
	Completed     bool              `json:"completed"`
	CreatedAt     string            `json:"created_at"`
	Inbound       bool              `json:"inbound"`
	QueueStatus   string            `json:"queue_status"`
	MaxDuration   int               `json:"max_duration"`
	Error         *string           `json:"error_message"`
	Variables     map[string]string `json:"variables"`
	AnsweredBy    *string           `json:"answered_by"`
	Record        bool              `json:"record"`
	RecordingURL  *string           `json:"recording_url"`
	Metadata      map[string]string `json:"metadata"`
	Summary       *string           `json:"summary"`
	Price         float64           `json:"price"`
	StartedAt     *string           `json:"started_at"`
	EndedBy       *string           `json:"call_ended_by"`
	PathwayLogs   []blandStep       `json:"pathway_logs"`
	PathwayTags   []string          `json:"pathway_tags"`
	Status        string            `json:"status"`
	PathwayID     string            `json:"pathway_id"`
	Version       jsonNumber        `json:"pathway_version"`
	TransferredTo *string           `json:"transferred_to,omitempty"`
	TransferredAt *string           `json:"transferred_at,omitempty"`
	Warm          *blandWarm        `json:"warm_transfer_call,omitempty"`
	Joined        string            `json:"concatenated_transcript"`
	Lines         []blandLine       `json:"transcripts"`
	Seconds       string            `json:"corrected_duration"`
	EndAt         *string           `json:"end_at"`
	Disposition   string            `json:"disposition_tag"`
	VoiceID       string            `json:"voice_id"`
}

type blandLine struct {
	ID        int    `json:"id"`
	User      string `json:"user"`
	Text      string `json:"text"`
	CreatedAt string `json:"created_at"`
}

type blandStep struct {
	Tag       *blandTag `json:"tag"`
	Role      string    `json:"role"`
	Text      string    `json:"text"`
	Decision  string    `json:"decision"`
	CreatedAt string    `json:"created_at"`
	NodeID    string    `json:"chosen_node_id"`
}

type blandTag struct {
	Name  string `json:"name"`
	Color string `json:"color"`
}

type blandWarm struct {
	State string     `json:"state"`
	Legs  []blandLeg `json:"proxy_agent_calls"`
}

type blandLeg struct {
	State  string `json:"state"`
	CallID string `json:"call_id"`
	Number string `json:"phone_number"`
}

const blandTime = "2006-01-02T15:04:05.000+00:00"

func (c *Call) bland() []byte {
	b := &blandBody{
		CallID: c.id, CID: c.id, Completed: true, CreatedAt: c.createdAt.Format(blandTime), Inbound: c.direction == ringside.Inbound,
		QueueStatus: "complete", MaxDuration: maxDuration / 60_000, Record: true, Status: "completed", Metadata: c.metadata,
		Variables: map[string]string{"customer_name": c.first, "language": "English"}, PathwayTags: []string{}, PathwayID: c.agent.sourceID,
		Version: jsonNumber(c.version.label), Disposition: "COMPLETED_ACTION", VoiceID: "ed82ff38-0206-519a-b32c-584b69520c8e",
		From: c.agent.number, To: c.number, Seconds: "0", Lines: []blandLine{},
	}
	if b.Inbound {
		b.From, b.To = c.number, c.agent.number
	}
	if c.campaign != "" {
		b.BatchID = &c.campaign
	}
	c.blandEnd(b)
	if !c.answeredAt.IsZero() {
		c.blandTalk(b)
	}
	return encode(b)
}

// blandEnd says how the call ended, in the several fields that tell it.
func (c *Call) blandEnd(b *blandBody) {
	switch c.class {
	case ringside.FailureNone:
		b.EndedBy, b.AnsweredBy = &c.reason, new("human")
	case ringside.FailureNoAnswer, ringside.FailureBusy:
		b.Status, b.AnsweredBy, b.Disposition = c.reason, new("no-answer"), strings.ToUpper(strings.ReplaceAll(c.reason, "-", "_"))
		if c.class == ringside.FailureBusy {
			b.AnsweredBy = nil
		}
	case ringside.FailureVoicemail:
		b.AnsweredBy, b.EndedBy, b.Disposition = &c.reason, new("ASSISTANT"), "LEFT_VOICEMAIL"
	case ringside.FailureMaxDuration: // nobody ended it
		b.AnsweredBy = new("human")
	case ringside.FailureTransfer:
		b.AnsweredBy, b.EndedBy, b.Disposition = new("human"), new("USER"), "TRANSFERRED"
		b.Warm = &blandWarm{c.reason, []blandLeg{{c.reason, uuid(c.hex[16:] + c.hex[:16]), "+15550199321"}}}
	default:
		b.Status, b.QueueStatus, b.Error, b.Disposition = "failed", "call_error", &c.reason, "FAILED"
		if c.class == ringside.FailureUnknown {
			b.QueueStatus = "unknown"
		}
	}
	if c.transferTo != "" {
		b.TransferredTo, b.TransferredAt, b.Disposition = &c.transferTo, new(c.endedAt.Format(blandTime)), "TRANSFERRED"
		b.Warm = &blandWarm{"MERGED", []blandLeg{{"MERGED", uuid(c.hex[16:] + c.hex[:16]), c.transferTo}}}
	}
}

func (c *Call) blandTalk(b *blandBody) {
	b.StartedAt, b.EndAt = new(c.answeredAt.Format(blandTime)), new(c.endedAt.Format(blandTime))
	b.Length, b.Seconds = round(c.minutes(), 4), strconv.FormatInt((c.durationMS()+500)/1000, 10)
	b.Price = round(c.minutes()*c.agent.perMin.telephony, 4)
	b.RecordingURL = new("https://recordings.example.com/bland/" + c.id + ".mp3")
	if c.summary != "" {
		b.Summary = &c.summary
	}
	var joined strings.Builder
	id := 70_000_000 + c.index*40
	add := func(user, text string, ms int64) {
		id++
		b.Lines = append(b.Lines, blandLine{id, user, text, c.at(ms).Format(blandTime)})
		fmt.Fprintf(&joined, "%s: %s \n ", user, text)
	}
	for i := range c.steps {
		s := &c.steps[i]
		switch s.kind {
		case 'A':
			add("assistant", s.text, s.start)
		case 'U':
			add("user", s.text, s.start)
		default:
			status := "200"
			if s.failed {
				status = "502"
			}
			add("agent-action", "Executing custom tool: "+title(s.tool), s.start)
			add("agent-action", "Tool Response: "+status+" | "+s.result, s.end)
		}
	}
	if c.transferTo != "" {
		add("agent-action", "Transferring call to "+c.transferTo, c.durationMS()-300)
	}
	b.Joined = joined.String()
	b.PathwayLogs = c.blandPath()
	b.PathwayTags = []string{"Confirm identity", title(c.intent)}
}

// blandPath is the way through the pathway: a node for each third of the call.
func (c *Call) blandPath() []blandStep {
	names := []string{"Intro", title(c.intent), "Close"}
	var out []blandStep
	for i, name := range names {
		at := c.answeredAt.Add(time.Duration(int64(i)*c.durationMS()/int64(len(names))) * time.Millisecond)
		out = append(out, blandStep{
			Tag: &blandTag{name, "#4287f5"}, Role: "assistant", Decision: `{"Current Node Name": "` + name + `"}`,
			CreatedAt: at.Format(blandTime), NodeID: strconv.Itoa(i + 1),
		})
	}
	return out
}

// title writes a tool's name as a person would.
func title(s string) string {
	words := strings.Split(s, "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}
