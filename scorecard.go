package ringside

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Scorecard is what calls are judged by: categories with a weight each, and in
// them the criteria. A change makes another version, and a result keeps the
// version that it was judged by.
type Scorecard struct {
	ID          string              `json:"id"`
	Name        string              `json:"name"`
	Description string              `json:"description"`
	Version     int                 `json:"version" doc:"Grows with each change; a result keeps the one it was judged by"`
	PassMark    float64             `json:"pass_mark" doc:"From which score on, of 0 to 100, a call passes"`
	Categories  []ScorecardCategory `json:"categories"`
	CreatedAt   time.Time           `json:"created_at"`
	UpdatedAt   time.Time           `json:"updated_at"`
}

// ScorecardCategory is a part of a scorecard.
type ScorecardCategory struct {
	Name        string               `json:"name"`
	Description string               `json:"description,omitempty"`
	Weight      float64              `json:"weight" doc:"In percent; those of all categories total 100"`
	Criteria    []ScorecardCriterion `json:"criteria"`
}

// CriterionType is how a criterion is answered.
type CriterionType string

// The types of criteria.
const (
	CriterionPassFail CriterionType = "pass_fail"
	CriterionScore100 CriterionType = "score_100"
	CriterionScore5   CriterionType = "score_5"
	CriterionEnum     CriterionType = "enum"
	CriterionNumber   CriterionType = "number"
	CriterionText     CriterionType = "text"
)

// ScorecardCriterion is one thing that a call is judged by, and how.
type ScorecardCriterion struct {
	Key         string            `json:"key" required:"false" doc:"Names the criterion in scores and from version to version; made of the name when left out"`
	Name        string            `json:"name"`
	Description string            `json:"description,omitempty" doc:"What is judged, and by what"`
	Type        CriterionType     `json:"type" required:"false" enum:"pass_fail,score_100,score_5,enum,number,text" doc:"pass_fail when left out. Of a score_5, 1 to 5 are worth 0, 25, 50, 75 and 100"`
	Weight      *float64          `json:"weight" required:"false" nullable:"true" doc:"Within the category, against the weights of its other criteria; 1 when left out. What weighs 0, as every text does, is answered and does not count"`
	Levels      []string          `json:"levels,omitempty" doc:"Of a score_5: what each of the five means, from 1"`
	Examples    CriterionExamples `json:"examples,omitzero"`
	Options     []CriterionOption `json:"options,omitempty" doc:"Of an enum: the answers to choose from"`
	Min         *float64          `json:"min,omitempty" nullable:"true" doc:"Of a number: what is worth 0; between min and max the score is in proportion"`
	Max         *float64          `json:"max,omitempty" nullable:"true" doc:"Of a number: what is worth 100"`
	Fewer       bool              `json:"fewer_is_better,omitempty" doc:"Of a number: min is worth 100, and max 0"`
	PassAt      *float64          `json:"pass_at,omitempty" nullable:"true" doc:"From which of its own 0 to 100 on it is passed; the scorecard's pass mark when left out"`
	Critical    bool              `json:"critical,omitempty" doc:"Failed, it fails the call, whatever the score"`
	Rule        *CriterionRule    `json:"rule,omitempty" doc:"Settles a pass_fail by itself, without a language model"`
}

// CriterionExamples show a language model what is meant.
type CriterionExamples struct {
	Good []string `json:"good,omitempty" doc:"What does well by the criterion"`
	Bad  []string `json:"bad,omitempty" doc:"What does not"`
}

// CriterionOption is an answer to choose, and what it is worth.
type CriterionOption struct {
	Value string   `json:"value"`
	Score *float64 `json:"score" nullable:"true" doc:"0 to 100; null when the answer means that the criterion does not apply"`
}

// DefaultPassMark is from where on a scorecard or a criterion is passed that
// says nothing else.
const DefaultPassMark = 60

// What a scorecard may hold at most. A language model is asked about all
// criteria at once: see judge.Task.
const (
	maxCategories     = 20
	maxCriteria       = 50
	maxOptions        = 20
	maxScorecardName  = 200
	maxCriterionName  = 100
	maxCriterionText  = 6000 // description, levels, examples and options together
	maxScorecardText  = 4000
	weightsTotal      = 100.0
	weightsTolerance  = 0.05 // three times 33.33 is 99.99
	maxCriterionWorth = 100.0
)

