package text

import (
	"strings"
	"testing"
)

// lexicons are all tables of cues.
func lexicons() map[string]*lexicon {
	all := map[string]*lexicon{
		"frustrated": frustrated, "apologies": apologies, "refusals": refusals, "ironic": ironic, "person": personCues, "ordinary": ordinary, "again": again,
		"claims": claimCues, "unknowing": unknowing, "wondering": wondering, "line": line, "holds": holds, "handovers": handovers,
		"secret asks": secretAsks, "secret given": secretGiven, "leaving": leaving, "machines": machines, "wants": wants, "purposes": purposes, "promises": promises, "rude": rude,
	}
	for i := range topics {
		all[topics[i].name] = topicLexicons[i]
	}
	for i := range greets {
		all[greets[i].name] = greets[i].cues
	}
	return all
}

// TestEveryPatternMatchesWhatItSays reads each pattern back: its first choices,
// with and without what may be missing, must match all of it.
func TestEveryPatternMatchesWhatItSays(t *testing.T) {
	t.Parallel()
	for name, l := range lexicons() {
		for first, list := range l.first {
			for _, c := range list {
				p := c.cue.pattern
				if first == "" || c.parts[0].words == nil || c.parts[0].optional {
					t.Errorf("%s: %q begins with no word", name, p)
					continue
				}
				for _, whole := range []bool{true, false} {
					said := []string{first}
					for _, part := range c.parts[1:] {
						switch {
						case part.gap && whole:
							said = append(said, "x1", "x2")
						case part.gap, part.optional && !whole:
						case part.words == nil:
							said = append(said, "x3")
						default:
							said = append(said, part.words[len(part.words)-1])
						}
					}
					words := split(strings.Join(said, " "))
					if got := c.match(words, 0, 0); got == 0 {
						t.Errorf("%s: %q does not match %q", name, p, said)
					}
				}
			}
		}
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ pattern, text, want string }{
		{"told you", "I told you so", "told you"},
		{"told you", "I told. You know", ""},
		{"a|the robot", "is this the robot", "the robot"},
		{"i've already? told you", "I’ve told you", "I’ve told you"},
		{"i've already? told you", "Ive already told you", "Ive already told you"},
		{"talk to ~ person", "talk to a real person", "talk to a real person"},
		{"talk to ~ person", "talk to one two three four person", ""},
		{"^ no", "oh no", ""},
		{"^ no", "Oh. No", "No"},
		{"agent $", "agent please", ""},
		{"agent $", "an agent. Please", "agent."},
		{"listen to me", "don't listen to me", ""},
		{"listen to me", "No, listen to me", "listen to me"},
		{"not listening", "you are not listening", "not listening"},
		{"x _ z", "x y z", "x y z"},
		{"you're wrong / you are wrong", "You are wrong", "You are wrong"},
		{"again / again and again", "again and again", "again and again"},
	} {
		got := ""
		s := Said{Text: tc.text, Words: split(tc.text)}
		if h, ok := compile([]cue{{pattern: tc.pattern}}).one(s.Words); ok {
			got = s.quote(h.from, h.to)
		}
		if got != tc.want {
			t.Errorf("%q in %q: %q, want %q", tc.pattern, tc.text, got, tc.want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, want string }{
		{"Hello, it's ME. OK?", "hello it's me| ok|"},
		{"I dont know. Mr. Lee’s at 3.5 Mill-Lane!", "i don't know| mr lee's at 3 5 mill lane|"},
		{"'quoted' and d'", "quoted and d"},
		{"Ünïcode öl\ngeht", "ünïcode öl| geht"},
		{"你好吗？好", "你 好 吗| 好"},
		{"bad \xff\xfe bytes", "bad bytes"},
		{" … ", ""},
		{"", ""},
	} {
		var out []string
		for _, w := range split(tc.text) {
			if low := strings.ToLower(tc.text[w.Start:w.End]); len(low) == len(w.Text) && !strings.Contains(low, "’") && low != w.Text {
				t.Errorf("%q stands at %d to %d of %q", w.Text, w.Start, w.End, tc.text)
			}
			s := w.Text
			if w.Stop {
				s += "|"
			}
			out = append(out, s)
		}
		if got := strings.Join(out, " "); got != tc.want {
			t.Errorf("%q: %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestQuoteIsCutAtAWord(t *testing.T) {
	t.Parallel()
	s := Said{Text: strings.Repeat("word ", 100)}
	s.Words = split(s.Text)
	q := s.quote(0, len(s.Words))
	if len(q) > maxQuote || !strings.HasSuffix(q, "word") || !strings.Contains(s.Text, q) {
		t.Errorf("a quote of %d bytes: %q", len(q), q)
	}
	long := Said{Text: strings.Repeat("é", 400)}
	long.Words = split(long.Text)
	if q := long.quote(0, 1); len(q) > maxQuote || !strings.HasPrefix(long.Text, q) || q == "" {
		t.Errorf("a word without end is quoted as %q", q)
	}
}

// What was hidden is quoted as a whole token, wherever a quote begins or ends.
func TestQuoteHoldsWholeTokens(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Send it to [email 1]":                "Send it to [email 1]",
		"Send it to [email 1]. Thanks.":       "Send it to [email 1].",
		"[phone 12] is mine":                  "[phone 12] is mine",
		"It's [birthdate 1], [note 1]":        "It's [birthdate 1], [note 1",
		strings.Repeat("w ", 116) + "[ssn 1]": strings.TrimRight(strings.Repeat("w ", 116), " ") + " [ssn 1]",
		strings.Repeat("w ", 117) + "[ssn 1]": strings.TrimRight(strings.Repeat("w ", 117), " "),
	} {
		s := Said{Text: text}
		s.Words = split(s.Text)
		if got := s.quote(s.sentence(0)); got != want {
			t.Errorf("%q is quoted as %q, want %q", text, got, want)
		}
	}
}

// Weights and names of the parts are those that the API promises.
func TestPartsTotalOne(t *testing.T) {
	t.Parallel()
	sum := 0.0
	for i := range parts {
		sum += parts[i].weight
	}
	if sum < 0.9999 || sum > 1.0001 {
		t.Errorf("the weights total %v", sum)
	}
}

// A stem is found at the beginning of a word, and after re.
func TestStems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"book visit": true, "rebook": true, "facebook": false, "": false, "notebook book": true, `{"a":"booking"}`: true,
	} {
		if got := stemIn(text, []string{"book"}); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestNameWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"send_email": "send email", "sendEmail": "send email", "Quote Move": "quote move", "transfer-to-number2": "transfer to number2", "": "", "é": "",
	} {
		if got := strings.Join(nameWords(name), " "); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
