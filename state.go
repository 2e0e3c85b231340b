package ringside

import (
	"encoding/json"
	"maps"
)

// marks says which stamp each fact was last set with. Most facts of a call
// come from one or two deliveries, so stamps are kept once and named by index.
type marks struct {
	Stamps []stamp        `json:"stamps,omitempty"`
	Facts  map[string]int `json:"facts,omitempty"`
}

// wins tells whether a fact with this stamp holds against the one before, and
// notes it if so.
func (m *marks) wins(fact string, s stamp) bool {
	if have, told := m.of(fact); told && s.compare(have) < 0 {
		return false
	}
	m.set(fact, s)
	return true
}

// of is the stamp that a fact was last set with.
func (m *marks) of(fact string) (s stamp, told bool) {
	i, told := m.Facts[fact]
	if told {
		s = m.Stamps[i]
	}
	return s, told
}

func (m *marks) set(fact string, s stamp) {
	if m.Facts == nil {
		m.Facts = map[string]int{}
	}
	if n := len(m.Stamps); n == 0 || m.Stamps[n-1] != s {
		m.Stamps = append(m.Stamps, s)
	}
	m.Facts[fact] = len(m.Stamps) - 1
}

// compact drops the stamps that no fact has any more.
func (m *marks) compact() {
	used := make([]int, len(m.Stamps))
	for _, i := range m.Facts {
		used[i] = 1
	}
	kept := make([]stamp, 0, len(m.Stamps))
	for i, s := range m.Stamps {
		if used[i] == 1 {
			used[i] = len(kept)
			kept = append(kept, s)
		}
	}
	if len(kept) == len(m.Stamps) {
		return
	}
	for k, i := range m.Facts {
		m.Facts[k] = used[i]
	}
	m.Stamps = kept
}

// State is a call between two folds: what Apply must remember, and nothing
// that follows from it. It is for storage; its shape is no API.
type State struct {
	fold *fold
}

// State gives what must be stored so that RestoreCall gives the call again.
func (c *Call) State() State {
	c.fold.Marks.compact()
	return State{&c.fold}
}

// MarshalJSON implements json.Marshaler.
func (s State) MarshalJSON() ([]byte, error) { return json.Marshal(s.fold) }

// Fold is the value to encode, for an encoder that is faster than the
// standard library's.
func (s State) Fold() any { return s.fold }

// RestoreCall makes a call again from its name and its stored state, which
// decode reads into the value it is given.
func RestoreCall(workspace, provider, providerCallID string, decode func(any) error) (*Call, error) {
	c := NewCall(workspace, provider, providerCallID)
	if err := decode(&c.fold); err != nil {
		return nil, err
	}
	c.project()
	return c, nil
}

// Snapshot is the call as it stands, for readers while events are folded on.
// It can be read and not folded.
func (c *Call) Snapshot() *Call {
	s := *c
	s.Metadata, s.Variables = maps.Clone(c.Metadata), maps.Clone(c.Variables)
	if c.Agent != nil {
		a := *c.Agent
		s.Agent = &a
	}
	f := &c.fold
	s.fold = fold{Phase: f.Phase, LastHeard: f.LastHeard, FirstHeard: f.FirstHeard, Agent: f.Agent, Answered: f.Answered, Judged: f.Judged}
	return &s
}