// Criteria lists the criteria of all categories, in order.
func (s *Scorecard) Criteria() []*ScorecardCriterion {
	var out []*ScorecardCriterion
	for i := range s.Categories {
		for j := range s.Categories[i].Criteria {
			out = append(out, &s.Categories[i].Criteria[j])
		}
	}
	return out
}

// Complete fills in what may be left out: types, weights, and keys, which are
// made of the names.
func (s *Scorecard) Complete() {
	taken := map[string]bool{}
	for _, c := range s.Criteria() {
		c.Key = strings.TrimSpace(c.Key)
		taken[c.Key] = true
	}
	for _, c := range s.Criteria() {
		c.Type = cmp.Or(c.Type, CriterionPassFail)
		if c.Weight == nil {
			c.Weight = new(1.0)
		}
		if c.Type == CriterionText {
			c.Weight = new(0.0)
		}
		if c.Key != "" {
			continue
		}
		c.Key = CriterionKey(c.Name)
		base := []rune(c.Key)
		base = base[:min(len(base), maxCriterionKey-3)] // room for a number of two digits
		for n := 2; taken[c.Key]; n++ {
			c.Key = string(base) + "_" + strconv.Itoa(n)
		}
		taken[c.Key] = true
	}
}

func keyRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// Validate says what is wrong with a completed scorecard, pointing at the
// field.
func (s *Scorecard) Validate() error {
	switch {
	case !named(s.Name, maxScorecardName):
		return Invalidf("/name", "is a name of 1 to %d characters", maxScorecardName)
	case utf8.RuneCountInString(s.Description) > maxScorecardText:
		return Invalidf("/description", "is longer than %d characters", maxScorecardText)
	case !within(s.PassMark, 0, 100):
		return Invalidf("/pass_mark", "%v is not between 0 and 100", s.PassMark)
	case len(s.Categories) == 0 || len(s.Categories) > maxCategories:
		return Invalidf("/categories", "a scorecard has 1 to %d of them", maxCategories)
	case len(s.Criteria()) > maxCriteria:
		return Invalidf("/categories", "hold %d criteria together, more than %d", len(s.Criteria()), maxCriteria)
	}
	total, keys := 0.0, map[string]bool{}
	for i := range s.Categories {
		c, at := &s.Categories[i], "/categories/"+strconv.Itoa(i)
		if err := c.validate(at, keys); err != nil {
			return err
		}
		total += c.Weight
	}
	if total < weightsTotal-weightsTolerance || total > weightsTotal+weightsTolerance {
		return Invalidf("/categories", "have weights that total %v, not 100", total)
	}
	return nil
}

func (c *ScorecardCategory) validate(at string, keys map[string]bool) error {
	switch {
	case !named(c.Name, maxScorecardName):
		return Invalidf(at+"/name", "is a name of 1 to %d characters", maxScorecardName)
	case utf8.RuneCountInString(c.Description) > maxScorecardText:
		return Invalidf(at+"/description", "is longer than %d characters", maxScorecardText)
	case !within(c.Weight, 0, 100):
		return Invalidf(at+"/weight", "%v is not between 0 and 100", c.Weight)
	case len(c.Criteria) == 0:
		return Invalidf(at+"/criteria", "a category has at least one")
	case c.Weight > 0 && c.weights() == 0:
		return Invalidf(at+"/criteria", "none of them counts, so that the category's weight of %v can't be earned", c.Weight)
	}
	for i := range c.Criteria {
		at := at + "/criteria/" + strconv.Itoa(i)
		if keys[c.Criteria[i].Key] {
			return Invalidf(at+"/key", "%q stands twice in the scorecard", c.Criteria[i].Key)
		}
		keys[c.Criteria[i].Key] = true
		if err := c.Criteria[i].validate(at); err != nil {
			return err
		}
	}
	return nil
}

// weights is what the weights of the category's criteria total.
func (c *ScorecardCategory) weights() (total float64) {
	for i := range c.Criteria {
		total += c.Criteria[i].weight()
	}
	return total
}

// weight is a criterion's weight, left out or not.
func (c *ScorecardCriterion) weight() float64 {
	switch {
	case c.Type == CriterionText:
		return 0
	case c.Weight == nil:
		return 1
	}
	return *c.Weight
}

