package crmtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/golden"
)

// Vendor is a fake CRM as the suite sees it.
type Vendor interface {
	Connection() crm.Connection
	Secrets() []string
	AddContact(name, phone string) (id string)
	Contacts() []string // their names
	Logged() []Logged
	Requests() []Request
	Break(*Fault) // nil mends it
	Complaint(status int, message string) (body string)
}

// Logged is what a CRM holds about one call.
type Logged struct {
	ID      string
	Contact string            // the contact's id, if it has one
	Text    map[string]string // every property
}

// Suite is what an adapter brings to its tests.
type Suite struct {
	New    func() crm.Adapter
	Vendor func(testing.TB) Vendor
	// NoContacts is for a CRM that keeps its contacts to itself.
	NoContacts bool
	// MayLoseAnswer is for one where a yes is a yes, whatever comes with it.
	MayLoseAnswer bool
}

// Run runs the suite.
func Run(t *testing.T, s Suite) {
	t.Run("golden", s.golden)
	t.Run("a preview is what is sent", s.preview)
	t.Run("a call is written once", s.once)
	t.Run("a first sync looks for nothing", s.first)
	t.Run("an answer that is lost does not double a call", s.lost)
	t.Run("exactly these statuses are tried again", s.statuses)
	t.Run("a refusal is told in the CRM's words without its secrets", s.words)
	t.Run("a wrong key is said to be wrong", s.wrongKey)
	t.Run("a CRM that hangs is given up with the context", s.hangs)
	t.Run("an answer without an end is cut off", s.floods)
	t.Run("a yes to nothing is not believed", s.emptyYes)
	t.Run("hostile words stay words", s.hostile)
	t.Run("a path leads to no other host", s.elsewhere)
	t.Run("a test says what was answered", s.test)
	if !s.NoContacts {
		s.contacts(t)
	}
}

// syncOne syncs a call with a fresh adapter's row and all fields.
func syncOne(t testing.TB, a crm.Adapter, v Vendor, c *ringside.Call, o crm.Options) (crm.Result, error) {
	t.Helper()
	return a.Sync(t.Context(), v.Connection(), record(c), o)
}

func record(c *ringside.Call) crm.Record {
	return crm.NewRecord(c, ringside.CRMFieldNames, "https://ringside.example.com/calls/"+c.ID.String())
}

// golden compares all that is sent for each of some calls with what was read
// for sense.
func (s Suite) golden(t *testing.T) {
	t.Parallel()
	for name, call := range Calls() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := s.Vendor(t)
			v.AddContact("Hale", "(202) 555-0143")
			res, err := syncOne(t, s.New(), v, call, crm.Options{CreateContact: true})
			if err != nil {
				t.Fatal(err)
			}
			var sent []Request
			for _, r := range v.Requests() {
				if r.Body != nil || r.Method == http.MethodGet { // but for a token's form
					sent = append(sent, r)
				}
			}
			res.URL = ""
			golden.JSON(t, name, map[string]any{"sent": sent, "result": res})
		})
	}
}

