package stt

import (
	"errors"
	"testing"

	"github.com/ringsidehq/ringside"
)

// Odd answers lose what is wrong with them, and nothing else.
func TestOddAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body     string
		text     string
		segments int
		words    int // of the first segment
	}{
		"words without segments":    {`{"text":"a b c","words":[{"word":"a","start":0,"end":0.4},{"word":"b","start":0.5,"end":0.9},{"word":"c","start":2.5,"end":3}]}`, "a b c", 2, 2},
		"words that are null":       {`{"text":"a","words":null,"segments":[{"id":"s1","start":0,"end":1,"text":"a","words":null}]}`, "a", 1, 0},
		"segments without times":    {`{"text":"a b","segments":[{"text":"a"},{"text":"b"}]}`, "a b", 1, 0},
		"no text beside segments":   {`{"segments":[{"start":0,"end":1,"text":" a "},{"start":1,"end":2,"text":"b"}]}`, "a b", 2, 0},
		"out of order":              {`{"text":"","segments":[{"start":2,"end":3,"text":"b"},{"start":0,"end":1,"text":"a"}]}`, "a b", 2, 0},
		"times that run back":       {`{"text":"","segments":[{"start":0,"end":1,"text":"a"},{"start":5,"end":2,"text":"b"}]}`, "a", 1, 0},
		"an end beyond the sound":   {`{"text":"","segments":[{"start":0,"end":99,"text":"a"}]}`, "a", 1, 0},
		"words beyond the sound":    {`{"text":"a","segments":[{"start":0,"end":1,"text":"a","words":[{"word":"a","start":1000,"end":1e300}]}]}`, "a", 1, 1},
		"an empty segment":          {`{"text":"a","segments":[{"start":0,"end":1,"text":" "},{"start":1,"end":2,"text":"a"}]}`, "a", 1, 0},
		"a word between segments":   {`{"text":"a b","segments":[{"start":0,"end":1,"text":"a"},{"start":2,"end":3,"text":"b"}],"words":[{"word":"a","start":0,"end":1},{"word":"x","start":1.5,"end":1.6},{"word":"b","start":2,"end":3}]}`, "a b", 2, 2},
		"nothing was said":          {`{"text":""}`, "", 0, 0},
		"tokens without their word": {`{"text":"a","segments":[{"start":0,"end":1,"text":"ab","words":[{"word":" a","start":0,"end":0.5},{"word":"b","start":0.5,"end":1},{"word":""}]}]}`, "ab", 1, 1},
	} {
		got, err := readOpenAI([]byte(tc.body), 4)
		if err != nil || got.Text() != tc.text || len(got.Segments) != tc.segments || tc.segments > 0 && len(got.Segments[0].Words) != tc.words {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		for _, s := range got.Segments {
			if s.Start < 0 || s.End > 4 || s.End < s.Start {
				t.Errorf("%s: from %v to %v", name, s.Start, s.End)
			}
			for _, w := range s.Words {
				if w.End > 4 || w.End < w.Start {
					t.Errorf("%s: the word %+v", name, w)
				}
			}
		}
	}
}

// Whatever a server answers is read without a crash, into times that are some.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"text":"a b","words":[{"word":" a","start":0,"end":1,"probability":0.5},{"word":"b","start":1,"end":1e300}],"segments":[{"start":0,"end":2,"text":"a b"}]}`))
	f.Add([]byte(`{"results":{"channels":[{"alternatives":[{"transcript":"a","words":[{"word":"a","punctuated_word":"A.","start":0,"end":1,"confidence":2}]}]}],"utterances":[{"start":0,"end":1,"transcript":"A."}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, read := range []func([]byte, float64) (*Transcript, *Error){readOpenAI, readDeepgram} {
			got, err := read(body, 10)
			if err != nil {
				continue
			}
			for _, s := range got.Segments {
				if s.Text == "" || !(s.Start >= 0 && s.Start <= s.End && s.End <= 10) {
					t.Errorf("segment %+v", s)
				}
				for _, w := range s.Words {
					if w.Text == "" || !(w.Start >= 0 && w.Start <= w.End && w.End <= 10) || w.Confidence < 0 || w.Confidence > 1 {
						t.Errorf("word %+v", w)
					}
				}
			}
		}
	})
}

// The settings name the field that is wrong.
func TestValidate(t *testing.T) {
	t.Parallel()
	good := SpeechSettings{Kind: OpenAI, BaseURL: "https://api.openai.com/v1", Model: "whisper-1", Language: "pt-BR"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for at, change := range map[string]func(*SpeechSettings){
		"/kind":     func(s *SpeechSettings) { s.Kind = "whisper" },
		"/base_url": func(s *SpeechSettings) { s.BaseURL = "https://key@api.openai.com" },
		"/model":    func(s *SpeechSettings) { s.Model = " " },
		"/language": func(s *SpeechSettings) { s.Language = "English please" },
	} {
		s := good
		change(&s)
		if e, ok := errors.AsType[*ringside.Error](s.Validate()); !ok || e.Kind != ringside.Invalid || e.Field != at {
			t.Errorf("%s: %v", at, e)
		}
	}
}

// Speech goes to the server's endpoint, however much of it was given.
func TestEndpoint(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"http://localhost:8080":                               "http://localhost:8080/v1/audio/transcriptions",
		"http://localhost:8080/v1/":                           "http://localhost:8080/v1/audio/transcriptions",
		"https://api.openai.com/v1/audio/transcriptions":      "https://api.openai.com/v1/audio/transcriptions",
		"http://localhost:8080/inference":                     "http://localhost:8080/inference",
		"https://gateway.example.com/openai/v2beta/openai":    "https://gateway.example.com/openai/v2beta/openai/audio/transcriptions",
		"https://gateway.example.com/audio/transcriptions///": "https://gateway.example.com/v1/audio/transcriptions",
	} {
		if got := (&SpeechSettings{Kind: OpenAI, BaseURL: base}).endpoint(); got != want {
			t.Errorf("%s gives %s, want %s", base, got, want)
		}
	}
	for _, base := range []string{"https://api.deepgram.com", "https://api.deepgram.com/v1/", "https://api.deepgram.com/v1/listen"} {
		if got := (&SpeechSettings{Kind: Deepgram, BaseURL: base}).endpoint(); got != "https://api.deepgram.com/v1/listen" {
			t.Errorf("%s gives %s", base, got)
		}
	}
}
