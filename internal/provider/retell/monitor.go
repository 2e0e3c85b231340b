package retell

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// monitorEvent names the deliveries that are made of what the monitor tells.
const monitorEvent = "monitor_call"

const (
	// pace is how long what is new is gathered.
	pace = 500 * time.Millisecond
	// settled is how long the newest words must stay the same to be taken for
	// said: nothing marks them as final.
	settled = 2 * time.Second
	// maxRows bounds the transcript of a call.
	maxRows = 20_000
)

// monitor is what the monitor of one call has told so far. Its frames are
// pieces: rows of the transcript, each with an id by which a later one replaces
// it. They may come before the snapshot that they belong to, and the snapshot
// comes anew with each connection.
type monitor struct {
	call string
	rows []monitored    // in the order in which they came first
	at   map[string]int // index in rows by id

	open   int       // index of the words that may still grow; -1 for none
	grew   time.Time // when they last did
	saying bool      // they have grown since they were told
	told   time.Time
	sent   []byte // the newest delivery
	over   bool
	ended  frame // how, where the monitor said
}

// monitored is a row with what is read of it here.
type monitored struct {
	raw  json.RawMessage
	role ringside.Role // who speaks; empty when it is no speech
	text string
	time provider.Number // seconds from the start
	said bool            // a delivery told it, or the snapshot: it is not taken back
}

// frame is a message of the monitor.
type frame struct {
	Type        string            `json:"type"`
	Transcripts []json.RawMessage `json:"transcripts"`
	At          provider.Number   `json:"event_timestamp"` // ms
	Reason      provider.Text     `json:"disconnection_reason"`
}

func newMonitor(call string) *monitor {
	return &monitor{call: call, at: map[string]int{}, open: -1}
}

// take reads a frame. What is none, or of a type that is not known, tells
// nothing. The tool calls of before the first words (pre_session_transcripts)
// have a clock of their own and are left to the report.
func (m *monitor) take(message []byte, now time.Time) {
	var f frame
	if provider.Unmarshal(message, &f) != nil {
		return
	}
	switch f.Type {
	case "transcript_snapshot", "transcript_updated":
		for _, raw := range f.Transcripts {
			m.row(raw, f.Type == "transcript_snapshot", now)
		}
	case "call_ended":
		m.over, m.ended = true, f
	}
}

func (m *monitor) row(raw json.RawMessage, said bool, now time.Time) {
	var v struct {
		ID      provider.Text   `json:"id"`
		Role    string          `json:"role"`
		Content provider.Text   `json:"content"`
		TimeSec provider.Number `json:"time_sec"`
	}
	if provider.Unmarshal(raw, &v) != nil || v.ID == "" {
		return
	}
	r := monitored{raw: raw, text: strings.TrimSpace(string(v.Content)), time: v.TimeSec, said: said}
	switch v.Role {
	case "agent":
		r.role = ringside.RoleAgent
	case "user", "transfer_target":
		r.role = ringside.RoleUser
	}
	i, known := m.at[string(v.ID)]
	switch {
	case known && bytes.Equal(m.rows[i].raw, raw):
		return
	case known:
		r.said = said || m.rows[i].said
		m.rows[i] = r
	case len(m.rows) >= maxRows:
		return
	default:
		i = len(m.rows)
		m.at[string(v.ID)] = i
		m.rows = append(m.rows, r)
	}
	if r.role != "" && !r.said && i >= m.open {
		m.open, m.grew, m.saying = i, now, true
	}
}

// tell gives what is to be told now.
func (m *monitor) tell(now time.Time) provider.Told {
	var out provider.Told
	growing := m.open >= 0 && !m.rows[m.open].said && now.Sub(m.grew) < settled && !m.over
	if growing && m.saying {
		r := &m.rows[m.open]
		out.Saying = []ringside.Partial{{Role: r.role, Text: r.text, StartMS: offset(r.time), At: now.UTC()}}
	}
	m.saying = false
	if now.Sub(m.told) < pace && !m.over {
		return out
	}
	body := m.body(growing)
	if bytes.Equal(body, m.sent) {
		return out
	}
	out.Body, m.sent, m.told = body, body, now
	for i := range m.rows {
		m.rows[i].said = m.rows[i].said || !growing || i != m.open
	}
	return out
}

// body is the call as the monitor has told it, in the form of a webhook. The
// same call gives the same bytes, whoever followed it and since when. Words
// that grow are left out.
func (m *monitor) body(growing bool) []byte {
	type call struct {
		CallID string            `json:"call_id"`
		Status string            `json:"call_status"`
		End    int64             `json:"end_timestamp,omitempty"`
		Reason string            `json:"disconnection_reason,omitempty"`
		Rows   []json.RawMessage `json:"transcript_with_tool_calls"`
	}
	rows := slices.Clone(m.rows)
	if growing {
		rows = slices.Delete(rows, m.open, m.open+1)
	}
	if len(rows) == 0 && !m.over {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b monitored) int { return cmp.Compare(a.time.Value, b.time.Value) })
	c := call{CallID: m.call, Status: "ongoing", Rows: make([]json.RawMessage, len(rows))}
	for i := range rows {
		c.Rows[i] = rows[i].raw
	}
	if m.over {
		c.Status, c.Reason, c.End = "ended", string(m.ended.Reason), int64(m.ended.At.Value)
	}
	b, err := json.Marshal(map[string]any{"event": monitorEvent, "call": c})
	if err != nil {
		return nil // rows are JSON: they were read as such
	}
	return b
}
