package text

import (
	"fmt"
	"slices"

	"github.com/ringsidehq/ringside"
)

// When a call counts as frustrated. One turn never makes it so: of the turns
// that the rule marks, three in four are not what they seem (USS: precision .2
// to .3 a turn).
const (
	hitsAt  = 2   // turns that are hits, and
	angerAt = 3.0 // what their weights must come to, of it
	ownAt   = 2.0 // by the customer's own words
	// ownWithPerson is what their own words must come to when they ask for a
	// person; the wish alone frustrates nobody.
	ownWithPerson = 1.0
	angerBad      = 9.0 // the hits' weight from which it is critical
	angerFull     = 12  // and from which nothing is left of that part of the quality
)

// feelings weighs each of the customer's turns and then the call.
func (k *look) feelings() {
	worst := -1
	for i := range k.turns {
		s := &k.turns[i]
		if s.Role != ringside.RoleUser || len(s.Words) == 0 {
			continue
		}
		m := mood{at: i, valence: Sentiment(s)}
		m.signs = Frustration(s, m.valence, k.turns[:i])
		k.moods = append(k.moods, m)
		if !m.signs.Hit() {
			continue
		}
		k.hits++
		k.anger, k.own = k.anger+m.signs.Weight, k.own+m.signs.Own
		if worst < 0 || m.signs.Weight > k.moods[worst].signs.Weight {
			worst = len(k.moods) - 1
		}
	}
	voices := k.voices()
	k.estimated = len(voices)
	agreed := k.agreed(voices)
	why := k.whyFrustrated()
	switch {
	case agreed > 0 && why != "":
		why += fmt.Sprintf(" The voice agrees in %d of these turns, by an estimate from its pitch and sharpness.", agreed)
	case agreed > 0:
		// One turn's words are not enough; with the voice they are.
		why = "The customer " + k.signs() + ", and their voice agrees: it is higher and sharper than in their first turns, by an estimate."
	}
	if why == "" {
		return
	}
	k.frustrated = true
	if worst < 0 {
		worst = len(k.moods) - 1
	}
	m := &k.moods[worst]
	s := &k.turns[m.at]
	f := ringside.Finding{Kind: ringside.FindingFrustration, Severity: ringside.SeverityWarning, Quote: m.signs.Quote, Detail: why, Method: ringside.MethodLocal}
	if k.anger >= angerBad {
		f.Severity = ringside.SeverityCritical
	}
	if f.Quote == "" {
		f.Quote = s.quote(0, len(s.Words))
	}
	k.found(f, s)
}

// whyFrustrated gives the reason for which the call counts as frustrated; ""
// when it does not.
func (k *look) whyFrustrated() string {
	switch {
	case k.hits >= hitsAt && k.anger >= angerAt && k.own >= ownAt:
		return fmt.Sprintf("The customer shows signs of frustration in %d turns: %s.", k.hits, k.signs())
	case k.hits > 0 && k.rising():
		return "The signs of frustration grow from turn to turn: the customer " + k.signs() + "."
	case k.own >= ownWithPerson && k.person != nil:
		return "The customer asks for a person and shows signs of frustration: " + k.signs() + "."
	}
	return ""
}

// signs lists what the customer does in the turns that are hits.
func (k *look) signs() string {
	var list []string
	for i := range k.moods {
		if g := &k.moods[i].signs; g.Hit() && !slices.Contains(list, g.Sign) {
			list = append(list, g.Sign)
		}
	}
	return enumerate(list)
}

// rising tells whether the signs of frustration grew over three of the
// customer's turns up to one that is a hit.
func (k *look) rising() bool {
	for i := 2; i < len(k.moods); i++ {
		a, b, c := &k.moods[i-2].signs, &k.moods[i-1].signs, &k.moods[i].signs
		if c.Hit() && a.Weight < b.Weight && b.Weight < c.Weight && b.Own > 0 {
			return true
		}
	}
	return false
}
