package audio

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Backchannel is a word that says "I am listening" while the other goes on.
type Backchannel struct {
	Speaker string  `json:"speaker" enum:"agent,customer"`
	At      float64 `json:"at" doc:"Seconds from the start of the file"`
}

func (s *sides) backchannels() []Backchannel {
	out := []Backchannel{}
	for side := range s.turns {
		for _, t := range s.turns[side] {
			if t.kind == backchannel {
				out = append(out, Backchannel{Speaker: sideNames[side], At: seconds(t.from)})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Backchannel) int { return cmp.Compare(a.At, b.At) })
	return out
}

// listeningWords are what people say to show that they listen.
var listeningWords = map[string]bool{
	"mm": true, "hmm": true, "mhm": true, "mmhmm": true, "mm-hmm": true, "uh": true, "huh": true, "uh-huh": true,
	"uhhuh": true, "yeah": true, "yes": true, "yep": true, "yup": true, "okay": true, "ok": true, "right": true,
	"sure": true, "alright": true, "aha": true, "oh": true, "ah": true, "good": true, "great": true, "i": true,
	"see": true, "exactly": true, "no": true, "true": true, "fine": true, "cool": true, "got": true, "it": true,
}

// listening tells whether words can be a backchannel: three at most, all of that
// kind.
func listening(text string) bool {
	words := strings.Fields(strings.ToLower(text))
	for _, w := range words {
		if !listeningWords[strings.Trim(w, ".,!?…")] {
			return false
		}
	}
	return len(words) <= 3
}

// byWords tells what the transcript has against a stretch being a backchannel: a
// turn of that side in its place that says more. A transcript without times, or
// one that leaves such words out, has nothing against it.
func byWords(turns []ringside.Turn) func(side int, r run) bool {
	return func(side int, r run) bool {
		from, to := int64(r.from*frameMS), int64(r.to*frameMS)
		for i := range turns {
			t := &turns[i]
			if sideOf(t.Role) != side || t.StartMS == nil || t.EndMS == nil {
				continue
			}
			if inside := min(to, *t.EndMS) - max(from, *t.StartMS); 2*inside > to-from && !listening(t.Text) {
				return false
			}
		}
		return true
	}
}

func sideOf(r ringside.Role) int {
	if r == ringside.RoleAgent {
		return agent
	}
	return customer
}
