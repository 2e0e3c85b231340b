package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/store"
)

// The kinds of subject that an erasure has.
const (
	EraseCall  = "call"
	ErasePhone = "phone"
	EraseEmail = "email"
)

// Subject is what an erasure looks for: a call, or all of a person by their
// telephone number or e-mail address.
type Subject struct {
	Kind  string
	Value string // a call's id, a number in E.164, an address in lower case

	phone crm.Phone
	words *regexp.Regexp // finds it in a text
}

// ParseSubject reads what somebody wrote; the error points at the field of the
// kind's name.
func ParseSubject(kind, value string) (s Subject, err error) {
	s = Subject{Kind: kind, Value: strings.TrimSpace(value)}
	var forms []string
	before, after := `(?:^|[^0-9])`, `(?:$|[^0-9])`
	switch kind {
	case EraseCall:
		if _, ok := ringside.ParseCallID(s.Value); !ok {
			return s, ringside.Invalidf("/call", "%q is no call's id", s.Value)
		}
		return s, nil
	case ErasePhone:
		var ok bool
		if s.phone, ok = crm.ParsePhone(s.Value, ""); !ok || s.phone.E164 == "" {
			return s, ringside.Invalidf("/phone", "this is no telephone number; write it with its country code: +14155550123")
		}
		s.Value, forms = s.phone.E164, s.phone.Forms()
	default:
		a, err := mail.ParseAddress(s.Value)
		if err != nil || a.Address != s.Value {
			return s, ringside.Invalidf("/email", "this is no e-mail address; write it alone: ann@example.com")
		}
		s.Value = strings.ToLower(s.Value)
		// A full stop ends a sentence, or the address goes on: example.com.br.
		forms, before, after = []string{s.Value}, `(?:^|[^a-z0-9._%+-])`, `(?:$|[^a-z0-9.-]|\.(?:$|[^a-z0-9]))`
	}
	for i, f := range forms {
		forms[i] = regexp.QuoteMeta(f)
	}
	s.words, err = regexp.Compile(before + `(?:` + strings.Join(forms, "|") + `)` + after)
	return s, err
}

// In tells whether a text names the subject. A number is found by its digits,
// with what people write between them left out.
func (s *Subject) In(text string) bool {
	if s.words == nil {
		return false
	}
	text = strings.ToLower(text)
	return s.words.MatchString(text) || s.Kind == ErasePhone && s.words.MatchString(punctuation.ReplaceAllString(text, "$1"))
}

// punctuation is what people write between two digits of a number.
var punctuation = regexp.MustCompile(`([0-9])[ ().\-/]{1,3}`)

// inQuery tells whether a saved view looks for the subject.
func (s *Subject) inQuery(query string) bool {
	plain, err := url.QueryUnescape(query)
	return s.In(query) || err == nil && s.In(plain)
}

// in tells whether a call is of the subject. A number is compared with the
// parties', an address with all that is known of the call.
func (s *Subject) in(ctx context.Context, tx store.Tx, workspace string, p *store.Party) (bool, error) {
	if s.Kind == ErasePhone {
		return slices.ContainsFunc([]string{p.From, p.To, p.Customer}, s.is), nil
	}
	c, err := store.Call(ctx, tx, workspace, p.ID)
	if err != nil {
		return false, fmt.Errorf("read call %s: %w", p.ID, err)
	}
	text, err := plain(c)
	return s.In(text), err
}

// is tells whether a number is the subject's. The last digits are compared
// first: reading a number is slow.
func (s *Subject) is(number string) bool {
	digits := onlyDigits(number)
	n := min(len(digits), lastDigits)
	return n == lastDigits && strings.HasSuffix(s.Value, digits[len(digits)-n:]) && s.phone.Is(number)
}

const lastDigits = 4

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// plain is all that is known of a call, as one text.
func plain(c *ringside.Call) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c); err != nil {
		return "", fmt.Errorf("write call %s as text: %w", c.ID, err)
	}
	return unescape(b.String()), nil
}

// unescape turns JSON's escapes into what may stand beside an address.
func unescape(text string) string { return escapes.Replace(text) }

var escapes = strings.NewReplacer(`\n`, " ", `\t`, " ", `\r`, " ", `\"`, `"`, `\/`, "/", `\u003c`, "<", `\u003e`, ">", `\u0040`, "@", `\u002b`, "+")
