// Package relay passes a vendor's delivery on to the endpoint that it was meant
// for, and gives back what that answers.
//
// The endpoint sees the vendor's request: the same bytes, the same headers, so
// that it can check the vendor's signature itself. The vendor sees the
// endpoint's answer: its status and its bytes. What a hop says to the next one
// is not passed on in either direction, and neither is what a browser would
// act on.
package relay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ringsidehq/ringside/internal/egress"
)

// MaxAnswer is the largest answer, in bytes.
const MaxAnswer = 4 << 20

// longest is more than any vendor waits; the caller's context says how long.
const longest = time.Minute

// DeliveryHeader names a delivery to the endpoint. A delivery that has come
// through several Ringsides has it several times.
const DeliveryHeader = "X-Ringside-Delivery"

// maxHops is how many Ringsides may stand behind each other. One more is a
// circle.
const maxHops = 3

// Request is a delivery to pass on.
type Request struct {
	ID     string // of the delivery
	URL    string // where to
	Query  string // of the vendor's request, without the question mark
	Header http.Header
	Body   []byte // as it came
}

// Answer is what the endpoint says.
type Answer struct {
	Status int         // 200 to 999, and no redirect
	Header http.Header // those that are passed on
	Body   []byte
}

// Failure is why there is no answer, in words that can be shown.
type Failure struct {
	Outcome Outcome
	Reason  string
}

// Error implements error.
func (f *Failure) Error() string { return f.Reason }

// Outcome is how passing on went, for metrics.
type Outcome string

// The outcomes. HungUp is the vendor's doing.
const (
	Answered Outcome = "answered"
	Refused  Outcome = "refused" // an answer of 500 and above
	TimedOut Outcome = "timeout"
	Failed   Outcome = "failed"
	Busy     Outcome = "busy"
	HungUp   Outcome = "hung_up"
)

// Relay passes deliveries on. It is safe for concurrent use.
type Relay struct {
	client *http.Client
	books  books
}

// New makes a relay whose requests go through a gate.
func New(g *egress.Gate) *Relay {
	return &Relay{client: g.Client(egress.Limits{Timeout: longest, Body: MaxAnswer}), books: newBooks()}
}

// Send passes a delivery on and reads the answer, until ctx ends: with
// context.DeadlineExceeded as its cause when the vendor's patience is over.
// Its error is a *Failure.
func (r *Relay) Send(ctx context.Context, q *Request) (*Answer, error) {
	if len(q.Header.Values(DeliveryHeader)) >= maxHops {
		return nil, &Failure{Failed, fmt.Sprintf("the delivery has come through %d Ringsides already; the address seems to lead back here", maxHops)}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, q.URL, bytes.NewReader(q.Body))
	if err != nil {
		return nil, &Failure{Failed, "the address is not one that a request can go to"}
	}
	req.Header = onward(q.Header)
	req.Header.Add(DeliveryHeader, q.ID)
	if q.Query != "" {
		req.URL.RawQuery = strings.TrimPrefix(req.URL.RawQuery+"&"+q.Query, "&")
	}
	res, err := r.client.Do(req)
	if err != nil {
		return nil, failure(ctx, err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode < 200 || res.StatusCode > 999: // no server may write such a one
		return nil, &Failure{Failed, fmt.Sprintf("it answered %03d, which is no status of an answer", res.StatusCode)}
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return nil, &Failure{Failed, fmt.Sprintf("it answered %d; redirects are not followed", res.StatusCode)}
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, failure(ctx, err)
	}
	return &Answer{res.StatusCode, back(res.Header), body}, nil
}

func failure(ctx context.Context, err error) *Failure {
	switch cause := context.Cause(ctx); {
	case cause == nil:
	case errors.Is(cause, context.DeadlineExceeded):
		return &Failure{TimedOut, "no answer in time"}
	default:
		return &Failure{HungUp, "the platform hung up before the answer came"}
	}
	f := &Failure{Failed, egress.Explain(err)}
	if f.Reason == egress.Explain(context.DeadlineExceeded) {
		f.Outcome = TimedOut
	}
	return f
}

// dropped are headers of a delivery that are not the vendor's to the endpoint:
// those between two hops, those that describe the way to Ringside, and those
// that the client writes.
var dropped = map[string]bool{
	"Connection": true, "Keep-Alive": true, "Proxy-Authenticate": true, "Proxy-Authorization": true, "Proxy-Connection": true,
	"Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true, "Expect": true,
	"Host": true, "Content-Length": true, "Cookie": true, "Forwarded": true, "X-Real-Ip": true, "Via": true,
}

// onward gives the headers that go to the endpoint.
func onward(in http.Header) http.Header {
	out := http.Header{}
	for name, values := range in {
		if !dropped[name] && !strings.HasPrefix(name, "X-Forwarded-") {
			out[name] = append([]string(nil), values...)
		}
	}
	for _, line := range in["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			out.Del(strings.TrimSpace(name))
		}
	}
	// What the vendor did not say, the client would say in its place.
	if _, ok := out["Accept-Encoding"]; !ok {
		out.Set("Accept-Encoding", "identity")
	}
	if _, ok := out["User-Agent"]; !ok {
		out.Set("User-Agent", "")
	}
	return out
}

// passed are headers of an answer that mean something to a vendor and nothing
// to a browser on Ringside's own address.
var passed = []string{"Content-Type", "Content-Encoding", "Content-Language", "Retry-After", "Cache-Control"}

func back(in http.Header) http.Header {
	out := http.Header{}
	for _, name := range passed {
		if v := in.Values(name); len(v) > 0 {
			out[name] = v
		}
	}
	return out
}
