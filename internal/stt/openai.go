package stt

import (
	"encoding/json"
	"strings"
)

// form is how an OpenAI server is asked, the most telling first.
type form int

const (
	withWords    form = iota // verbose_json with times of words
	withSegments             // verbose_json
	textAlone                // json
)

// simpler is the form to ask in once a server complains of one; the same when
// that is not what it complains of.
func (f form) simpler(complaint string) form {
	complaint = strings.NewReplacer("_", " ", "-", " ").Replace(complaint)
	names := func(s string) bool { return strings.Contains(complaint, s) }
	switch {
	case f < textAlone && (names("response format") || names("verbose json")):
		return textAlone
	case f == withWords && names("granularit"):
		return withSegments
	}
	return f
}

// fields are the parts of a request beside the file, in order.
func (f form) fields(s *SpeechSettings) [][2]string {
	out := [][2]string{{"model", s.Model}, {"response_format", "verbose_json"}}
	switch f {
	case withWords:
		out = append(out, [2]string{"timestamp_granularities[]", "word"}, [2]string{"timestamp_granularities[]", "segment"})
	case textAlone:
		out[1][1] = "json"
	}
	if s.Language != "" {
		out = append(out, [2]string{"language", s.Language})
	}
	return out
}

// openAIWord is a word; whisper.cpp's are tokens, which begin with a blank where a
// word does.
type openAIWord struct {
	Word        string   `json:"word"`
	Start       *float64 `json:"start"`
	End         *float64 `json:"end"`
	Probability float64  `json:"probability"`
}

type openAIAnswer struct {
	Text     *string      `json:"text"`
	Words    []openAIWord `json:"words"`
	Segments []struct {
		Start *float64     `json:"start"`
		End   *float64     `json:"end"`
		Text  string       `json:"text"`
		Words []openAIWord `json:"words"`
	} `json:"segments"`
}

// readOpenAI reads an answer about a sound of some seconds.
func readOpenAI(body []byte, seconds float64) (*Transcript, *Error) {
	var a openAIAnswer
	if json.Unmarshal(body, &a) != nil || a.Text == nil && len(a.Segments) == 0 {
		return nil, malformed
	}
	var segments []Segment
	for i := range a.Segments {
		s := &a.Segments[i]
		if s.Start == nil || s.End == nil {
			segments = nil
			break
		}
		out := Segment{Start: *s.Start, End: *s.End, Text: tidy(s.Text)}
		if len(a.Words) == 0 {
			out.Words = words(s.Words)
		}
		segments = append(segments, out)
	}
	text := ""
	if a.Text != nil {
		text = *a.Text
	} else {
		for i := range a.Segments {
			text += " " + a.Segments[i].Text
		}
	}
	return made(text, segments, words(a.Words), seconds), nil
}

// words reads words, and puts those together that came in tokens.
func words(all []openAIWord) (out []Word) {
	tokens := false
	for i := range all {
		tokens = tokens || strings.HasPrefix(all[i].Word, " ")
	}
	for i := range all {
		w := &all[i]
		text := tidy(w.Word)
		if w.Start == nil || w.End == nil || text == "" || !timed(*w.Start, *w.End) {
			continue
		}
		if n := len(out); tokens && n > 0 && !strings.HasPrefix(w.Word, " ") {
			last := &out[n-1]
			last.Text, last.End, last.Confidence = last.Text+text, max(last.End, *w.End), min(last.Confidence, likely(w.Probability))
			continue
		}
		out = append(out, Word{Text: text, Start: *w.Start, End: *w.End, Confidence: likely(w.Probability)})
	}
	return out
}

// likely is a probability within its bounds; 0 for what is none.
func likely(p float64) float64 {
	if p > 0 && p <= 1 {
		return p
	}
	return 0
}
