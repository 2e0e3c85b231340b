package provider

import (
	"context"

	"github.com/ringsidehq/ringside"
)

// Follow reads at the vendor what happens in a call that is on, and tells it
// piece by piece, from one goroutine. It returns nil when the call is over,
// what tell returned when that was an error, and else a *ControlError of a kind
// that says whether to try again:
//
//	NotFound      the call is not on, or not yet
//	Unavailable   there was no connection, or it broke
//
// Every other kind is for good. What is told twice, by another connection, is
// the same delivery.
type Follow func(ctx context.Context, on Line, tell func(Told) error) error

// Told is what a vendor told of a call that is followed.
type Told struct {
	Body   []byte             // a delivery as Decode reads it; nil for none
	Saying []ringside.Partial // shown and not kept
}