func (c *ScorecardCriterion) validate(at string) error {
	switch {
	case c.Key == "" || utf8.RuneCountInString(c.Key) > maxCriterionKey || strings.ContainsFunc(c.Key, func(r rune) bool { return !keyRune(r) }):
		return Invalidf(at+"/key", "%q is not a key: letters, digits and _, %d at most", c.Key, maxCriterionKey)
	case !named(c.Name, maxCriterionName):
		return Invalidf(at+"/name", "is a name of 1 to %d characters", maxCriterionName)
	case c.Weight != nil && !within(*c.Weight, 0, 1000):
		return Invalidf(at+"/weight", "%v is not between 0 and 1000", *c.Weight)
	case c.Type == CriterionText && c.Weight != nil && *c.Weight != 0:
		return Invalidf(at+"/weight", "of a text is 0: it can't be scored")
	case c.PassAt != nil && !within(*c.PassAt, 0, 100):
		return Invalidf(at+"/pass_at", "%v is not between 0 and 100", *c.PassAt)
	case c.Critical && c.Type == CriterionText:
		return Invalidf(at+"/critical", "a text can't be failed")
	case c.Rule != nil && c.Type != CriterionPassFail:
		return Invalidf(at+"/rule", "settles a pass_fail and no %s", c.Type)
	case c.textLength() > maxCriterionText:
		return Invalidf(at+"/description", "with levels, examples and options is longer than %d characters", maxCriterionText)
	}
	if err := c.validateScale(at); err != nil {
		return err
	}
	for _, l := range []struct {
		name string
		list []string
	}{{"/levels/", c.Levels}, {"/examples/good/", c.Examples.Good}, {"/examples/bad/", c.Examples.Bad}} {
		for i, v := range l.list {
			if strings.TrimSpace(v) == "" {
				return Invalidf(at+l.name+strconv.Itoa(i), "is empty")
			}
		}
	}
	if c.Rule != nil {
		return c.Rule.validate(at + "/rule")
	}
	return nil
}

// validateScale checks what belongs to one type only.
func (c *ScorecardCriterion) validateScale(at string) error {
	switch c.Type {
	case CriterionPassFail, CriterionScore100, CriterionText:
	case CriterionScore5:
		if len(c.Levels) != 0 && len(c.Levels) != 5 {
			return Invalidf(at+"/levels", "are the five of a score_5, or none")
		}
		return nil
	case CriterionEnum:
		return c.validateOptions(at)
	case CriterionNumber:
		if c.Min == nil || c.Max == nil || !(*c.Min < *c.Max) {
			return Invalidf(at+"/min", "a number needs min and max, and min is below max")
		}
	default:
		return Invalidf(at+"/type", "%q is not pass_fail, score_100, score_5, enum, number or text", c.Type)
	}
	switch {
	case len(c.Levels) > 0:
		return Invalidf(at+"/levels", "only a score_5 has them")
	case len(c.Options) > 0:
		return Invalidf(at+"/options", "only an enum has them")
	}
	return nil
}

func (c *ScorecardCriterion) validateOptions(at string) error {
	if len(c.Options) < 2 || len(c.Options) > maxOptions {
		return Invalidf(at+"/options", "an enum has 2 to %d", maxOptions)
	}
	seen := map[string]bool{}
	for i, o := range c.Options {
		at := at + "/options/" + strconv.Itoa(i)
		value := strings.ToLower(strings.TrimSpace(o.Value))
		switch {
		case value == "" || value != strings.ToLower(o.Value):
			return Invalidf(at+"/value", "is empty, or has blanks around it")
		case seen[value]:
			return Invalidf(at+"/value", "%q stands twice", o.Value)
		case o.Score != nil && !within(*o.Score, 0, maxCriterionWorth):
			return Invalidf(at+"/score", "%v is not between 0 and 100", *o.Score)
		}
		seen[value] = true
	}
	return nil
}

func (c *ScorecardCriterion) textLength() int {
	n := utf8.RuneCountInString(c.Description)
	for _, list := range [][]string{c.Levels, c.Examples.Good, c.Examples.Bad} {
		for _, v := range list {
			n += utf8.RuneCountInString(v) + 20
		}
	}
	for _, o := range c.Options {
		n += utf8.RuneCountInString(o.Value) + 4
	}
	return n
}

// named tells whether a text is a name of n characters at most.
func named(s string, n int) bool {
	return strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= n && !strings.ContainsFunc(s, unicode.IsControl)
}

// within tells whether a number lies in bounds, which one that is none never
// does.
func within(v, low, high float64) bool { return v >= low && v <= high }
