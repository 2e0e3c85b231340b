package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Body hides what is personal in a delivery's body: JSON, one or several in a
// row, a form, or text. One without anything comes back as it was, to the byte.
func (r *Redactor) Body(body []byte) ([]byte, error) {
	if all, err := parseRow(body); err == nil {
		changed := false
		for _, n := range all {
			changed = r.walk(n, "") || changed
		}
		if !changed || r.err != nil {
			return body, r.err
		}
		var b bytes.Buffer
		for i, n := range all {
			if i > 0 {
				b.WriteByte('\n')
			}
			n.write(&b)
		}
		return b.Bytes(), nil
	}
	if form, is := formIn(strings.TrimSpace(string(body))); is {
		changed := false
		for name, values := range form {
			for i, v := range values {
				values[i] = r.inside(v, name)
				changed = changed || values[i] != v
			}
		}
		if changed {
			return []byte(form.Encode()), r.err
		}
		return body, r.err
	}
	return []byte(r.text(string(body), "")), r.err
}

// fieldName is what a field of a form is called.
var fieldName = regexp.MustCompile(`^[\w.%\[\]\-]+$`)

// formIn reads a form. A text with an & in it is none.
func formIn(body string) (url.Values, bool) {
	for field := range strings.SplitSeq(body, "&") {
		if name, _, is := strings.Cut(field, "="); !is || !fieldName.MatchString(name) {
			return nil, false
		}
	}
	form, err := url.ParseQuery(body)
	return form, err == nil
}

// JSON hides what is personal in a value, which is decoded anew.
func (r *Redactor) JSON(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("redact: %w", err)
	}
	n, err := parse(b)
	if err != nil {
		return fmt.Errorf("redact: %w", err)
	}
	if !r.walk(n, "") {
		return r.err
	}
	var out bytes.Buffer
	n.write(&out)
	if err := json.Unmarshal(out.Bytes(), v); err != nil {
		return fmt.Errorf("redact: %w", err)
	}
	return r.err
}

// walk hides what is personal below a node, and tells whether anything was.
func (r *Redactor) walk(n *node, field string) (changed bool) {
	switch n.kind {
	case '{':
		for _, m := range n.members {
			changed = r.walk(m.value, m.name) || changed
		}
	case '[':
		changed = r.row(n.items, field)
		for _, v := range n.items {
			changed = r.walk(v, field) || changed
		}
	case '"':
		if text := r.inside(n.text, field); text != n.text {
			n.text, changed = text, true
		}
	case '0':
		if text := r.figure(n.text, field); text != n.text {
			n.kind, n.text, changed = '"', text, true
		}
	}
	return changed
}

// inside hides what is personal in a text that may be JSON itself.
func (r *Redactor) inside(text, field string) string {
	if trimmed := strings.TrimSpace(text); len(trimmed) > 1 && (trimmed[0] == '{' || trimmed[0] == '[') {
		if n, err := parse([]byte(trimmed)); err == nil {
			if !r.walk(n, field) {
				return text
			}
			var b bytes.Buffer
			n.write(&b)
			return b.String()
		}
	}
	return r.text(text, field)
}

// wordFields are what the text of one word is called in lists of words.
var wordFields = []string{"word", "punctuated_word", "text", "content", "value", "token"}

// row hides what stands in a list of words, one by one.
func (r *Redactor) row(items []*node, field string) (changed bool) {
	for _, name := range append([]string{""}, wordFields...) {
		var all []*node
		for _, v := range items {
			if w := v.member(name); w != nil && w.kind == '"' {
				all = append(all, w)
			}
		}
		if len(all) < 2 || !single(all) {
			continue
		}
		var b strings.Builder
		ends := make([]int, len(all))
		for i, w := range all {
			b.WriteString(strings.TrimSpace(w.text))
			ends[i] = b.Len()
			b.WriteByte(' ')
		}
		start := 0
		finds, said := r.heardIn(b.String())
		if !said {
			finds = r.finder.In(b.String(), words(field))
		}
		for i, w := range all {
			for len(finds) > 0 && finds[0].End <= start {
				finds = finds[1:]
			}
			if len(finds) > 0 && finds[0].Start < ends[i] {
				w.text, changed = r.token(finds[0].Kind, finds[0].Value), true
			}
			start = ends[i] + 1
		}
	}
	return changed
}

// single tells whether texts are words rather than sentences.
func single(all []*node) bool {
	n := 0
	for _, w := range all {
		n += strings.Count(strings.TrimSpace(w.text), " ")
	}
	return n <= len(all)/2
}
