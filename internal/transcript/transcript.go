// Package transcript reads the file that tells what was said in a call.
package transcript

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ringsidehq/ringside"
)

// maxFile bounds the file.
const maxFile = 32 << 20

// Read reads a transcript. JSON is a list of turns, or an object with one, in our
// own form or with the names that others give the same things; anything else is
// text, each turn behind who speaks.
func Read(path string) ([]ringside.Turn, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the transcript: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the transcript: %w", err)
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("the transcript is larger than %d MB", maxFile>>20)
	}
	return parse(b)
}

func parse(b []byte) ([]ringside.Turn, error) {
	b = bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\ufeff")))
	if len(b) == 0 {
		return nil, errors.New("the transcript is empty")
	}
	if b[0] != '{' && b[0] != '[' && b[0] != '"' {
		return parseText(string(b))
	}
	list := b
	if b[0] == '{' {
		var in struct{ Turns, Transcript, Messages json.RawMessage }
		if err := json.Unmarshal(b, &in); err != nil {
			return nil, fmt.Errorf("read the transcript: %w", err)
		}
		for _, l := range []json.RawMessage{in.Turns, in.Transcript, in.Messages} {
			if l != nil {
				list = l
				break
			}
		}
	}
	var turns []spoken
	if err := json.Unmarshal(list, &turns); err != nil {
		return nil, errors.New("the transcript is not a list of turns, nor an object with one under turns")
	}
	out := make([]ringside.Turn, 0, len(turns))
	for i := range turns {
		if t, ok := turns[i].turn(); ok {
			out = append(out, t)
		}
	}
	return out, nil
}

// spoken is one turn of a transcript; times in ms, or in seconds by the shorter
// names.
type spoken struct {
	Role    string   `json:"role"`
	Speaker string   `json:"speaker"`
	By      string   `json:"by"`
	Text    string   `json:"text"`
	Content string   `json:"content"`
	StartMS *float64 `json:"start_ms"`
	EndMS   *float64 `json:"end_ms"`
	Start   *float64 `json:"start"`
	End     *float64 `json:"end"`
}

// turn is not ok when nobody of the call spoke: tools and the system do not.
func (s *spoken) turn() (t ringside.Turn, ok bool) {
	for _, who := range []string{s.Role, s.Speaker, s.By} {
		if t.Role = roles[strings.ToLower(who)]; t.Role != "" {
			break
		}
	}
	if t.Text = s.Text; t.Text == "" {
		t.Text = s.Content
	}
	t.StartMS, t.EndMS = millis(s.StartMS, s.Start), millis(s.EndMS, s.End)
	return t, t.Role != ""
}

var roles = map[string]ringside.Role{
	"agent": ringside.RoleAgent, "assistant": ringside.RoleAgent, "bot": ringside.RoleAgent, "ai": ringside.RoleAgent,
	"user": ringside.RoleUser, "customer": ringside.RoleUser, "caller": ringside.RoleUser, "human": ringside.RoleUser,
}

func millis(ms, seconds *float64) *int64 {
	switch {
	case ms != nil:
		return new(int64(*ms))
	case seconds != nil:
		return new(int64(1000 * *seconds))
	}
	return nil
}

// parseText reads lines such as "Agent: Hello". A line without a speaker goes on
// with the turn before it.
func parseText(text string) (out []ringside.Turn, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		who, said, _ := strings.Cut(line, ":")
		role := roles[strings.ToLower(strings.TrimSpace(who))]
		switch {
		case role != "" && len(who) < len(line):
			out = append(out, ringside.Turn{Role: role, Text: strings.TrimSpace(said)})
		case len(out) == 0:
			return nil, fmt.Errorf("the transcript is no JSON, and its line %d begins with neither Agent nor Customer and a colon", n)
		default:
			last := &out[len(out)-1]
			last.Text = strings.TrimSpace(last.Text + " " + line)
		}
	}
	return out, nil
}
