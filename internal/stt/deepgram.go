package stt

import (
	"cmp"
	"encoding/json"
	"net/url"
)

// deepgramQuery is what is asked of Deepgram.
func deepgramQuery(s *SpeechSettings) string {
	q := url.Values{"model": {s.Model}, "smart_format": {"true"}, "punctuate": {"true"}, "utterances": {"true"}}
	if s.Language != "" {
		q.Set("language", s.Language)
	}
	return q.Encode()
}

type deepgramWord struct {
	Word       string  `json:"word"`
	Punctuated string  `json:"punctuated_word"`
	Start      float64 `json:"start"`
	End        float64 `json:"end"`
	Confidence float64 `json:"confidence"`
}

type deepgramAnswer struct {
	Results *struct {
		Channels []struct {
			Alternatives []struct {
				Transcript string         `json:"transcript"`
				Words      []deepgramWord `json:"words"`
			} `json:"alternatives"`
		} `json:"channels"`
		Utterances []struct {
			Start      float64        `json:"start"`
			End        float64        `json:"end"`
			Transcript string         `json:"transcript"`
			Words      []deepgramWord `json:"words"`
		} `json:"utterances"`
	} `json:"results"`
}

// readDeepgram reads an answer about a sound of some seconds.
func readDeepgram(body []byte, seconds float64) (*Transcript, *Error) {
	var a deepgramAnswer
	if json.Unmarshal(body, &a) != nil || a.Results == nil {
		return nil, malformed
	}
	var segments []Segment
	for i := range a.Results.Utterances {
		u := &a.Results.Utterances[i]
		segments = append(segments, Segment{Start: u.Start, End: u.End, Text: tidy(u.Transcript), Words: deepgramWords(u.Words)})
	}
	if len(a.Results.Channels) == 0 || len(a.Results.Channels[0].Alternatives) == 0 {
		return made("", segments, nil, seconds), nil
	}
	best := &a.Results.Channels[0].Alternatives[0]
	return made(best.Transcript, segments, deepgramWords(best.Words), seconds), nil
}

func deepgramWords(all []deepgramWord) (out []Word) {
	for i := range all {
		w := &all[i]
		if text := tidy(cmp.Or(w.Punctuated, w.Word)); text != "" && timed(w.Start, w.End) {
			out = append(out, Word{Text: text, Start: w.Start, End: w.End, Confidence: likely(w.Confidence)})
		}
	}
	return out
}
