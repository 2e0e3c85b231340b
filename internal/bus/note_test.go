package bus

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
)

var call = ringside.NewCallID("ws", "custom", "one")

func TestNotesComeAsTheyWent(t *testing.T) {
	for _, n := range []Note{
		{Kind: Committed, Process: "A", Workspace: "ws", Call: call, Seq: 7, Events: 3, Ended: true},
		{Kind: Changed, Process: "A", Call: call},
		{Kind: Partials, Process: "A", Call: call, Partials: []ringside.Partial{{Role: ringside.RoleUser, Text: "I wo", StartMS: new(int64(3)), At: time.Unix(1, 0).UTC()}}},
		{Kind: Gone, Process: "A", Workspace: "ws", Call: call},
		{Kind: Closed, Process: "A", Workspace: "ws"},
		{Kind: Watching, Process: "A", Claims: []Claim{{Call: call, Seq: 7, Events: 3}}},
		{Kind: Watching, Process: "A"},
		{Kind: Agents, Process: "A"},
		{Kind: Alive, Process: "A"},
		{Kind: Bye, Process: "A"},
		{Kind: Hello, Process: "A"},
		{Kind: Missed, Process: "A"},
	} {
		b, err := n.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(b)
		if err != nil || !reflect.DeepEqual(*got, n) {
			t.Errorf("%s came as %+v, %v", b, got, err)
		}
	}
}

func TestWhatIsNotANote(t *testing.T) {
	many := Note{Kind: Watching, Process: "A", Claims: make([]Claim, MaxClaims+1)}
	for i := range many.Claims {
		many.Claims[i].Call = call
	}
	tooMany, err := many.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]string{
		"nothing":              ``,
		"no JSON":              `ringside`,
		"another kind":         `{"kind":"reboot","process":"A"}`,
		"of nobody":            `{"kind":"alive"}`,
		"of somebody too long": `{"kind":"alive","process":"` + strings.Repeat("A", 65) + `"}`,
		"a commit of no call":  `{"kind":"committed","process":"A","workspace":"ws"}`,
		"a call of nobody's":   `{"kind":"gone","process":"A","call":"` + call.String() + `"}`,
		"a call that is none":  `{"kind":"changed","process":"A","call":"call_!"}`,
		"no words":             `{"kind":"partials","process":"A","call":"` + call.String() + `"}`,
		"a claim on no call":   `{"kind":"watching","process":"A","claims":[{}]}`,
		"too many claims":      string(tooMany),
		"too long":             `{"kind":"alive","process":"A","workspace":"` + strings.Repeat("x", maxBytes) + `"}`,
	} {
		if n, err := Decode([]byte(b)); err == nil {
			t.Errorf("%s is taken as %+v", name, n)
		}
	}
	large := Note{Kind: Partials, Process: "A", Call: call, Partials: []ringside.Partial{{Text: strings.Repeat("x", maxBytes)}}}
	if _, err := large.Encode(); err == nil {
		t.Error("a note that nobody would take is sent")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"kind":"committed","process":"A","workspace":"ws","call":"` + call.String() + `","seq":7,"events":3}`))
	f.Add([]byte(`{"kind":"watching","process":"A","claims":[{"call":"` + call.String() + `","seq":1,"events":2}]}`))
	f.Add([]byte(`{"kind":"partials","process":"A","call":"` + call.String() + `","partials":[{"role":"user","text":"I"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := Decode(b)
		if err != nil {
			return
		}
		again, err := n.Encode()
		if err != nil {
			return // as JSON it is longer
		}
		if m, err := Decode(again); err != nil || m.Kind != n.Kind || m.Call != n.Call {
			t.Errorf("%q came again as %+v, %v", b, m, err)
		}
	})
}
