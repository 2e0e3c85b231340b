package twilio_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/twilio"
)

var suite = providertest.Suite{
	Provider: twilio.Provider,
	Dir:      "../../../testdata/payloads/twilio",
	Skip:     func(name string) bool { return name == "signatures.json" },
	Sequences: [][]string{
		{"status_0_initiated.form", "status_1_ringing.form", "status_2_in-progress.form", "amd_status.form", "status_3_completed.form", "recording_completed.form"},
	},
}

func TestConformance(t *testing.T) { providertest.Run(t, suite) }

func TestControls(t *testing.T) {
	providertest.RunControls(t, twilio.Provider.Controls, providertest.Twilio)
}

func FuzzDecode(f *testing.F) { providertest.Fuzz(f, suite) }

func decode(body string) ([]ringside.Event, error) {
	return twilio.Decode(provider.Payload{Body: []byte(body), ReceivedAt: providertest.ReceivedAt})
}

func TestTheWholeCall(t *testing.T) {
	var events []ringside.Event
	for _, name := range suite.Sequences[0] {
		events = append(events, suite.Decode(t, filepath.Join(suite.Dir, name), providertest.ReceivedAt)...)
	}
	c := providertest.Fold(events)
	if c.Status != ringside.StatusCompleted || *c.DurationMS != 83000 || c.EndedAt.Sub(*c.AnsweredAt).Seconds() != 83 {
		t.Errorf("%s, %d ms from %v to %v", c.Status, *c.DurationMS, c.AnsweredAt, c.EndedAt)
	}
	if c.Outcome.FailureClass != ringside.FailureVoicemail || c.Outcome.EndedBy != ringside.EndedByUnknown || *c.Outcome.Success {
		t.Errorf("an answering machine took the call: %+v", c.Outcome)
	}
	if c.Direction != ringside.Outbound || c.CustomerKey != "+12025550171" {
		t.Errorf("%s to %s", c.Direction, c.CustomerKey)
	}
	if len(c.Recordings) != 2 || c.Recordings[1].Kind != ringside.RecordingStereo || !strings.HasSuffix(c.Recordings[1].Via, ".wav?RequestedChannels=2") {
		t.Errorf("recordings %+v", c.Recordings)
	}
}

func TestEnds(t *testing.T) {
	for _, tc := range []struct {
		form string
		want ringside.End
	}{
		{"CallStatus=completed", ringside.End{}}, // nobody says who hung up
		{"CallStatus=completed&AnsweredBy=human", ringside.End{}},
		{"CallStatus=completed&AnsweredBy=fax", ringside.End{By: ringside.EndedByUnknown, Failure: ringside.FailureVoicemail}},
		{"CallStatus=canceled&SipResponseCode=480", ringside.End{By: ringside.EndedByOperator, Failure: ringside.FailureNoAnswer}},
		{"CallStatus=completed&AnsweredBy=machine_start", ringside.End{By: ringside.EndedByUnknown, Failure: ringside.FailureVoicemail}},
		{"CallStatus=busy&SipResponseCode=486", ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
		{"CallStatus=busy&SipResponseCode=603", ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined}},
		{"CallStatus=no-answer", ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}},
		{"CallStatus=canceled", ringside.End{By: ringside.EndedByOperator, Failure: ringside.FailureNoAnswer}},
		{"CallStatus=failed", ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony}},
		{"CallStatus=failed&SipResponseCode=404", ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony, Component: "destination"}},
	} {
		events, err := decode("CallSid=CA1&" + tc.form)
		if err != nil {
			t.Fatal(err)
		}
		var got ringside.End
		if end := events[0].Facts.End; end != nil {
			got = *end
		}
		if e := events[0]; got != tc.want || e.Authority != ringside.Report || e.Facts.Phase != ringside.PhaseEnded {
			t.Errorf("%s: %+v", tc.form, e.Facts.End)
		}
	}
}

// A machine makes the call a voicemail; that it is over is for a status to tell.
func TestMachineDetection(t *testing.T) {
	for by, voicemail := range map[string]bool{"human": false, "unknown": false, "machine_start": true, "machine_end_silence": true, "fax": true} {
		events, err := decode("CallSid=CA1&AnsweredBy=" + by)
		if err != nil {
			t.Fatal(err)
		}
		x := &events[0].Facts
		if (x.End != nil) != voicemail || x.Phase != ringside.PhaseUnknown || x.Metadata["answered_by"] != by {
			t.Errorf("%s: %+v", by, x)
		}
	}
}

// A call that nobody answered began with its ringing, though Twilio counts its
// seconds, too: none.
func TestACallThatNobodyAnswers(t *testing.T) {
	var all []ringside.Event
	for i, form := range []string{"CallStatus=ringing&Timestamp=Tue%2C+17+Nov+2026+22%3A00%3A02+%2B0000", "CallStatus=no-answer&CallDuration=0&Timestamp=Tue%2C+17+Nov+2026+22%3A00%3A32+%2B0000"} {
		events, err := decode("CallSid=CA1&Direction=outbound-api&" + form)
		if err != nil {
			t.Fatal(err)
		}
		events[0].ID = strconv.Itoa(i)
		all = append(all, events...)
	}
	if c := providertest.Fold(all); c.Status != ringside.StatusMissed || !c.StartedAt.Equal(*c.RingingAt) || *c.DurationMS != 0 {
		t.Errorf("%s, from %v for %d ms", c.Status, c.StartedAt, *c.DurationMS)
	}
}