// preview compares the preview of a call of nobody's with what is then sent.
func (s Suite) preview(t *testing.T) {
	t.Parallel()
	v, a, call := s.Vendor(t), s.New(), Calls()["inbound"]
	o := crm.Options{Mapping: map[string]string{"sentiment": ""}}
	p, err := a.Preview(record(call), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := syncOne(t, a, v, call, o); err != nil {
		t.Fatal(err)
	}
	sent := v.Requests()
	last := sent[len(sent)-1]
	want, err := json.Marshal(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(last.Body, want) || last.Method != p.Method || p.Path != "" && last.Path != p.Path {
		t.Errorf("preview %s %s\n%s\nsent %s %s\n%s", p.Method, p.Path, want, last.Method, last.Path, last.Body)
	}
	for _, secret := range v.Secrets() {
		if bytes.Contains(want, []byte(secret)) {
			t.Error("the preview holds a secret")
		}
	}
}

// once syncs a call three times: for the first time, again with what the first
// gave, and again without it. One call stands in the CRM, with the last words.
func (s Suite) once(t *testing.T) {
	t.Parallel()
	v, a, call := s.Vendor(t), s.New(), Calls()["inbound"]
	contact := v.AddContact("Hale", "(202) 555-0143")
	first, err := syncOne(t, a, v, call, crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if first.ID == "" || first.Updated || first.ContactID != contact {
		t.Fatalf("first sync: %+v", first)
	}
	before := v.Logged()
	for name, o := range map[string]crm.Options{
		"with its id":    {Known: first.ID, KnownContact: first.ContactID, CreateContact: true},
		"without its id": {CreateContact: true},
	} {
		changed := *call
		changed.Summary = &ringside.Summary{Overview: "Second look, " + name + ".", Outcome: "resolved"}
		again, err := syncOne(t, a, v, &changed, o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		after := v.Logged()
		if len(after) != 1 || again.ID != first.ID || after[0].ID != before[0].ID || after[0].Contact != contact {
			t.Fatalf("%s: %+v, then %+v; result %+v", name, before, after, again)
		}
		if all := joined(after[0].Text); !strings.Contains(all, "Second look, "+name+".") || strings.Contains(all, call.Summary.Overview) {
			t.Errorf("%s: the call was not brought up to date: %s", name, all)
		}
	}
	if n := len(v.Contacts()); !s.NoContacts && n != 1 {
		t.Errorf("%d contacts", n)
	}
}

// first counts the requests: with First set none of them looks for the call.
func (s Suite) first(t *testing.T) {
	t.Parallel()
	call := Calls()["web"] // of nobody, so that no contact is looked for
	count := func(o crm.Options) int {
		v := s.Vendor(t)
		if _, err := syncOne(t, s.New(), v, call, o); err != nil {
			t.Fatal(err)
		}
		if n := len(v.Logged()); n != 1 {
			t.Fatalf("%d calls", n)
		}
		return len(v.Requests())
	}
	first, later := count(crm.Options{First: true}), count(crm.Options{})
	if s.NoContacts && first != later || !s.NoContacts && first != later-1 {
		t.Errorf("%d requests for a first sync, %d for a later one", first, later)
	}
}

// lost breaks the connection off after the call was written. The error says to
// wait until the CRM can be expected to find what it wrote; then it is found.
func (s Suite) lost(t *testing.T) {
	t.Parallel()
	v, a, call := s.Vendor(t), s.New(), Calls()["inbound"]
	v.Break(&Fault{Lose: true})
	_, err := syncOne(t, a, v, call, crm.Options{First: true})
	e := failure(t, err)
	if e.Kind != ringside.Unavailable || e.Final() || e.RetryAfter <= 0 {
		t.Fatalf("a lost answer is %+v", e)
	}
	v.Break(nil)
	res, err := syncOne(t, a, v, call, crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Logged(); len(got) != 1 || got[0].ID != res.ID {
		t.Errorf("result %+v; the CRM holds %+v", res, got)
	}
}

// failure is err as an adapter must give it.
func failure(t testing.TB, err error) *crm.Error {
	t.Helper()
	e, ok := errors.AsType[*crm.Error](err)
	if !ok {
		t.Fatalf("error %v is no *crm.Error", err)
	}
	if e.CRM == "" || e.Message == "" {
		t.Errorf("error without a name or words: %+v", e)
	}
	return e
}

func joined(text map[string]string) string {
	var all []string
	for _, v := range text {
		all = append(all, v)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// statuses answers with each and looks at what is made of it.
func (s Suite) statuses(t *testing.T) {
	t.Parallel()
	again := []int{408, 423, 425, 429, 477, 500, 501, 502, 503, 504, 524, 599}
	kinds := map[int]ringside.Kind{401: ringside.Unauthorized, 403: ringside.Forbidden, 429: ringside.RateLimited}
	for _, status := range slices.Concat(again, []int{301, 307, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 431}) {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			v, call := s.Vendor(t), Calls()["web"]
			v.Break(&Fault{Status: status, Body: v.Complaint(status, "the message"), Header: http.Header{"Location": {"/elsewhere"}}})
			_, err := syncOne(t, s.New(), v, call, crm.Options{First: true})
			e := failure(t, err)
			if e.Final() == slices.Contains(again, status) {
				t.Errorf("final is %t: %+v", e.Final(), e)
			}
			if want := kinds[status]; want != "" && e.Kind != want {
				t.Errorf("kind %s, want %s", e.Kind, want)
			}
			if e.Status != status || len(v.Logged()) != 0 {
				t.Errorf("status %d; the CRM holds %+v", e.Status, v.Logged())
			}
			for _, r := range v.Requests() {
				if r.Path == "/elsewhere" {
					t.Error("a redirect was followed")
				}
			}
		})
	}
	t.Run("Retry-After is kept", func(t *testing.T) {
		t.Parallel()
		v := s.Vendor(t)
		v.Break(&Fault{Status: 503, Header: http.Header{"Retry-After": {"120"}}})
		_, err := syncOne(t, s.New(), v, Calls()["web"], crm.Options{First: true})
		if e := failure(t, err); e.RetryAfter.Seconds() != 120 {
			t.Errorf("wait %s", e.RetryAfter)
		}
	})
}

// words refuses with a message that repeats the key and the customer's number.
func (s Suite) words(t *testing.T) {
	t.Parallel()
	v, call := s.Vendor(t), Calls()["inbound"]
	hidden := append(v.Secrets(), call.From, "2025550143")
	v.Break(&Fault{Status: 400, Body: v.Complaint(400, "the colour is wrong "+strings.Join(hidden, " ")+strings.Repeat(" and so on", 1000))})
	_, err := syncOne(t, s.New(), v, call, crm.Options{})
	e := failure(t, err)
	if !strings.Contains(e.Message, "the colour is wrong") || len(e.Message) > 600 {
		t.Errorf("message of %d bytes: %s", len(e.Message), e.Message)
	}
	for _, h := range hidden {
		if strings.Contains(err.Error(), h) {
			t.Errorf("the error repeats %s", h)
		}
	}
	// A proxy's page is no message.
	v.Break(&Fault{Status: 502, Body: "<html><h1>Bad Gateway</h1>", Header: http.Header{"Content-Type": {"text/html"}}})
	_, err = syncOne(t, s.New(), v, call, crm.Options{})
	if e := failure(t, err); e.Message != "answered 502 Bad Gateway" {
		t.Errorf("message %q", e.Message)
	}
}

func (s Suite) wrongKey(t *testing.T) {
	t.Parallel()
	v := s.Vendor(t)
	c := v.Connection()
	for name, wrong := range map[string]crm.Connection{
		"another": {Client: c.Client, BaseURL: c.BaseURL, Path: c.Path, Key: "another-key-of-theirs", ClientID: c.ClientID, ClientSecret: "another-secret"},
		"none":    {Client: c.Client, BaseURL: c.BaseURL, Path: c.Path},
	} {
		_, err := s.New().Sync(t.Context(), wrong, record(Calls()["inbound"]), crm.Options{})
		e := failure(t, err)
		if e.Kind != ringside.Unauthorized || !e.Final() || strings.Contains(err.Error(), "another-") {
			t.Errorf("%s: %+v", name, e)
		}
		if _, err := s.New().Test(t.Context(), wrong); failure(t, err).Kind != ringside.Unauthorized {
			t.Errorf("%s: a test says %v", name, err)
		}
	}
	if got := v.Logged(); len(got) > 0 {
		t.Errorf("the CRM holds %+v", got)
	}
}

func (s Suite) hangs(t *testing.T) {
	t.Parallel()
	v := s.Vendor(t)
	hanging := make(chan struct{})
	v.Break(&Fault{Hang: hanging, Times: 1})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-hanging
		cancel()
	}()
	_, err := s.New().Sync(ctx, v.Connection(), record(Calls()["web"]), crm.Options{First: true})
	if e := failure(t, err); !errors.Is(err, context.Canceled) || e.Final() {
		t.Errorf("error %v", err)
	}
}

func (s Suite) floods(t *testing.T) {
	t.Parallel()
	v := s.Vendor(t)
	v.Break(&Fault{Flood: true})
	_, err := syncOne(t, s.New(), v, Calls()["web"], crm.Options{First: true})
	if s.MayLoseAnswer {
		if err != nil {
			t.Errorf("a yes is taken for %v", err)
		}
		return
	}
	if e := failure(t, err); e.Kind != ringside.Unavailable || len(err.Error()) > 1000 {
		t.Errorf("error %+v", e)
	}
}

// emptyYes answers that something was made and not what, and with a page.
func (s Suite) emptyYes(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"id":""}`, `null`, ``, `<html>Sign in</html>`} {
		v := s.Vendor(t)
		v.Break(&Fault{Status: 201, Body: body})
		res, err := syncOne(t, s.New(), v, Calls()["web"], crm.Options{First: true})
		if s.MayLoseAnswer {
			if err != nil || res.ID == "" {
				t.Errorf("%s: %+v, %v", body, res, err)
			}
			continue
		}
		if e := failure(t, err); e.Kind != ringside.Unavailable || e.RetryAfter <= 0 {
			t.Errorf("%s: %+v", body, e)
		}
	}
}

// elsewhere gives a path that would make the vendor's host a user's name before
// another's.
func (s Suite) elsewhere(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked for %s, with %q", r.URL, r.Header.Get("Authorization"))
	}))
	defer other.Close()
	v := s.Vendor(t)
	c := v.Connection()
	c.Path = "@" + other.Listener.Addr().String() + "/x"
	if _, err := s.New().Sync(t.Context(), c, record(Calls()["web"]), crm.Options{First: true}); err != nil {
		failure(t, err)
	}
	if len(v.Requests()) == 0 {
		t.Error("the CRM was not asked")
	}
}

func (s Suite) test(t *testing.T) {
	t.Parallel()
	v := s.Vendor(t)
	words, err := s.New().Test(t.Context(), v.Connection())
	if err != nil || words == "" {
		t.Fatalf("Test gives %q, %v", words, err)
	}
	if got := v.Logged(); len(got) > 0 {
		t.Errorf("a test left %+v", got)
	}
}
