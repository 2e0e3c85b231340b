package email

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"net"
	"net/mail"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
	"github.com/ringsidehq/ringside/internal/notify/notifytest"
)

// FuzzLetter writes any words into a mail. It has the headers that it is to
// have, one of each, in short lines, and its subject reads back.
func FuzzLetter(f *testing.F) {
	f.Add("Low quality", "Ringside")
	f.Add("x\r\nBcc: victim@example.com\r\n\r\n<script>", "a\" <b@example.com>, \"")
	f.Add("=?utf-8?q?x?= é🙂"+strings.Repeat("é", 150), "=?utf-8?q?x?=")
	f.Fuzz(func(t *testing.T, said, sender string) {
		m := notifytest.Messages()["triggered"]
		m.Rule, m.Text, m.Quote, m.Transcript = said, said, said, []notify.Said{{Role: ringside.RoleUser, Text: said}}
		m = m.Clean()
		l := letter{
			settings: settings{Recipients: []string{"team@example.com"}, IncludeTranscript: true}, message: m,
			from: &mail.Address{Name: sender, Address: "alerts@example.com"}, subject: notify.Oneline("Alert: "+said, maxSubject),
		}
		raw, err := l.write()
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
			if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") {
				t.Errorf("line %q", line)
			}
		}
		got, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		if len(got.Header) != 9 {
			t.Errorf("headers %v", got.Header)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		if err != nil || subject != l.subject {
			t.Errorf("%q became %q, %v", l.subject, subject, err)
		}
		from, err := got.Header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Address != "alerts@example.com" || from[0].Name != notify.Oneline(sender, maxSubject) {
			t.Errorf("from %q, %v", got.Header.Get("From"), err)
		}
	})
}

// TestAServerThatNeverAnswersIsGivenUp runs on a clock of its own: the context
// has no end.
func TestAServerThatNeverAnswersIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := notify.Connection{
			Settings: []byte(`{"recipients":["team@example.com"],"server":{"host":"smtp.example.com","from":"alerts@example.com"}}`),
			Dial: func(_ context.Context, address string, plain bool) (net.Conn, error) {
				if address != "smtp.example.com:587" || plain {
					t.Errorf("%s is dialled, plain %t", address, plain)
				}
				ours, theirs := net.Pipe()
				t.Cleanup(func() { theirs.Close() })
				return ours, nil
			},
		}
		start := time.Now()
		_, err := send(t.Context(), c, notifytest.Messages()["bare"])
		e, ok := errors.AsType[*notify.Error](err)
		if took := time.Since(start); !ok || took != maxWait || e.Kind != ringside.Unavailable || e.Message != "no answer in time" {
			t.Errorf("after %s: %v", took, err)
		}
	})
}
