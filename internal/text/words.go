package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/redact"
)

// Bounds on what is read of a call, but for phrases: see AgentSpeech. A turn of
// 2,000 bytes is two minutes of speech; of a call with more turns the first and
// the last half are read.
const (
	maxTurns     = 1000
	maxTurnBytes = 2000
)

// Word is one word of a turn and where it stands there.
type Word struct {
	Text       string // lower-case, contractions with a plain apostrophe
	Start, End int    // bytes of the turn's text
	Stop       bool   // a sentence ends with it
	Pause      bool   // a comma or the like follows
}

// Said is a turn made ready for the rules.
type Said struct {
	Index       int
	Role        ringside.Role
	Text        string // as it came, its beginning if it is very long
	StartMS     *int64
	EndMS       *int64
	Interrupted bool
	Words       []Word
	Secrets     []Secret // in the order in which they stand
}

// Read makes a turn ready. Before are the turns that came before it: what the
// agent asked for tells what a number is.
func Read(t *ringside.Turn, before []Said) Said {
	s := Said{Index: t.Index, Role: t.Role, Text: cut(t.Text, maxTurnBytes), StartMS: t.StartMS, EndMS: t.EndMS, Interrupted: t.Interrupted}
	s.Words = unmarked(s.Text, split(s.Text))
	s.Secrets = merge(append(hidden(t, s.Text), secrets(&s, before)...))
	return s
}

// readAll makes the turns of a call ready, as far as they are read.
func readAll(turns []ringside.Turn) []Said {
	out := make([]Said, 0, min(len(turns), maxTurns))
	for i := range turns {
		if len(turns) > maxTurns && i >= maxTurns/2 && i < len(turns)-maxTurns/2 {
			continue
		}
		t := turns[i]
		t.Index = i // a position is what evidence points at
		out = append(out, Read(&t, out))
	}
	return out
}

// cut gives the beginning of a text, up to n bytes, in whole letters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// split finds the words. A letter of a script that is written without spaces
// is a word by itself.
func split(text string) []Word {
	words := make([]Word, 0, len(text)/5+1)
	start := -1
	end := func(at int) {
		if start >= 0 {
			words = append(words, Word{Text: normal(text[start:at]), Start: start, End: at})
			start = -1
		}
	}
	for i, r := range text {
		switch {
		case r < utf8.RuneSelf && (r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9'),
			r >= utf8.RuneSelf && r != '’' && !unspaced(r) && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)):
			if start < 0 {
				start = i
			}
		case (r == '\'' || r == '’') && start >= 0 && letterAfter(text, i+utf8.RuneLen(r)):
		case r >= utf8.RuneSelf && unspaced(r):
			end(i)
			start = i
			end(i + utf8.RuneLen(r))
		default:
			end(i)
			if len(words) > 0 {
				last := &words[len(words)-1]
				last.Stop = last.Stop || stops(text, i, r)
				last.Pause = last.Pause || r == ',' || r == ';' || r == ':' || r == '–' || r == '—'
			}
		}
	}
	end(len(text))
	return words
}

func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

func letterAfter(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r)
}

// stops tells whether a sentence ends at a mark. The point in 3.5 and the one
// after Mrs do not end one.
func stops(text string, i int, r rune) bool {
	switch r {
	case '!', '?', '\n', '。', '？', '！', '…':
		return true
	case '.':
		if i+1 < len(text) && text[i+1] != ' ' && text[i+1] != '\n' {
			return false
		}
		word := text[max(0, i-maxTitle-1):i]
		return !titles[word[strings.LastIndexByte(word, ' ')+1:]]
	}
	return false
}

// maxTitle is the length of the longest title.
const maxTitle = 3

var titles = map[string]bool{"Mr": true, "Mrs": true, "Ms": true, "Dr": true, "St": true, "No": true}

// contractions are what transcribers write without the apostrophe. "its",
// "were", "well" and "ill" are words of their own and stay.
var contractions = map[string]string{
	"dont": "don't", "cant": "can't", "wont": "won't", "didnt": "didn't", "doesnt": "doesn't", "isnt": "isn't",
	"wasnt": "wasn't", "arent": "aren't", "werent": "weren't", "havent": "haven't", "hasnt": "hasn't",
	"couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't", "ive": "i've", "im": "i'm",
	"youre": "you're", "youve": "you've", "weve": "we've", "theyre": "they're", "thats": "that's", "whats": "what's",
}

func normal(word string) string {
	w := strings.ToLower(word)
	if strings.Contains(w, "’") {
		w = strings.ReplaceAll(w, "’", "'")
	}
	if whole, ok := contractions[w]; ok {
		return whole
	}
	return w
}

// sentence gives the bounds, in words, of the sentence that a word is in.
func (s *Said) sentence(at int) (from, to int) {
	for from = at; from > 0 && !s.Words[from-1].Stop; from-- {
	}
	for to = at + 1; to < len(s.Words) && !s.Words[to-1].Stop; to++ {
	}
	return from, to
}

// sentences calls f with the bounds of each sentence, until it says stop.
func (s *Said) sentences(f func(from, to int) bool) {
	for from := 0; from < len(s.Words); {
		_, to := s.sentence(from)
		if !f(from, to) {
			return
		}
		from = to
	}
}

// maxQuote is how long a quote may be, in bytes.
const maxQuote = 240

// quote gives the words from one to before another as they stand in the turn,
// with the marks that follow them and without anything secret. What was hidden
// before it came here stays a whole token.
func (s *Said) quote(from, to int) string {
	if from >= to || to > len(s.Words) {
		return ""
	}
	tokens := redact.Tokens(s.Text)
	start, end := redact.Whole(tokens, s.Words[from].Start, s.Words[to-1].End)
	for end < len(s.Text) && strings.IndexByte(".!?", s.Text[end]) >= 0 {
		end++
	}
	for to > from+1 && end-start > maxQuote {
		to--
		_, end = redact.Whole(tokens, start, s.Words[to-1].End)
	}
	return s.masked(start, start+len(cut(s.Text[start:end], maxQuote)))
}

// asksAt tells whether the sentence that ends before a word is a question.
func (s *Said) asksAt(to int) bool {
	end := s.Words[to-1].End
	return end < len(s.Text) && s.Text[end] == '?'
}

// asks tells whether the text ends with a question.
func (s *Said) asks() bool {
	return strings.HasSuffix(strings.TrimRight(s.Text, " \n\t\"”"), "?")
}

// lower is a name in lower case with single spaces for all marks.
func lower(name string) string {
	words := split(cut(name, maxTurnBytes))
	out := make([]string, len(words))
	for i := range words {
		out[i] = words[i].Text
	}
	return strings.Join(out, " ")
}