func TestNoRecording(t *testing.T) {
	for code, want := range map[string]string{"": "", "0": "", "21220": "21220"} {
		events, err := decode("CallSid=CA1&RecordingSid=RE1&RecordingStatus=absent&ErrorCode=" + code)
		if err != nil {
			t.Fatal(err)
		}
		if x := &events[0].Facts; x.Span == nil || x.Span.Error != want || x.Recordings != nil {
			t.Errorf("code %q: %+v", code, x.Span)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tc := range []struct{ name, body, field string }{
		{"nothing", "", "/CallSid"},
		{"no call", "CallStatus=ringing", "/CallSid"},
		{"a blank call", "CallSid=+&CallStatus=ringing", "/CallSid"},
		{"no form", "CallSid=%zz", ""},
		{"no text", "CallSid=CA1&From=%ff", ""},
		{"a NUL", "CallSid=CA1&From=%00", ""},
		{"a list", "[]", "/CallSid"},
		{"broken JSON", `{"CallSid":`, ""},
	} {
		_, err := decode(tc.body)
		if e, ok := err.(*ringside.Error); !ok || e.Kind != ringside.Invalid || e.Field != tc.field {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestALegIsNoCall(t *testing.T) {
	_, err := decode("CallSid=CA2&ParentCallSid=CA1&Direction=outbound-dial&CallStatus=ringing")
	if reason, ok := provider.IsIgnored(err); !ok || !strings.Contains(reason, "CA1") {
		t.Errorf("got %v", err)
	}
}

// A status that is new to us says nothing of how far the call has got.
func TestDecodeKeepsWhatAnUnknownStatusSays(t *testing.T) {
	events, err := decode("CallSid=CA1&CallStatus=parked&From=%2B12025550100&Direction=inbound&CallerName=ADA")
	if err != nil {
		t.Fatal(err)
	}
	e := events[0]
	if e.Name != "parked" || e.Facts.Phase != ringside.PhaseUnknown || e.Facts.From != "+12025550100" || e.Facts.CustomerName != "ADA" {
		t.Errorf("got %+v", e)
	}
}

type vector struct {
	URL         string `json:"url"`
	Signature   string `json:"X-Twilio-Signature"`
	ContentType string `json:"Content-Type"`
}

func vectors(t *testing.T) (token string, files map[string]vector) {
	t.Helper()
	var v struct {
		Token string            `json:"auth_token"`
		Files map[string]vector `json:"files"`
	}
	b, err := os.ReadFile(filepath.Join(suite.Dir, "signatures.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	delete(v.Files, "status_no_answer.form") // its body was not published
	return v.Token, v.Files
}

const public = "https://monitor.example.com"

func delivery(v vector, body []byte) provider.Delivery {
	return provider.Delivery{
		Method: http.MethodPost, URL: strings.TrimPrefix(v.URL, public), PublicURL: public,
		Header: http.Header{"X-Twilio-Signature": {v.Signature}, "Content-Type": {v.ContentType}},
		Body:   body, ReceivedAt: providertest.ReceivedAt,
	}
}

func TestVerifyVectors(t *testing.T) {
	token, files := vectors(t)
	c := provider.SourceConfig{Secret: token}
	if len(files) != 7 {
		t.Fatalf("%d vectors", len(files))
	}
	for name, v := range files {
		body, err := os.ReadFile(filepath.Join(suite.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := twilio.Verify(delivery(v, body), c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if twilio.Verify(delivery(v, append(body, "&Extra=1"...)), c) == nil {
			t.Errorf("%s: a longer body passes", name)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	token, files := vectors(t)
	const form = "status_1_ringing.form"
	body, err := os.ReadFile(filepath.Join(suite.Dir, form))
	if err != nil {
		t.Fatal(err)
	}
	good := func() provider.Delivery { return delivery(files[form], body) }
	for _, tc := range []struct {
		name, secret string
		change       func(*provider.Delivery)
		ok           bool
	}{
		{"the delivery itself", token, func(*provider.Delivery) {}, true},
		{"the same parameters in another order", token, func(d *provider.Delivery) {
			parts := strings.Split(string(body), "&")
			d.Body = []byte(strings.Join(append(parts[1:], parts[0]), "&"))
		}, true},
		{"a public URL with the scheme's own port", token, func(d *provider.Delivery) { d.PublicURL = public + ":443" }, true},
		{"a public URL with a path that the request has too", token, func(d *provider.Delivery) { d.PublicURL = public + "/v1" }, true},
		{"another public URL", token, func(d *provider.Delivery) { d.PublicURL = "https://other.example.com" }, false},
		{"http", token, func(d *provider.Delivery) { d.PublicURL = "http://monitor.example.com" }, false},
		{"no public URL", token, func(d *provider.Delivery) { d.PublicURL = "" }, false},
		{"another query", token, func(d *provider.Delivery) { d.URL += "2" }, false},
		{"another secret", "other", func(*provider.Delivery) {}, false},
		{"no secret", "", func(*provider.Delivery) {}, false},
		{"no header", token, func(d *provider.Delivery) { d.Header = http.Header{} }, false},
		{"no body", token, func(d *provider.Delivery) { d.Body = nil }, false},
		{"JSON that nothing signs", token, func(d *provider.Delivery) { d.Body = []byte(`{"CallSid":"CA1"}`) }, false},
		{"a hash that the signature does not cover", token, func(d *provider.Delivery) {
			d.URL += "&bodySHA256=8a9aa2f4b93b1d4bd5f6fbb1b1ce52a5ea2cd3c9e2d5de01f4dd6ff5a1a6fc44"
		}, false},
	} {
		d := good()
		tc.change(&d)
		err := twilio.Verify(d, provider.SourceConfig{Secret: tc.secret})
		if (err == nil) != tc.ok || err != nil && ringside.KindOf(err) != ringside.Unauthorized {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}
