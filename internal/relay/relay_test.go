package relay

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/egress"
)

// What is passed on is an answer with a status that a server may write.
func TestWhichStatusesArePassedOn(t *testing.T) {
	t.Parallel()
	for status, reason := range map[string]string{
		"200": "", "299": "", "400": "", "500": "", "999": "",
		"000": "it answered 000", "042": "it answered 042", "099": "it answered 099", "101": "it answered 101", "302": "redirects are not followed",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					return
				}
				defer conn.Close()
				fmt.Fprintf(conn, "HTTP/1.1 %s Hm\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", status)
			}))
			t.Cleanup(s.Close)
			r := New(egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}))
			a, err := r.Send(t.Context(), &Request{ID: "dlv", URL: s.URL, Header: http.Header{}})
			f, failed := errors.AsType[*Failure](err)
			switch {
			case reason == "" && (err != nil || fmt.Sprint(a.Status) != status || string(a.Body) != "{}"):
				t.Errorf("%+v, %v", a, err)
			case reason != "" && (!failed || f.Outcome != Failed || !strings.Contains(f.Reason, reason)):
				t.Errorf("%+v, %v, want a failure: %s", a, err, reason)
			}
		})
	}
}
