package crm_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/egress"
)

func unread(int, http.Header, []byte) crm.Complaint { return crm.Complaint{} }

func failure(t *testing.T, err error) *crm.Error {
	t.Helper()
	e, ok := errors.AsType[*crm.Error](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	return e
}

// TestACRMThatNeverAnswersIsGivenUp runs on a clock of its own: the client has
// no limit and the context no end.
func TestACRMThatNeverAnswersIsGivenUp(t *testing.T) {
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
		c := crm.Connection{Client: &http.Client{Transport: transport}}
		start := time.Now()
		_, err := c.Do(t.Context(), crm.Request{CRM: "HubSpot", Method: http.MethodPost, URL: "http://crm.example.com/", Body: []byte("{}"), Read: unread})
		e := failure(t, err)
		if took := time.Since(start); took != 30*time.Second || e.Kind != ringside.Unavailable || e.Message != "did not answer within 30s" {
			t.Errorf("after %s: %+v", took, e)
		}
		transport.CloseIdleConnections()
		synctest.Wait()
	})
}

func TestAKeyIsNotCarriedToAnotherHost(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked, with %q", r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	home := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer home.Close()
	c := crm.Connection{Client: home.Client()}
	_, err := c.Do(t.Context(), crm.Request{
		CRM: "HubSpot", Method: http.MethodPost, URL: home.URL, Body: []byte("{}"), Read: unread,
		Header: http.Header{"Authorization": {"Bearer a-key"}},
	})
	if e := failure(t, err); e.Status != http.StatusTemporaryRedirect || !e.Final() {
		t.Errorf("%+v", e)
	}
}

func TestAnErrorWithoutAnAnswerDoesNotTellTheAddress(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	c := crm.Connection{Client: gone.Client(), Key: "a-signing-key"}
	for _, url := range []string{gone.URL + "/hook?token=in-the-address", "http://user:in-the-address@" + strings.TrimPrefix(gone.URL, "http://"), "::in-the-address"} {
		_, err := c.Do(t.Context(), crm.Request{CRM: "Your CRM", Method: http.MethodPost, URL: url, Read: unread})
		if e := failure(t, err); strings.Contains(e.Error(), "in-the-address") {
			t.Errorf("%v", e)
		}
	}
}

// Whoever may read a call reads why it is in no CRM, and learns nothing of the
// network that the server stands in.
func TestAnErrorWithoutAnAnswerTellsNothingOfTheNetwork(t *testing.T) {
	t.Parallel()
	for want, cause := range map[string]error{
		"HubSpot: did not answer: the host's name is not known": &net.DNSError{Err: "no such host", Name: "crm.corp.example", Server: "10.0.0.53:53", IsNotFound: true},
		"HubSpot: did not answer: the connection was refused":   &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 443}, Err: syscall.ECONNREFUSED},
		"HubSpot: did not answer: the request failed":           errors.New("proxy 10.1.2.4 is unhappy"),
		"HubSpot: did not answer: no answer in time":            &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 443}, Err: os.ErrDeadlineExceeded},
	} {
		c := crm.Connection{Client: &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, cause }}}}
		_, err := c.Do(t.Context(), crm.Request{CRM: "HubSpot", Method: http.MethodGet, URL: "http://crm.example.com/", Read: unread})
		if e := failure(t, err); e.Error() != want || e.Final() || !errors.Is(err, cause) {
			t.Errorf("%v; want %s", e, want)
		}
	}
}

func TestAnAddressThatIsRefusedIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	gate := egress.New(egress.Config{})
	defer gate.Close()
	c := crm.Connection{Client: gate.Client(egress.Limits{})}
	_, err := c.Do(t.Context(), crm.Request{CRM: "Your CRM", Method: http.MethodGet, URL: "https://10.1.2.3/hook", Read: unread})
	e := failure(t, err)
	if !e.Final() || e.RetryAfter != 0 || !strings.Contains(e.Error(), "Your CRM: was not asked: the address is private or reserved; an operator may allow") {
		t.Errorf("%+v", e)
	}
}

func TestAWaitIsReadAndBounded(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{
		"":                              0,
		"soon":                          0,
		"7":                             7 * time.Second,
		"-7":                            0,
		"10000000000":                   24 * time.Hour,
		"Mon, 02 Jan 2006 15:04:05 GMT": 0,
		"Fri, 31 Dec 9999 23:59:59 GMT": 24 * time.Hour,
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusServiceUnavailable)
		}))
		c := crm.Connection{Client: s.Client()}
		_, err := c.Do(t.Context(), crm.Request{CRM: "HubSpot", Method: http.MethodGet, URL: s.URL, Read: unread})
		if e := failure(t, err); e.RetryAfter != want {
			t.Errorf("Retry-After %q: wait %s, want %s", value, e.RetryAfter, want)
		}
		s.Close()
	}
}

func TestUntilMidnight(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("CET", 3600)
	for _, tc := range []struct {
		now  string
		zone *time.Location
		want time.Duration
	}{
		{"2026-11-17T22:30:00Z", nil, 90 * time.Minute},
		{"2026-11-17T22:30:00Z", berlin, 30 * time.Minute},
		{"2026-11-17T23:00:00Z", berlin, 24 * time.Hour},
		{"2026-12-31T23:59:59Z", nil, time.Second},
	} {
		now, err := time.Parse(time.RFC3339, tc.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := crm.UntilMidnight(now, tc.zone); got != tc.want {
			t.Errorf("from %s in %v: %s, want %s", tc.now, tc.zone, got, tc.want)
		}
	}
}

func TestAResultSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]crm.Result{
		"written as 88; contact 7":                 {ID: "88", ContactID: "7"},
		"written as 88; contact 7 made":            {ID: "88", ContactID: "7", ContactCreated: true},
		"brought up to date as 88":                 {ID: "88", Updated: true},
		"written as 88; no contact has the number": {ID: "88", Skipped: []string{"no contact has the number"}},
		"the call was deleted in the CRM":          {Skipped: []string{"the call was deleted in the CRM"}},
	} {
		if got := r.Words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
