package egress_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/egress"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const most = 24 * time.Hour
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "soon": 0, "0": 0, "-5": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "0.25": 250 * time.Millisecond,
		"1e3": 0, "inf": 0, "NaN": 0, "--1": 0, ".": 0, "7 s": 0,
		"86400": most, "86401": most, "99999999999": most, "99999999999999999999999": most,
		"Fri, 20 Nov 2026 09:01:00 GMT": time.Minute, "Fri, 20 Nov 2026 08:00:00 GMT": 0, "Mon, 02 Jan 2006 15:04:05 GMT": 0,
		"Fri, 20 Nov 2099 08:00:00 GMT": most, "Fri, 31 Dec 9999 23:59:59 GMT": most,
	} {
		if got := egress.RetryAfter(http.Header{"Retry-After": {text}}, now, most); got != want {
			t.Errorf("Retry-After %q: %s, want %s", text, got, want)
		}
	}
	if got := egress.RetryAfter(nil, now, most); got != 0 {
		t.Errorf("no headers: %s", got)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"", "120", "-1", "0.5", "99999999999999999999", "Fri, 20 Nov 2026 09:01:00 GMT", "1e9", "NaN"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		if p := egress.RetryAfter(http.Header{"Retry-After": {s}}, now, time.Hour); p < 0 || p > time.Hour {
			t.Errorf("%q asks for %s", s, p)
		}
	})
}
