package notifytest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
)

// failure is err as a channel must give it.
func failure(t testing.TB, err error) *notify.Error {
	t.Helper()
	e, ok := errors.AsType[*notify.Error](err)
	if !ok {
		t.Fatalf("error %v is no *notify.Error", err)
	}
	if e.Channel == "" || e.Message == "" {
		t.Errorf("error without a name or words: %+v", e)
	}
	return e
}

func (s Suite) statuses(t *testing.T) {
	t.Parallel()
	for _, status := range slices.Concat(s.Again, s.Never) {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			f := s.Fake(t)
			body, header := f.Complaint("the message")
			header = header.Clone()
			if header == nil {
				header = http.Header{}
			}
			header.Set("Location", "/elsewhere")
			f.Break(&Fault{Status: status, Body: body, Header: header})
			_, err := s.tell(t, f, Messages()["triggered"])
			e := failure(t, err)
			if e.Final() == slices.Contains(s.Again, status) {
				t.Errorf("final is %t: %+v", e.Final(), e)
			}
			if e.Status != status || len(f.Got()) != 0 || f.Tries() != 1 {
				t.Errorf("status %d after %d tries; there stand %+v", e.Status, f.Tries(), f.Got())
			}
		})
	}
}

func (s Suite) retryAfter(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		f := s.Fake(t)
		f.Break(&Fault{Status: status, Header: http.Header{"Retry-After": {"120"}}})
		_, err := s.tell(t, f, Messages()["triggered"])
		if e := failure(t, err); e.RetryAfter != 2*time.Minute || e.Final() {
			t.Errorf("%d: %+v", status, e)
		}
	}
}

// words refuses with all that must not be repeated, and with what is no
// message.
func (s Suite) words(t *testing.T) {
	t.Parallel()
	f, m := s.Fake(t), Messages()["triggered"]
	hidden := append(f.Secrets(), m.Call.From, m.Call.To, m.Quote)
	final := s.Never[len(s.Never)-1]
	body, header := f.Complaint("the colour is wrong " + strings.Join(hidden, " ") + strings.Repeat(" and so on", 80))
	f.Break(&Fault{Status: final, Body: body, Header: header})
	_, err := s.tell(t, f, m)
	e := failure(t, err)
	if !strings.Contains(e.Message, "the colour is wrong") || len(err.Error()) > 700 {
		t.Errorf("message of %d bytes: %s", len(err.Error()), err)
	}
	for _, h := range hidden {
		if strings.Contains(err.Error(), h) {
			t.Errorf("the error repeats %s", h)
		}
	}
	f.Break(&Fault{Status: s.Again[len(s.Again)-1], Body: "<html>\x00\x1b[31m<h1>Bad Gateway</h1>", Header: http.Header{"Content-Type": {"text/html"}}})
	_, err = s.tell(t, f, m)
	if e := failure(t, err); strings.ContainsAny(e.Error(), "\x00\x1b") {
		t.Errorf("message %q", e.Message)
	}
}

func (s Suite) wrong(t *testing.T) {
	t.Parallel()
	f := s.Fake(t)
	c, secret := f.Wrong()
	_, err := s.New().Send(t.Context(), c, Messages()["triggered"])
	e := failure(t, err)
	if !e.Final() || e.Status == 0 || len(f.Got()) > 0 {
		t.Errorf("%+v; there stand %+v", e, f.Got())
	}
	for _, h := range append(f.Secrets(), secret) {
		if strings.Contains(err.Error(), h) {
			t.Errorf("the error repeats %s", h)
		}
	}
}

func (s Suite) hangs(t *testing.T) {
	t.Parallel()
	f := s.Fake(t)
	hanging := make(chan struct{})
	f.Break(&Fault{Hang: hanging, Times: 1})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-hanging
		cancel()
	}()
	_, err := s.New().Send(ctx, f.Connection(), Messages()["triggered"])
	if e := failure(t, err); !errors.Is(err, context.Canceled) || e.Final() {
		t.Errorf("error %+v", e)
	}
}

// refusing is a way out on which nobody listens.
type refusing struct{}

// RoundTrip implements http.RoundTripper.
func (refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, syscall.ECONNREFUSED }

func (s Suite) gone(t *testing.T) {
	t.Parallel()
	c := s.Fake(t).Connection()
	c.Client = &http.Client{Transport: refusing{}}
	c.Dial = func(context.Context, string, bool) (net.Conn, error) { return nil, syscall.ECONNREFUSED }
	_, err := s.New().Send(t.Context(), c, Messages()["triggered"])
	if e := failure(t, err); e.Final() || e.Message != "the connection was refused" || e.Err != nil {
		t.Errorf("%+v", e)
	}
}

func (s Suite) lost(t *testing.T) {
	t.Parallel()
	f := s.Fake(t)
	f.Break(&Fault{Lose: true, Times: 1})
	_, err := s.tell(t, f, Messages()["triggered"])
	if e := failure(t, err); e.Kind != ringside.Unavailable || e.Final() {
		t.Fatalf("a lost answer is %+v", e)
	}
	s.told(t, f, Messages()["triggered"])
	if all := f.Got(); len(all) != 2 || all[0].Name != all[1].Name {
		t.Errorf("there stand %+v", all)
	}
}

func (s Suite) floods(t *testing.T) {
	t.Parallel()
	f := s.Fake(t)
	f.Break(&Fault{Flood: true})
	start := time.Now()
	_, err := s.tell(t, f, Messages()["triggered"])
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it was listened to for %s", took)
	}
	if s.StatusIsAll {
		if err != nil {
			t.Errorf("a yes is taken for %v", err)
		}
		return
	}
	if e := failure(t, err); len(e.Error()) > 1000 {
		t.Errorf("error of %d bytes", len(e.Error()))
	}
}
