package pipeline

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
)

// redact hides personal data in a call that has ended, where its agent's settings
// say so, and gives the step that tells of it. What was redacted before it was
// stored is looked through once more: a number that came in pieces is whole now.
// The file's call is nil when it was deleted.
func (c *Config) redact(ctx context.Context, f *file, attempt int) ([]ringside.Step, error) {
	s := &f.agent.Settings
	if !s.Redacts() {
		return nil, nil
	}
	r, err := c.Ledger().Redact(ctx, f.call, s.Hidden())
	if err != nil {
		return nil, fmt.Errorf("redact call %s: %w", f.call.ID, err)
	}
	switch {
	case r.Call == nil:
		f.call = nil
		return nil, nil
	case r.Action == ledger.Updated:
		f.call = own(r)
	}
	var counts map[ringside.RedactionKind]int
	err = c.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		counts, err = store.RedactionCounts(ctx, tx, f.call.ID)
		return err
	})
	now := time.Now().UTC().Truncate(time.Millisecond)
	return []ringside.Step{{Step: ringside.StepRedaction, Status: ringside.StepDone, Reason: hiddenIn(counts), Attempts: attempt, At: &now}}, err
}

// hiddenWords are one value of a kind, and several.
var hiddenWords = map[ringside.RedactionKind][2]string{
	ringside.RedactCard: {"card number or code", "card numbers and codes"}, ringside.RedactSSN: {"social security number", "social security numbers"},
	ringside.RedactIBAN: {"IBAN", "IBANs"}, ringside.RedactEmail: {"e-mail address", "e-mail addresses"},
	ringside.RedactPhone: {"phone number", "phone numbers"}, ringside.RedactBirthDate: {"date of birth", "dates of birth"},
	ringside.RedactNumber: {"number that was read out", "numbers that were read out"},
}

// hiddenIn says how much was hidden of what, and nothing of what it was.
func hiddenIn(counts map[ringside.RedactionKind]int) string {
	var parts []string
	for _, k := range ringside.RedactionKinds {
		switch n := counts[k]; n {
		case 0:
		case 1:
			parts = append(parts, "1 "+hiddenWords[k][0])
		default:
			parts = append(parts, strconv.Itoa(n)+" "+hiddenWords[k][1])
		}
	}
	if len(parts) == 0 {
		return "Nothing was found to hide."
	}
	return "Hidden: " + strings.Join(parts, ", ") + "."
}
