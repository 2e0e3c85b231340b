package openai

import (
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
)

// moment is when something happened: by the forwarder's clock where it gives
// one, and by the place in the body, from 1. The zero moment is not known.
type moment struct {
	time.Time

	place int
}

// either is the first moment that is known.
func either(all ...moment) moment {
	for _, m := range all {
		if m.place > 0 {
			return m
		}
	}
	return moment{}
}

// moments are when things happened, as far as one body tells.
type moments struct {
	start   moment             // of the session
	named   map[string]moment  // item → first event that names it
	stopped map[string]moment  // item → the customer had said it
	made    map[string]moment  // response → it was begun
	sounded map[string]moment  // response → its first sound
	silent  map[string]moment  // response → its last sound
	waited  map[string]float64 // response → ms from the customer's last word to its first sound
	cut     map[string]bool    // item → the customer cut it off
}

func collect(events []forwarded) *moments {
	m := &moments{
		named: map[string]moment{}, stopped: map[string]moment{}, made: map[string]moment{},
		sounded: map[string]moment{}, silent: map[string]moment{}, waited: map[string]float64{}, cut: map[string]bool{},
	}
	var waiting time.Time // since the customer's last word; zero when nobody waits
	for i := range events {
		e := &events[i]
		first(m.named, e.item(), e.at)
		switch e.Type {
		case "session.created", "session.started":
			m.start = e.at
		case "input_audio_buffer.speech_started":
			waiting = time.Time{}
		case "input_audio_buffer.speech_stopped":
			waiting = e.at.Time
			m.stopped[string(e.ItemID)] = e.at
		case "response.created":
			first(m.made, e.response(), e.at)
		case "output_audio_buffer.started", "response.output_audio.delta":
			if first(m.sounded, e.response(), e.at) && !waiting.IsZero() && !e.at.Before(waiting) {
				m.waited[e.response()] = float64(e.at.Sub(waiting).Milliseconds())
				waiting = time.Time{}
			}
		case "output_audio_buffer.stopped", "output_audio_buffer.cleared":
			m.silent[e.response()] = e.at
		case "conversation.item.truncated":
			m.cut[string(e.ItemID)] = true
		}
	}
	return m
}

// item is the one that an event names; empty when it names none.
func (e *event) item() string {
	if e.Item != nil {
		return string(e.Item.ID)
	}
	return string(e.ItemID)
}

// response is the one that an event names; empty when it names none.
func (e *event) response() string {
	if e.Response != nil {
		return string(e.Response.ID)
	}
	return string(e.ResponseID)
}

// first notes a moment unless there is one, and tells whether it did.
func first(at map[string]moment, id string, m moment) bool {
	if _, known := at[id]; known || id == "" {
		return false
	}
	at[id] = m
	return true
}

// offset is how far into the session a moment lies; nil when that is not known.
func (m *moments) offset(at moment) *int64 { return provider.Offset(m.start.Time, at.Time) }
