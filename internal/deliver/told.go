package deliver

import (
	"context"
	"encoding/json"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// Told is what was planned about a call before.
type Told struct {
	Known []bool         // which of the events that were asked about
	Count map[string]int // by name: the most that any target is told of
}

// ToldBefore says which of some events about a call were planned before. They
// are known by their keys; what was planned under another key is known by its
// words, once for each time that it was told: Ringside used to name what
// happens in a call by its place there.
func ToldBefore(ctx context.Context, tx store.Tx, call ringside.CallID, events []Event) (*Told, error) {
	all, err := store.WebhooksOf(ctx, tx, call)
	if err != nil {
		return nil, err
	}
	t := &Told{make([]bool, len(events)), map[string]int{}}
	targets := map[string][]*store.WebhookDelivery{}
	for _, d := range all {
		targets[d.Target] = append(targets[d.Target], d)
	}
	for target, planned := range targets {
		t.match(target, planned, events)
	}
	return t, nil
}

// match finds the events that one target is told of.
func (t *Told) match(target string, planned []*store.WebhookDelivery, events []Event) {
	count, left := map[string]int{}, make(map[string]*store.WebhookDelivery, len(planned))
	for _, d := range planned {
		count[d.Event]++
		left[d.ID] = d
	}
	for name, n := range count {
		t.Count[name] = max(t.Count[name], n)
	}
	var other []int // events that are not known by their keys
	for i := range events {
		id := messageID(target, events[i])
		if left[id] == nil {
			other = append(other, i)
			continue
		}
		t.Known[i] = true
		delete(left, id)
	}
	said := map[words]int{}
	for _, d := range left {
		said[wordsIn(d.Event, d.Payload)]++
	}
	for _, i := range other {
		if len(said) == 0 {
			return
		}
		body, err := CallBody("", events[i], "")
		if w := wordsIn(events[i].Name, body); err == nil && said[w] > 0 {
			t.Known[i] = true
			said[w]--
		}
	}
}

// words are what a message says of what happened, beside the call.
type words struct{ name, text, detail string }

func wordsIn(name string, body []byte) words {
	var b struct {
		Data struct {
			Message struct {
				Text string `json:"text"`
			} `json:"message"`
			Detail string `json:"detail"`
		} `json:"data"`
	}
	_ = json.Unmarshal(body, &b) // what can't be read is like nothing
	return words{name, b.Data.Message.Text, b.Data.Detail}
}
