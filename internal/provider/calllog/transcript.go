package calllog

import (
	"bytes"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// transcript reads the transcript in either of its forms.
func (f fields) transcript(x *ringside.Facts) error {
	raw := bytes.TrimSpace(f["transcript"])
	if null(raw) {
		return nil
	}
	switch raw[0] {
	case '"':
		var text string
		if err := provider.Unmarshal(raw, &text); err != nil {
			return provider.Under("/transcript", err)
		}
		spoken(x, text)
		return nil
	case '{':
		return structured(x, raw)
	}
	return ringside.Invalidf("/transcript", `must be text, or an object with kind "openai" and messages`)
}

// spoken reads text with a speaker before each line. A line without one goes
// on with the turn before it. Text that does not begin with a speaker that can
// be told is kept whole.
func spoken(x *ringside.Facts, text string) {
	var turns []ringside.Turn
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		role, said, ok := cutSpeaker(line)
		switch {
		case line == "":
		case ok:
			turns = append(turns, ringside.Turn{Role: role, Text: said})
		case len(turns) == 0:
			x.Metadata["transcript"] = text
			x.Warnings = append(x.Warnings, `the transcript does not tell the speakers apart: write each line as "Agent: …" or "User: …"`)
			return
		default:
			last := &turns[len(turns)-1]
			last.Text = strings.TrimSpace(last.Text + " " + line)
		}
	}
	for _, t := range turns {
		if t.Text != "" {
			x.Turns = append(x.Turns, t)
		}
	}
}

// cutSpeaker takes the speaker from the beginning of a line.
func cutSpeaker(line string) (role ringside.Role, said string, ok bool) {
	name, said, found := strings.Cut(line, ":")
	if !found {
		return "", "", false
	}
	role, ok = roles[strings.ToLower(strings.TrimSpace(name))]
	return role, strings.TrimSpace(said), ok
}

// roles are the names that the two sides go by.
var roles = map[string]ringside.Role{
	"ai": ringside.RoleAgent, "agent": ringside.RoleAgent, "assistant": ringside.RoleAgent, "bot": ringside.RoleAgent,
	"user": ringside.RoleUser, "customer": ringside.RoleUser, "caller": ringside.RoleUser, "human": ringside.RoleUser,
}
