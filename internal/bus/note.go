// Package bus is what processes on one database tell each other about the calls
// that are on: that something has changed, and seldom what. What is stored is read
// from the store; a note that is lost costs time and no fact. How notes get to the
// others is nats's.
package bus

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ringsidehq/ringside"
)

// Kind is what a note is about.
type Kind string

// The kinds, with the fields that each has beside Process.
const (
	Committed Kind = "committed" // a call: Workspace, Call, Seq, Events, Ended
	Changed   Kind = "changed"   // what is stored beside a call, its alerts and proposals: Call
	Partials  Kind = "partials"  // what is being said: Call, Partials
	Gone      Kind = "gone"      // a call was deleted: Workspace, Call
	Closed    Kind = "closed"    // a workspace was deleted: Workspace
	Agents    Kind = "agents"    // agents' settings have changed
	Alive     Kind = "alive"     // the process is there
	Bye       Kind = "bye"       // it ends
	Hello     Kind = "hello"     // it has come, or come back: each process says which calls it watches
	Watching  Kind = "watching"  // which calls the process watches: Claims
	Missed    Kind = "missed"    // some of its notes were not sent
)

// Note is one thing that a process tells the others.
type Note struct {
	Kind      Kind               `json:"kind"`
	Process   string             `json:"process"` // who tells it
	Workspace string             `json:"workspace,omitempty"`
	Call      ringside.CallID    `json:"call,omitzero"`
	Seq       int64              `json:"seq,omitempty"`    // which version of the call: its number,
	Events    int64              `json:"events,omitempty"` // and how many events it had; 0: not known
	Ended     bool               `json:"ended,omitempty"`  // the call is over
	Partials  []ringside.Partial `json:"partials,omitempty"`
	Claims    []Claim            `json:"claims,omitempty"` // at most MaxClaims
}

// Claim is a call that a process watches, at the version by which it does.
type Claim struct {
	Call   ringside.CallID `json:"call"`
	Seq    int64           `json:"seq"`
	Events int64           `json:"events"`
}

// Bounds on a note.
const (
	MaxClaims  = 500
	maxBytes   = 256 << 10
	maxProcess = 64
)

// Encode writes a note. It fails when the note is too large.
func (n *Note) Encode() ([]byte, error) {
	b, err := json.Marshal(n)
	if err == nil && len(b) > maxBytes {
		err = fmt.Errorf("a note of %d bytes; at most %d are sent", len(b), maxBytes)
	}
	return b, err
}

// Decode reads a note, and refuses one that is not whole.
func Decode(b []byte) (*Note, error) {
	if len(b) > maxBytes {
		return nil, fmt.Errorf("a note of %d bytes; at most %d are taken", len(b), maxBytes)
	}
	var n Note
	if err := json.Unmarshal(b, &n); err != nil {
		return nil, fmt.Errorf("read note: %w", err)
	}
	if n.Process == "" || len(n.Process) > maxProcess || !n.whole() {
		return nil, fmt.Errorf("a note of kind %.20q lacks what it should say", n.Kind)
	}
	return &n, nil
}

// whole tells whether a note has what its kind needs.
func (n *Note) whole() bool {
	switch n.Kind {
	case Committed, Gone:
		return n.Workspace != "" && !n.Call.IsZero()
	case Changed:
		return !n.Call.IsZero()
	case Closed:
		return n.Workspace != ""
	case Partials:
		return !n.Call.IsZero() && len(n.Partials) > 0
	case Watching:
		return len(n.Claims) <= MaxClaims && !slices.ContainsFunc(n.Claims, func(c Claim) bool { return c.Call.IsZero() })
	case Agents, Alive, Bye, Hello, Missed:
		return true
	}
	return false
}
