package simulate

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed scripts/*.txt
var scriptFiles embed.FS

// script is one way in which a conversation can go. Its file says:
//
//	# name weight outcome [inbound|outbound]
//	summary what the vendor's analysis says of it
//	data name=value
//	A the agent speaks; A~ and is cut off
//	U the customer speaks
//	T tool {arguments} -> {result}; T! and it fails
//	X to whom the call is transferred
//
// <one|or another> is a choice, {name} a fact of the call.
type script struct {
	name      string
	weight    int
	outcome   string // success, fail, transfer
	direction string // when it is not the agent's own
	summary   template
	intent    string
	lines     []line
	target    string // of the transfer
}

type line struct {
	kind   byte // A, U or T
	text   template
	cut    bool // the agent is interrupted
	failed bool // the tool fails
	tool   string
	args   template
	result template
}

// loadScripts reads an agent's conversations.
func loadScripts(agent string) ([]script, error) {
	b, err := scriptFiles.ReadFile("scripts/" + agent + ".txt")
	if err != nil {
		return nil, err
	}
	return parseScripts(agent+".txt", b)
}

// parseScripts reads conversations; name is what errors call their file.
func parseScripts(name string, text []byte) ([]script, error) {
	var out []script
	for n, row := range strings.Split(string(text), "\n") {
		row = strings.TrimSuffix(row, "\r")
		if strings.TrimSpace(row) == "" {
			continue
		}
		if row[0] == '#' {
			s, err := parseHead(row)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
			}
			out = append(out, s)
			continue
		}
		if len(out) == 0 {
			return nil, fmt.Errorf("%s:%d: a line before the first script", name, n+1)
		}
		if err := out[len(out)-1].parse(row); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
	}
	return out, nil
}

func parseHead(row string) (script, error) {
	f := strings.Fields(row)
	if len(f) < 4 {
		return script{}, fmt.Errorf("a head is # name weight outcome")
	}
	w, err := strconv.Atoi(f[2])
	if err != nil {
		return script{}, fmt.Errorf("weight: %w", err)
	}
	s := script{name: f[1], weight: w, outcome: f[3]}
	if len(f) > 4 {
		s.direction = f[4]
	}
	return s, nil
}

func (s *script) parse(row string) (err error) {
	word, rest, _ := strings.Cut(row, " ")
	switch word {
	case "summary":
		s.summary, err = parseTemplate(rest)
	case "data":
		_, s.intent, _ = strings.Cut(rest, "=")
	case "X":
		s.target = rest
	case "A", "A~", "U":
		l := line{kind: word[0], cut: word == "A~"}
		l.text, err = parseTemplate(rest)
		s.lines = append(s.lines, l)
	case "T", "T!":
		err = s.parseTool(rest, word == "T!")
	default:
		err = fmt.Errorf("%q begins no line", word)
	}
	return err
}

func (s *script) parseTool(rest string, failed bool) (err error) {
	name, rest, _ := strings.Cut(rest, " ")
	args, result, ok := strings.Cut(rest, " -> ")
	if !ok {
		return fmt.Errorf("tool %s has no result", name)
	}
	l := line{kind: 'T', tool: name, failed: failed}
	if l.args, err = parseTemplate(args); err != nil {
		return err
	}
	if l.result, err = parseTemplate(result); err != nil {
		return err
	}
	s.lines = append(s.lines, l)
	return nil
}

// template is text with facts and choices to fill in.
type template []piece

// piece is literal text, a fact or a choice.
type piece struct {
	text    string
	fact    fact // 0: none
	choices []template
}

func parseTemplate(s string) (template, error) {
	var out template
	for s != "" {
		i := strings.IndexAny(s, "<{")
		if i < 0 {
			return append(out, piece{text: s}), nil
		}
		if i > 0 {
			out = append(out, piece{text: s[:i]})
			s = s[i:]
		}
		p, rest, err := parsePiece(s)
		if err != nil {
			return nil, err
		}
		out, s = append(out, p), rest
	}
	return out, nil
}

// parsePiece reads what begins with < or {. A brace that no name follows is
// one of JSON's.
func parsePiece(s string) (piece, string, error) {
	if s[0] == '{' {
		end := strings.IndexByte(s, '}')
		if end < 0 || strings.ContainsAny(s[1:end], "\" {") {
			return piece{text: "{"}, s[1:], nil
		}
		f, ok := factNamed(s[1:end])
		if !ok && end > 1 {
			return piece{}, "", fmt.Errorf("no fact is named %q", s[1:end])
		}
		if !ok {
			return piece{text: "{}"}, s[2:], nil
		}
		return piece{fact: f}, s[end+1:], nil
	}
	end := strings.IndexByte(s, '>')
	if end < 0 {
		return piece{}, "", fmt.Errorf("a choice without its end: %q", s)
	}
	var p piece
	for option := range strings.SplitSeq(s[1:end], "|") {
		t, err := parseTemplate(option)
		if err != nil {
			return piece{}, "", err
		}
		p.choices = append(p.choices, t)
	}
	return p, s[end+1:], nil
}

// fill appends the text with the facts of a call, choosing by r.
func (t template) fill(dst []byte, f *facts, r *rng) []byte {
	for i := range t {
		switch p := &t[i]; {
		case p.choices != nil:
			dst = p.choices[r.IntN(len(p.choices))].fill(dst, f, r)
		case p.fact != 0:
			dst = append(dst, f[p.fact]...)
		default:
			dst = append(dst, p.text...)
		}
	}
	return dst
}

func (t template) string(f *facts, r *rng) string { return string(t.fill(make([]byte, 0, 160), f, r)) }
