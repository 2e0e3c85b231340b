package notify

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
)

func unread(int, http.Header, []byte) Complaint { return Complaint{} }

func failure(t *testing.T, err error) *Error {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	return e
}

// TestAReceiverThatNeverAnswersIsGivenUp runs on a clock of its own: the client
// has no limit and the context no end.
func TestAReceiverThatNeverAnswersIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() { // reads, and says nothing
				defer theirs.Close()
				for b := make([]byte, 1<<10); ; {
					if _, err := theirs.Read(b); err != nil {
						return
					}
				}
			}()
			return ours, nil
		}}
		c := Connection{Client: &http.Client{Transport: transport}}
		start := time.Now()
		_, err := c.Do(t.Context(), Request{Channel: "Slack", Method: http.MethodPost, URL: "http://hooks.example.com/", Body: []byte("{}"), Read: unread})
		e := failure(t, err)
		if took := time.Since(start); took != maxWait || e.Kind != ringside.Unavailable || e.Message != "no answer in time" || e.Err != nil {
			t.Errorf("after %s: %+v", took, e)
		}
		transport.CloseIdleConnections()
		synctest.Wait()
	})
}

func TestAnAnswerIsReadUpToABound(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, strings.Repeat("x", 10*maxAnswer))
	}))
	defer s.Close()
	got, err := Connection{Client: s.Client()}.Do(t.Context(), Request{Channel: "Slack", Method: http.MethodPost, URL: s.URL, Read: unread})
	if err != nil || got.Status != http.StatusOK || len(got.Body) != maxAnswer {
		t.Errorf("%d bytes, %v", len(got.Body), err)
	}
}

func TestASecretIsNotCarriedToAnotherHost(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked, with %q", r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	home := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer home.Close()
	_, err := Connection{Client: home.Client()}.Do(t.Context(), Request{
		Channel: "Webhook", Method: http.MethodPost, URL: home.URL, Body: []byte("{}"), Read: unread,
		Header: http.Header{"Authorization": {"Bearer a-key"}},
	})
	if e := failure(t, err); e.Status != http.StatusTemporaryRedirect || !e.Final() || e.Message != "answered 307 Temporary Redirect" {
		t.Errorf("%+v", e)
	}
}

// An address that the rules of the way out refuse stays refused until an
// operator allows it.
func TestARefusedAddressIsFinal(t *testing.T) {
	t.Parallel()
	g := egress.New(egress.Config{})
	c := Connection{Client: g.Client(egress.Limits{})}
	for _, url := range []string{"https://10.0.0.1/in-the-address", "http://169.254.169.254/in-the-address", "::in-the-address", "https://user:in-the-address@example.com/"} {
		_, err := c.Do(t.Context(), Request{Channel: "Webhook", Method: http.MethodPost, URL: url, Read: unread})
		if e := failure(t, err); !e.Final() || e.Kind != ringside.Invalid || strings.Contains(e.Error(), "in-the-address") {
			t.Errorf("%s: %+v", url, e)
		}
	}
}

func TestSecretsAreHiddenWhole(t *testing.T) {
	t.Parallel()
	hidden := append(InURL("https://user:pass-5b1f@example.com/hooks/a-key-in-the-path?key=in-the-query&b=c"), "+12025550143", "12025550143", "abc")
	got := Hide("no user:pass-5b1f at /hooks/a-key-in-the-path, a-key-in-the-path, in-the-query, +12025550143, abc hooks", hidden)
	if want := "no user:… at …, …, …, …, abc hooks"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		s    string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"🙂🙂", 4, "🙂🙂"}, {"🙂🙂a", 4, "🙂…"}, {"a", 0, ""}, {"", 0, ""},
	} {
		if got := Clip(tc.s, tc.n); got != tc.want {
			t.Errorf("%q to %d: %q, want %q", tc.s, tc.n, got, tc.want)
		}
	}
}

func TestSettingsOfTheWrongTypePointToThem(t *testing.T) {
	t.Parallel()
	var v struct {
		Server *MailServer `json:"server"`
	}
	err := Read([]byte(`{"server":{"port":"587"}}`), &v)
	if e, ok := errors.AsType[*ringside.Error](err); !ok || e.Field != "/server/port" || e.Message != "can't be a string" {
		t.Errorf("%v", err)
	}
}
