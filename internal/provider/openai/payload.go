package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// delivery is one forwarded event, or one of OpenAI's own webhooks.
type delivery struct {
	CallID     provider.Text   `json:"call_id"`
	ReceivedAt provider.Moment `json:"received_at"`
	Event      *event          `json:"event"`

	Type      provider.Text   `json:"type"`
	CreatedAt provider.Moment `json:"created_at"`
	Data      *incoming       `json:"data"`
}

type incoming struct {
	CallID  provider.Text `json:"call_id"`
	Headers []struct {
		Name  provider.Text `json:"name"`
		Value provider.Text `json:"value"`
	} `json:"sip_headers"`
}

// event is a server event: which fields it has depends on its type.
type event struct {
	Type       provider.Text  `json:"type"`
	ID         provider.Text  `json:"event_id"`
	ItemID     provider.Text  `json:"item_id"`
	ResponseID provider.Text  `json:"response_id"`
	CallID     provider.Text  `json:"call_id"` // of a tool call
	Name       provider.Text  `json:"name"`
	Arguments  provider.Text  `json:"arguments"`
	Transcript provider.Text  `json:"transcript"`
	Key        provider.Text  `json:"event"` // pressed on the phone
	Item       *item          `json:"item"`
	Response   *response      `json:"response"`
	Session    *session       `json:"session"`
	Usage      map[string]any `json:"usage"`
	Error      *failure       `json:"error"`

	odd string // why nothing more of it could be read; empty for most
}

type item struct {
	ID        provider.Text   `json:"id"`
	Type      provider.Text   `json:"type"`
	Role      provider.Text   `json:"role"`
	Content   json.RawMessage `json:"content"`
	Name      provider.Text   `json:"name"`
	CallID    provider.Text   `json:"call_id"`
	Arguments provider.Text   `json:"arguments"`
	Output    provider.Text   `json:"output"`
	Error     *failure        `json:"error"` // of a tool on an MCP server
}

type response struct {
	ID      provider.Text `json:"id"`
	Status  provider.Text `json:"status"`
	Details struct {
		Reason provider.Text `json:"reason"`
		Error  *failure      `json:"error"`
	} `json:"status_details"`
	Output []item         `json:"output"`
	Usage  map[string]any `json:"usage"`
}

type session struct {
	ID           provider.Text `json:"id"`
	Model        provider.Text `json:"model"`
	Instructions provider.Text `json:"instructions"`
	Audio        struct {
		Input struct {
			Transcription struct {
				Model provider.Text `json:"model"`
			} `json:"transcription"`
		} `json:"input"`
		Output struct {
			Voice provider.Text `json:"voice"`
		} `json:"output"`
	} `json:"audio"`
}

type failure struct {
	Code    provider.Text `json:"code"`
	Message provider.Text `json:"message"`
}

// words are what a failure says.
func (f *failure) words() string {
	switch {
	case f == nil:
		return ""
	case f.Message != "":
		return string(f.Message)
	}
	return string(f.Code)
}

// bare leaves of a delivery what it is of, and what is wrong with the rest: one
// event that can't be read must not cost the others of its body. It gives false
// when there is no event.
func (d *delivery) bare(raw json.RawMessage, wrong error) bool {
	var b struct {
		CallID     provider.Text   `json:"call_id"`
		ReceivedAt provider.Moment `json:"received_at"`
		Event      *struct {
			Type provider.Text `json:"type"`
			ID   provider.Text `json:"event_id"`
		} `json:"event"`
	}
	if provider.Unmarshal(raw, &b) != nil || b.Event == nil {
		return false
	}
	*d = delivery{CallID: b.CallID, ReceivedAt: b.ReceivedAt, Event: &event{Type: b.Event.Type, ID: b.Event.ID, odd: wrong.Error()}}
	return true
}

// forwarded is an event with its call and its time.
type forwarded struct {
	*event

	call string
	at   moment
	told int // how many events of ours it has become
}

// key names the next event of ours that a forwarded one becomes; empty when it
// has no name. The same event becomes the same ones in whichever body it comes.
func (e *forwarded) key() string {
	key := string(e.ID)
	if key != "" && e.told > 0 {
		key += "/" + strconv.Itoa(e.told)
	}
	e.told++
	return key
}

// maxKey bounds an event's id, in bytes.
const maxKey = 200

// maxEvents bounds a delivery: each event is one of ours.
const maxEvents = 5000

// split gives the JSON values in a body: one, the items of a list, or one
// after the other. many tells that there may be several, so that a pointer
// begins with a place.
func split(body []byte) (values []json.RawMessage, many bool, err error) {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		err := provider.Unmarshal(body, &values)
		return values, true, err
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	for {
		var v json.RawMessage
		switch err := dec.Decode(&v); {
		case errors.Is(err, io.EOF):
			return values, len(values) > 1, nil
		case err != nil && len(values) == 0:
			return nil, false, provider.Unmarshal(body, &v)
		case err != nil:
			return nil, false, ringside.Invalidf("", "the body is not lines of JSON: the value after the first %d is none", len(values))
		}
		if values = append(values, v); len(values) > maxEvents {
			return values, true, nil
		}
	}
}

// pointer says where in a body a value stands.
func pointer(i int, many bool) string {
	if !many {
		return ""
	}
	return "/" + strconv.Itoa(i)
}
