package alert

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
)

// Channels are the ways to tell people, by their names in a rule's notifications.
type Channels map[string]notify.Channel

// Settings are a rule's channels with their settings.
type Settings map[string]ringside.Values

// Secrets are the settings that are sealed, by channel and pointer.
type Secrets map[string]map[string]any

// set is what stands beside a secret's name in settings that are shown.
const set = "_set"

// Part takes settings apart as they were sent: what is shown and what is sealed.
// A secret that is left out is the one that was kept, unless it would go to
// another host than it was given for. An error points at the field.
func (c Channels) Part(sent, had Settings, kept Secrets) (shown Settings, secrets Secrets, err error) {
	shown, secrets = Settings{}, Secrets{}
	for _, id := range slices.Sorted(maps.Keys(sent)) {
		channel, known := c[id]
		if !known {
			return nil, nil, ringside.Invalidf("/notifications/"+id, "is not a channel; there are %s", strings.Join(slices.Sorted(maps.Keys(c)), ", "))
		}
		whole, found, err := part(channel, sent[id], had[id], kept[id])
		if err == nil {
			var b []byte
			if b, err = json.Marshal(whole); err == nil {
				err = channel.Validate(b)
			}
		}
		if err != nil {
			return nil, nil, under("/notifications/"+id, err)
		}
		for at := range found {
			put(whole, at, nil)
			put(whole, at+set, true)
		}
		shown[id] = whole
		if len(found) > 0 {
			secrets[id] = found
		}
	}
	return shown, secrets, nil
}

// part gives a channel's settings whole, and the secrets in them.
func part(c notify.Channel, sent, had ringside.Values, kept map[string]any) (whole ringside.Values, found map[string]any, err error) {
	if whole, err = copied(sent); err != nil {
		return nil, nil, err
	}
	before, err := copied(had)
	if err != nil {
		return nil, nil, err
	}
	found = map[string]any{}
	var absent []string
	for _, at := range c.Secrets {
		put(before, at, kept[at])
		put(whole, at+set, nil)
		switch v, given := get(whole, at); {
		case given && v != nil && v != "":
			found[at] = v
		case given:
			put(whole, at, nil)
		case kept[at] != nil:
			absent = append(absent, at)
		}
	}
	for _, at := range absent {
		if at == "/url" || at == "/webhook" || place(whole, before) == place(before, before) {
			found[at] = kept[at]
			put(whole, at, kept[at])
		}
	}
	return whole, found, nil
}

// place is the host that settings send to; that of other ones where these do not
// say.
func place(v, or ringside.Values) string {
	for _, at := range []string{"/url", "/webhook"} {
		s, given := get(v, at)
		if !given {
			s, _ = get(or, at)
		}
		if text, is := s.(string); is {
			if u, err := url.Parse(text); err == nil {
				return u.Host
			}
		}
	}
	host, _ := get(v, "/server/host")
	port, _ := get(v, "/server/port")
	return fmt.Sprint(host, ":", port)
}

// Join puts the secrets back into a channel's settings.
func Join(shown ringside.Values, secrets map[string]any) (json.RawMessage, error) {
	whole, err := copied(shown)
	if err != nil {
		return nil, err
	}
	for at, v := range secrets {
		put(whole, at+set, nil)
		put(whole, at, v)
	}
	return json.Marshal(whole)
}

func copied(v ringside.Values) (ringside.Values, error) {
	out := ringside.Values{}
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if out == nil {
		out = ringside.Values{}
	}
	return out, err
}

// get reads what a pointer names.
func get(v ringside.Values, at string) (any, bool) {
	names := strings.Split(at[1:], "/")
	m := map[string]any(v)
	for _, n := range names[:len(names)-1] {
		m, _ = m[n].(map[string]any)
	}
	x, is := m[names[len(names)-1]]
	return x, is
}

// put writes it; nil takes it away. What it would stand in must be there.
func put(v ringside.Values, at string, x any) {
	names := strings.Split(at[1:], "/")
	m := map[string]any(v)
	for _, n := range names[:len(names)-1] {
		m, _ = m[n].(map[string]any)
	}
	switch name := names[len(names)-1]; {
	case m == nil:
	case x == nil:
		delete(m, name)
	default:
		m[name] = x
	}
}

// under moves an error's field below another.
func under(at string, err error) error {
	e, ok := err.(*ringside.Error) //nolint:errorlint // a channel gives its own, unwrapped
	if !ok {
		return err
	}
	moved := *e
	moved.Field = at + e.Field
	return &moved
}
