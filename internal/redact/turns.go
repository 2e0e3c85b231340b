package redact

import (
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Turns hides what is personal in turns that follow each other, and gives them
// anew. Of each stretch that is hidden it says when it was said.
func (r *Redactor) Turns(all []ringside.Turn) []ringside.Turn { return r.after(nil, all) }

// after does so with turns that follow on what was said before.
func (r *Redactor) after(before []Said, all []ringside.Turn) []ringside.Turn {
	if len(all) == 0 {
		return all
	}
	out := slices.Clone(all)
	said := slices.Clone(before)
	for i := range out {
		said = append(said, Said{out[i].Role, out[i].Text})
	}
	var finds []Find
	for _, x := range r.finder.Find(said) {
		if x.At -= len(before); x.At >= 0 {
			finds = append(finds, x)
		}
	}
	for i := range out {
		var own []Find
		for len(finds) > 0 && finds[0].At == i {
			own, finds = append(own, finds[0]), finds[1:]
		}
		r.turn(&out[i], own)
	}
	return out
}

// turn hides finds in a turn. One that came with something hidden, and nothing
// about it, is told of it.
func (r *Redactor) turn(t *ringside.Turn, finds []Find) {
	before := t.Text
	at := place(t)
	t.Words = joined(t.Words)
	if len(finds) > 0 {
		for _, x := range finds {
			t.Redacted = append(t.Redacted, timed(t, at, x.Start, x.End, ringside.Redacted{Kind: x.Kind, Token: r.token(x.Kind, x.Value)}))
		}
		t.Words = r.hidden(t.Words, at, finds)
		t.Text = r.put(t.Text, finds)
		t.Redacted = inOrder(t.Redacted, t.Text)
		r.turns[strings.TrimSpace(before)] = strings.TrimSpace(t.Text)
		r.hear(before, finds)
	} else if len(t.Redacted) == 0 {
		for _, m := range Tokens(t.Text) {
			token := t.Text[m[0]:m[1]]
			kind, _, _ := strings.Cut(token[1:], " ")
			x := timed(t, place(t), m[0], m[1], ringside.Redacted{Kind: ringside.RedactionKind(kind), Token: token})
			if x.Method == "estimated" { // how long the words were, the token does not tell
				x.StartMS, x.EndMS, x.Method = t.StartMS, t.EndMS, "turn"
			}
			t.Redacted = append(t.Redacted, x)
		}
	}
}

// inOrder puts what was hidden in a text at different times in the order in which
// it stands there.
func inOrder(all []ringside.Redacted, text string) []ringside.Redacted {
	out := make([]ringside.Redacted, 0, len(all))
	for _, m := range Tokens(text) {
		i := slices.IndexFunc(all, func(x ringside.Redacted) bool { return x.Token == text[m[0]:m[1]] })
		if i >= 0 {
			out, all = append(out, all[i]), slices.Delete(all, i, i+1)
		}
	}
	return append(out, all...)
}

// span is a find by the words that it stands in, whatever stands between them.
type span struct {
	from, to int
	kind     ringside.RedactionKind
	value    string
}

// said are the words of a text, as they are compared, and where they stand.
func said(text string) (words string, all []atom) {
	all = atoms(text)
	parts := make([]string, len(all))
	for i := range all {
		parts[i] = strings.ToLower(text[all[i].start:all[i].end])
	}
	return strings.Join(parts, " "), all
}

// hear remembers what is hidden in a turn, for lists of its words.
func (r *Redactor) hear(text string, finds []Find) {
	words, all := said(text)
	var spans []span
	i := 0
	for _, x := range finds {
		for i < len(all) && all[i].end <= x.Start {
			i++
		}
		s := span{i, i, x.Kind, x.Value}
		for s.to < len(all) && all[s.to].start < x.End {
			s.to++
		}
		if s.from < s.to {
			spans = append(spans, s)
		}
	}
	r.heard[words] = spans
}

// heardIn gives what is hidden in a list of words, where they are those of a turn
// in which something is.
func (r *Redactor) heardIn(text string) (out []Find, is bool) {
	words, all := said(text)
	spans, is := r.heard[words]
	for _, s := range spans {
		out = append(out, Find{0, all[s.from].start, all[s.to-1].end, s.kind, s.value})
	}
	return out, is
}

// joined makes one word of those that stand for one value.
func joined(all []ringside.Word) []ringside.Word {
	var out []ringside.Word
	for _, w := range all {
		if n := len(out); n > 0 && out[n-1].Text == w.Text && len(Tokens(w.Text)) == 1 {
			out[n-1].EndMS = w.EndMS
			continue
		}
		out = append(out, w)
	}
	return out
}

// place finds where each word stands in its turn's text; nil when they are not
// the words of the text.
func place(t *ringside.Turn) [][2]int {
	out := make([][2]int, len(t.Words))
	at := 0
	for i, w := range t.Words {
		text := strings.TrimSpace(w.Text)
		n := strings.Index(t.Text[at:], text)
		if n < 0 || text == "" || n > maxSkipped {
			return nil
		}
		out[i] = [2]int{at + n, at + n + len(text)}
		at = out[i][1]
	}
	return out
}

// maxSkipped is how much of a text may stand between two of its words, in bytes:
// more, and the word was found in another place.
const maxSkipped = 24

// hidden puts one word in place of those of each find. Words that can't be found
// in the text are dropped: they may be what is hidden.
func (r *Redactor) hidden(all []ringside.Word, at [][2]int, finds []Find) []ringside.Word {
	if len(all) == 0 || at == nil {
		return nil
	}
	var out []ringside.Word
	last := -1
	for i, w := range all {
		x := slices.IndexFunc(finds, func(f Find) bool { return at[i][0] < f.End && f.Start < at[i][1] })
		switch {
		case x >= 0 && x == last:
			out[len(out)-1].EndMS = w.EndMS
			continue
		case x >= 0:
			w.Text, w.Confidence = r.token(finds[x].Kind, finds[x].Value), 0
		}
		out, last = append(out, w), x
	}
	return out
}

const (
	// A turn of up to this long is muted whole when its words have no times.
	shortTurn = 4000
	// widen is how much earlier and later than its place in the text tells
	// something may be said, as a share of the turn and at least in milliseconds.
	widen      = 0.25
	leastWiden = 1500
)

// timed says when a stretch of a turn was said.
func timed(t *ringside.Turn, at [][2]int, start, end int, x ringside.Redacted) ringside.Redacted {
	for i, w := range at {
		if w[0] < end && start < w[1] {
			if x.StartMS == nil {
				x.StartMS = new(t.Words[i].StartMS)
			}
			x.EndMS, x.Method = new(t.Words[i].EndMS), "words"
		}
	}
	if x.StartMS != nil {
		return x
	}
	x.StartMS, x.EndMS, x.Method = t.StartMS, t.EndMS, "turn"
	if t.StartMS == nil || t.EndMS == nil || *t.EndMS-*t.StartMS <= shortTurn || len(t.Text) == 0 {
		return x
	}
	length := float64(*t.EndMS - *t.StartMS)
	wide := max(leastWiden, length*widen)
	from := *t.StartMS + int64(max(0, length*float64(start)/float64(len(t.Text))-wide))
	to := *t.StartMS + int64(min(length, length*float64(end)/float64(len(t.Text))+wide))
	if to-from >= int64(length) {
		return x
	}
	x.StartMS, x.EndMS, x.Method = &from, &to, "estimated"
	return x
}
