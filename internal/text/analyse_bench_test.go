package text_test

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

// twelveTurns is a call of twelve turns with three tools, as the budget of the
// local pipeline is for.
func twelveTurns(b *testing.B) *ringside.Call {
	b.Helper()
	for _, d := range dialogues(b, "demo.txt") {
		if d.name == "harbour-no-slot" {
			return d.call
		}
	}
	b.Fatal("the dialogue is gone")
	return nil
}

// BenchmarkAnalyse is what all local rules cost for one call.
func BenchmarkAnalyse(b *testing.B) {
	c := twelveTurns(b)
	text.Analyse(c, nil) // makes the lexicon
	b.ReportMetric(float64(len(c.Turns)), "turns")
	b.ReportAllocs()
	for b.Loop() {
		text.Analyse(c, nil)
	}
}

// BenchmarkAnalyseBound is the worst that a call can cost: as many turns and
// tools as are read, each as long as is read.
func BenchmarkAnalyseBound(b *testing.B) {
	c := ringside.NewCall("ws", "test", "1")
	for range 1000 {
		add(c, "A "+strings.Repeat("I have booked it and I'm sorry about that great mess. ", 50))
		add(c, "U "+strings.Repeat("I already told you, this is a terrible joke. ", 50))
		add(c, `T book {"note":"`+strings.Repeat("word ", 1000)+`"} -> {}`)
	}
	text.Analyse(c, nil)
	for b.Loop() {
		text.Analyse(c, goldenSettings())
	}
}

// BenchmarkTurn is what the rules for the newest customer turn cost, as a call
// that goes on needs them.
func BenchmarkTurn(b *testing.B) {
	c := twelveTurns(b)
	var before []text.Said
	for i := range c.Turns[:9] {
		before = append(before, text.Read(&c.Turns[i], before))
	}
	b.ReportAllocs()
	for b.Loop() {
		s := text.Read(&c.Turns[9], before)
		v := text.Sentiment(&s)
		text.Frustration(&s, v, before)
		text.AsksForPerson(&s)
	}
}
