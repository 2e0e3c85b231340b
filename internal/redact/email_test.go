package redact

import (
	"testing"

	"github.com/ringsidehq/ringside"
)

// A written address ends with itself: neither the next sentence nor what the
// same side says next is a part of it.
func TestAWrittenAddressEndsWithItself(t *testing.T) {
	t.Parallel()
	for first, want := range map[string]string{
		"My mail is jane.roe@example.com.":                     "jane.roe@example.com",
		"My mail is jane.roe@example.com. In the morning, no.": "jane.roe@example.com",
		"It's jane_roe @ mail.example.co.uk. Me too.":          "jane_roe @ mail.example.co.uk",
		"It's jane@gmail . com, thanks.":                       "jane@gmail . com",
	} {
		all := []Said{{ringside.RoleUser, first}, {ringside.RoleAgent, "Thank you."}, {ringside.RoleUser, "Yes, and call me."}}
		found := NewFinder([]ringside.RedactionKind{ringside.RedactEmail}, true).Find(all)
		if len(found) != 1 || found[0].At != 0 || first[found[0].Start:found[0].End] != want {
			t.Errorf("in %q: %+v, want %q", first, found, want)
		}
	}
}
