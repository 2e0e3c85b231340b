package redact

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
)

// node is a JSON value whose members keep their order.
type node struct {
	members []member // of an object
	items   []*node  // of an array
	kind    byte     // { [ " 0, or n for what is neither text nor number
	text    string   // of a text; a number as it is written; else the literal
}

type member struct {
	name  string
	value *node
}

func parse(body []byte) (*node, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	n, err := read(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the body goes on after its end")
	}
	return n, nil
}

// parseRow parses a value, or several objects and lists that follow each other.
func parseRow(body []byte) ([]*node, error) {
	if n, err := parse(body); err == nil {
		return []*node{n}, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var all []*node
	for {
		n, err := read(d)
		switch {
		case errors.Is(err, io.EOF) && len(all) > 0:
			return all, nil
		case err != nil:
			return nil, err
		case n.kind != '{' && n.kind != '[':
			return nil, errors.New("the body is a text")
		}
		all = append(all, n)
	}
}

func read(d *json.Decoder) (*node, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := t.(type) {
	case string:
		return &node{kind: '"', text: v}, nil
	case json.Number:
		return &node{kind: '0', text: v.String()}, nil
	case json.Delim:
		n := &node{kind: byte(v)}
		for d.More() {
			name := ""
			if v == '{' {
				key, err := d.Token()
				if err != nil {
					return nil, err
				}
				name, _ = key.(string)
			}
			value, err := read(d)
			if err != nil {
				return nil, err
			}
			if v == '{' {
				n.members = append(n.members, member{name, value})
			} else {
				n.items = append(n.items, value)
			}
		}
		_, err := d.Token()
		return n, err
	}
	return &node{kind: 'n', text: literal(t)}, nil
}

func literal(t json.Token) string {
	switch t {
	case true:
		return "true"
	case false:
		return "false"
	}
	return "null"
}

func (n *node) write(b *bytes.Buffer) {
	switch n.kind {
	case '{':
		b.WriteByte('{')
		for i, m := range n.members {
			if i > 0 {
				b.WriteByte(',')
			}
			quote(b, m.name)
			b.WriteByte(':')
			m.value.write(b)
		}
		b.WriteByte('}')
	case '[':
		b.WriteByte('[')
		for i, v := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			v.write(b)
		}
		b.WriteByte(']')
	case '"':
		quote(b, n.text)
	default:
		b.WriteString(n.text)
	}
}

func quote(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a text can always be written
	b.Truncate(b.Len() - 1)
}

// member is an object's member by its name; the node itself for none.
func (n *node) member(name string) *node {
	if name == "" {
		return n
	}
	i := slices.IndexFunc(n.members, func(m member) bool { return m.name == name })
	if i < 0 {
		return nil
	}
	return n.members[i].value
}
