package ringside

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ExtractionField is one thing to be read out of each call, with its type and
// what it may be.
type ExtractionField struct {
	Name        string     `json:"name" doc:"The key in extracted: letters, digits and _"`
	Type        string     `json:"type" enum:"text,boolean,number,datetime,enum"`
	Description string     `json:"description,omitempty" doc:"What to look for"`
	Required    bool       `json:"required,omitempty"`
	Pattern     string     `json:"pattern,omitempty" doc:"Of a text: a regular expression that all of it must match (RE2)"`
	Min         *float64   `json:"min,omitempty" nullable:"true" doc:"Of a number, or of a text's length"`
	Max         *float64   `json:"max,omitempty" nullable:"true"`
	Options     []string   `json:"options,omitempty" doc:"Of an enum"`
	When        *Condition `json:"when,omitempty" doc:"Asked only when another field has a value"`
}

// Condition is that another field has one of some values.
type Condition struct {
	Field  string   `json:"field"`
	Values []string `json:"values" doc:"As texts: true, 42, annual"`
}

// ExtractionTypes are the types that a field may have.
var ExtractionTypes = []string{"text", "boolean", "number", "datetime", "enum"}

var fieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

func validateExtraction(fields []ExtractionField) error {
	seen := map[string]bool{}
	for i := range fields {
		f, at := &fields[i], "/extractionFields/"+strconv.Itoa(i)
		switch {
		case !fieldName.MatchString(f.Name):
			return Invalidf(at+"/name", "%q is not a name: a letter, then letters, digits and _, 64 at most", f.Name)
		case seen[f.Name]:
			return Invalidf(at+"/name", "%q stands twice", f.Name)
		case !slices.Contains(ExtractionTypes, f.Type):
			return Invalidf(at+"/type", "%q is not one of %q", f.Type, ExtractionTypes)
		case f.Type == "enum" && len(f.Options) == 0:
			return Invalidf(at+"/options", "an enum needs at least one")
		case f.Min != nil && f.Max != nil && *f.Min > *f.Max:
			return Invalidf(at+"/min", "is above max")
		case f.When != nil && !seen[f.When.Field]:
			return Invalidf(at+"/when/field", "%q is not a field that stands before this one", f.When.Field)
		}
		if _, err := regexp.Compile(f.Pattern); err != nil {
			return Invalidf(at+"/pattern", "is not a regular expression: %v", err)
		}
		if _, err := regexp.Compile(f.whole()); err != nil { // as with a \Q that nothing ends
			return Invalidf(at+"/pattern", "is not a regular expression by itself: %v", err)
		}
		seen[f.Name] = true
	}
	return nil
}

// CheckExtracted reads the values that were found for some fields. It gives
// those that hold, in their types, and for each of the others what is wrong
// with it. A field whose condition does not hold is left out.
func CheckExtracted(fields []ExtractionField, found Values) (Values, map[string]string) {
	out, wrong := Values{}, map[string]string{}
	for i := range fields {
		f := &fields[i]
		if f.When != nil && !f.When.holds(out) {
			continue
		}
		v, ok := found[f.Name]
		if !ok || v == nil || v == "" {
			if f.Required {
				wrong[f.Name] = "is required and was not found"
			}
			continue
		}
		read, err := f.read(v)
		if err != nil {
			wrong[f.Name] = err.Error()
			continue
		}
		out[f.Name] = read
	}
	return out, wrong
}

func (w *Condition) holds(v Values) bool {
	have, ok := v[w.Field]
	text := fmt.Sprint(have)
	if n, is := have.(float64); is {
		text = strconv.FormatFloat(n, 'f', -1, 64) // 1000000, as people write it, and not 1e+06
	}
	return ok && slices.Contains(w.Values, text)
}

// whole is the pattern for all of a text.
func (f *ExtractionField) whole() string { return `^(?:` + f.Pattern + `)$` }

// grouped are numbers with commas between the thousands. In any other a comma
// may be a point, and the number a hundred times as large without it.
var grouped = regexp.MustCompile(`^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)

// read gives a value in the field's type.
func (f *ExtractionField) read(v any) (any, error) {
	text := strings.TrimSpace(fmt.Sprint(v))
	switch f.Type {
	case "boolean":
		b, err := strconv.ParseBool(strings.ToLower(text))
		if err != nil {
			return nil, fmt.Errorf("%q is not true or false", text)
		}
		return b, nil
	case "number":
		n, ok := v.(float64)
		if !ok {
			var err error
			plain := text
			if grouped.MatchString(text) {
				plain = strings.ReplaceAll(text, ",", "")
			}
			if n, err = strconv.ParseFloat(plain, 64); err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
				return nil, fmt.Errorf("%q is not a number", text)
			}
		}
		return n, f.within(n, "is")
	case "datetime":
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
			if _, err := time.Parse(layout, text); err == nil {
				return text, nil
			}
		}
		return nil, fmt.Errorf("%q is not a date and time (ISO 8601)", text)
	case "enum":
		for _, o := range f.Options {
			if strings.EqualFold(o, text) {
				return o, nil
			}
		}
		return nil, fmt.Errorf("%q is not one of %q", text, f.Options)
	}
	if _, isText := v.(string); !isText {
		if b, err := json.Marshal(v); err == nil {
			text = string(b)
		}
	}
	if f.Pattern != "" && !f.matches(text) {
		return nil, fmt.Errorf("%q does not match %s", text, f.Pattern)
	}
	return text, f.within(float64(utf8.RuneCountInString(text)), "has a length of")
}

// matches tells whether all of a text matches the pattern, which nothing does
// that is none.
func (f *ExtractionField) matches(text string) bool {
	re, err := regexp.Compile(f.whole())
	return err == nil && re.MatchString(text)
}

func (f *ExtractionField) within(n float64, what string) error {
	if f.Min != nil && n < *f.Min || f.Max != nil && n > *f.Max {
		return fmt.Errorf("%s %v, which is out of bounds", what, n)
	}
	return nil
}
