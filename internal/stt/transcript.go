package stt

import (
	"math"
	"slices"
	"strings"
)

// Transcript is what was said, as a server wrote it down. Times are seconds from
// the start of the sound.
type Transcript struct {
	Segments []Segment // in order of time; none where nothing was said
	Timed    bool      // false: one segment holds all, and its times are those of the sound
}

// Segment is a stretch of speech.
type Segment struct {
	Start, End float64
	Text       string
	Words      []Word // none where the server gives no times of words
}

// Word is one word.
type Word struct {
	Text       string
	Start, End float64
	Confidence float64 // 0 when not said
}

// Text is all that was said.
func (t *Transcript) Text() string {
	parts := make([]string, len(t.Segments))
	for i := range t.Segments {
		parts[i] = t.Segments[i].Text
	}
	return strings.Join(parts, " ")
}

// pause ends a segment of words that came without segments, in seconds.
const pause = 1

// made puts a transcript together from the best of what a server gives of a
// sound: its words belong to the segment that they begin in; without segments,
// the words are the segments; without either, the whole text is one.
func made(text string, segments []Segment, words []Word, seconds float64) *Transcript {
	words = slices.DeleteFunc(words, func(w Word) bool { return w.Text == "" || !timed(w.Start, w.End) })
	segments = slices.DeleteFunc(segments, func(s Segment) bool { return s.Text == "" || !timed(s.Start, s.End) })
	slices.SortStableFunc(words, func(a, b Word) int { return compare(a.Start, b.Start) })
	slices.SortStableFunc(segments, func(a, b Segment) int { return compare(a.Start, b.Start) })
	text = tidy(text)
	switch {
	case len(segments) > 0:
		share(segments, words)
	case len(words) > 0:
		segments = ofWords(words)
	case text != "":
		return &Transcript{Segments: []Segment{{End: seconds, Text: text}}}
	}
	for i := range segments {
		s := &segments[i]
		s.Start, s.End = min(s.Start, seconds), min(s.End, seconds)
		for j := range s.Words {
			w := &s.Words[j]
			w.Start, w.End = min(w.Start, seconds), min(w.End, seconds)
		}
	}
	return &Transcript{Segments: segments, Timed: true}
}

// share gives each word to the segment that it begins in, or to the last before
// it. Segments that brought their own keep them.
func share(segments []Segment, words []Word) {
	if slices.ContainsFunc(segments, func(s Segment) bool { return len(s.Words) > 0 }) {
		return
	}
	at := 0
	for _, w := range words {
		for at+1 < len(segments) && w.Start >= segments[at+1].Start {
			at++
		}
		segments[at].Words = append(segments[at].Words, w)
	}
}

// ofWords makes segments of words, parted where nobody speaks.
func ofWords(words []Word) (out []Segment) {
	for _, w := range words {
		if n := len(out); n > 0 && w.Start-out[n-1].End < pause {
			s := &out[n-1]
			s.Text, s.End, s.Words = s.Text+" "+w.Text, max(s.End, w.End), append(s.Words, w)
			continue
		}
		out = append(out, Segment{Start: w.Start, End: w.End, Text: w.Text, Words: []Word{w}})
	}
	return out
}

// timed tells whether two times can be those of something that was said.
func timed(start, end float64) bool { return start >= 0 && end >= start && !math.IsInf(end, 0) }

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }
