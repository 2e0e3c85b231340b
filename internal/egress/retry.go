package egress

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RetryAfter is how long an answer asks to be left alone, up to most; 0 when it
// does not say, or nothing that can be read. Beside what the header may hold,
// whole seconds and a date, some servers send parts of a second.
func RetryAfter(h http.Header, now time.Time, most time.Duration) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if strings.Trim(v, "-.0123456789") == "" { // no exponent, no infinity, no NaN
		s, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return 0
		}
		return time.Duration(min(max(s, 0), most.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), most)
}
