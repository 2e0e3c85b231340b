package providertest

import (
	"context"
	"errors"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// Answer is what a vendor may say to an order, and what that means.
type Answer struct {
	Status int
	Body   string
	Kind   ringside.Kind // empty: the order was taken
}

// RunAnswers has one function of an adapter meet its vendor's answers.
func RunAnswers(t *testing.T, key string, do func(context.Context, provider.Line) error, answers []Answer) {
	t.Helper()
	for _, a := range answers {
		err := do(t.Context(), Answering(t, key, a.Status, a.Body))
		if a.Kind == "" && err == nil {
			continue
		}
		e, ok := errors.AsType[*provider.ControlError](err)
		if !ok || e.Kind != a.Kind || e.Status != a.Status {
			t.Errorf("%d %s: %v, want %s", a.Status, a.Body, err, a.Kind)
		}
	}
}
