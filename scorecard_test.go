package ringside_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ringsidehq/ringside"
)

var update = flag.Bool("update", false, "write the golden files")

// support is a scorecard with every type of criterion.
func support() *ringside.Scorecard {
	s := &ringside.Scorecard{
		Name: "Support", PassMark: 70, Categories: []ringside.ScorecardCategory{
			{Name: "Opening", Weight: 20, Criteria: []ringside.ScorecardCriterion{
				{Name: "Greeting quality", Type: ringside.CriterionScore5},
				{
					Name: "Recording disclosure", Critical: true,
					Rule: &ringside.CriterionRule{Kind: ringside.RuleSays, Phrases: []string{"this call is recorded"}, WithinSeconds: new(30)},
				},
			}},
			{Name: "Resolution", Weight: 50, Criteria: []ringside.ScorecardCriterion{
				{Name: "Issue resolution", Type: ringside.CriterionScore100, Weight: new(3.0)},
				{Name: "Next step", Type: ringside.CriterionEnum, Options: []ringside.CriterionOption{
					{Value: "agreed", Score: new(100.0)}, {Value: "vague", Score: new(40.0)}, {Value: "none needed"},
				}},
				{Name: "Root cause", Type: ringside.CriterionText},
			}},
			{Name: "Manner", Weight: 30, Criteria: []ringside.ScorecardCriterion{
				{Name: "Times the customer repeated themselves", Type: ringside.CriterionNumber, Min: new(0.0), Max: new(4.0), Fewer: true},
				{Name: "Empathy", Type: ringside.CriterionScore5, PassAt: new(50.0)},
			}},
		},
	}
	s.Complete()
	return s
}

func scored(key string, value float64) ringside.Score {
	return ringside.Score{Criterion: key, Value: &value, Verdict: ringside.VerdictPass, Method: ringside.MethodLLM}
}

func answered(key string, answer any) ringside.Score {
	return ringside.Score{Criterion: key, Verdict: ringside.VerdictNA, Answer: answer, Method: ringside.MethodLLM}
}

func decided(key string, v ringside.Verdict) ringside.Score {
	return ringside.Score{Criterion: key, Verdict: v, Method: ringside.MethodRule}
}

func TestScorecardIsCompletedAndValid(t *testing.T) {
	t.Parallel()
	s := support()
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, c := range s.Criteria() {
		keys = append(keys, c.Key)
	}
	want := []string{"greeting_quality", "recording_disclosure", "issue_resolution", "next_step", "root_cause", "times_the_customer_repeated_themselves", "empathy"}
	if !slices.Equal(keys, want) {
		t.Errorf("keys %q", keys)
	}
	if c := s.Categories[0].Criteria[1]; c.Type != ringside.CriterionPassFail || *c.Weight != 1 {
		t.Errorf("completed to %+v", c)
	}
	if w := s.Categories[1].Criteria[2].Weight; *w != 0 {
		t.Errorf("a text weighs %v", *w)
	}
}

func TestKeysOfOneNameDiffer(t *testing.T) {
	t.Parallel()
	s := &ringside.Scorecard{Categories: []ringside.ScorecardCategory{{Criteria: []ringside.ScorecardCriterion{
		{Name: "Tone!"}, {Name: "tone"}, {Key: "tone_2", Name: "Other"}, {Name: strings.Repeat("long ", 30)}, {Name: "Ζεστασιά φωνής"},
	}}}}
	s.Complete()
	var keys []string
	for _, c := range s.Criteria() {
		keys = append(keys, c.Key)
	}
	want := []string{"tone", "tone_3", "tone_2", strings.Repeat("long_", 20), "ζεστασιά_φωνής"}
	if !slices.Equal(keys, want) {
		t.Errorf("keys %q", keys)
	}
}

func TestScorecardRefusesAndPoints(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		at    string
		spoil func(s *ringside.Scorecard)
	}{
		{"/name", func(s *ringside.Scorecard) { s.Name = " " }},
		{"/pass_mark", func(s *ringside.Scorecard) { s.PassMark = math.NaN() }},
		{"/categories", func(s *ringside.Scorecard) { s.Categories = nil }},
		{"/categories", func(s *ringside.Scorecard) { s.Categories[0].Weight = 19 }},
		{"/categories/1/weight", func(s *ringside.Scorecard) { s.Categories[1].Weight = -1 }},
		{"/categories/0/criteria", func(s *ringside.Scorecard) { s.Categories[0].Criteria = nil }},
		{"/categories/2/criteria", func(s *ringside.Scorecard) {
			s.Categories[2].Criteria[0].Weight, s.Categories[2].Criteria[1].Weight = new(0.0), new(0.0)
		}},
		{"/categories/2/criteria/1/key", func(s *ringside.Scorecard) { s.Categories[2].Criteria[1].Key = "next_step" }},
		{"/categories/2/criteria/1/key", func(s *ringside.Scorecard) { s.Categories[2].Criteria[1].Key = "next step" }},
		{"/categories/2/criteria/1/name", func(s *ringside.Scorecard) { s.Categories[2].Criteria[1].Name = "" }},
		{"/categories/2/criteria/1/type", func(s *ringside.Scorecard) { s.Categories[2].Criteria[1].Type = "stars" }},
		{"/categories/2/criteria/1/weight", func(s *ringside.Scorecard) { s.Categories[2].Criteria[1].Weight = new(math.Inf(1)) }},
		{"/categories/1/criteria/2/weight", func(s *ringside.Scorecard) { s.Categories[1].Criteria[2].Weight = new(1.0) }},
		{"/categories/1/criteria/2/critical", func(s *ringside.Scorecard) { s.Categories[1].Criteria[2].Critical = true }},
		{"/categories/2/criteria/1/pass_at", func(s *ringside.Scorecard) { s.Categories[2].Criteria[1].PassAt = new(101.0) }},
		{"/categories/2/criteria/1/levels", func(s *ringside.Scorecard) { s.Categories[2].Criteria[1].Levels = []string{"bad", "good"} }},
		{"/categories/2/criteria/1/examples/bad/0", func(s *ringside.Scorecard) { s.Categories[2].Criteria[1].Examples.Bad = []string{" "} }},
		{"/categories/2/criteria/1/description", func(s *ringside.Scorecard) { s.Categories[2].Criteria[1].Description = strings.Repeat("x", 6001) }},
		{"/categories/2/criteria/0/min", func(s *ringside.Scorecard) { s.Categories[2].Criteria[0].Max = new(0.0) }},
		{"/categories/2/criteria/0/options", func(s *ringside.Scorecard) { s.Categories[2].Criteria[0].Options = make([]ringside.CriterionOption, 2) }},
		{"/categories/1/criteria/1/options", func(s *ringside.Scorecard) {
			s.Categories[1].Criteria[1].Options = s.Categories[1].Criteria[1].Options[:1]
		}},
		{"/categories/1/criteria/1/options/1/value", func(s *ringside.Scorecard) { s.Categories[1].Criteria[1].Options[1].Value = "Agreed" }},
		{"/categories/1/criteria/1/options/1/score", func(s *ringside.Scorecard) { s.Categories[1].Criteria[1].Options[1].Score = new(-1.0) }},
		{"/categories/1/criteria/0/rule", func(s *ringside.Scorecard) { s.Categories[1].Criteria[0].Rule = s.Categories[0].Criteria[1].Rule }},
		{"/categories/0/criteria/1/rule/kind", func(s *ringside.Scorecard) { s.Categories[0].Criteria[1].Rule.Kind = "sings" }},
		{"/categories/0/criteria/1/rule/phrases", func(s *ringside.Scorecard) { s.Categories[0].Criteria[1].Rule.Phrases = nil }},
		{"/categories/0/criteria/1/rule/phrases/1", func(s *ringside.Scorecard) { s.Categories[0].Criteria[1].Rule.Phrases = []string{"recorded", "…"} }},
		{"/categories/0/criteria/1/rule/within_seconds", func(s *ringside.Scorecard) { s.Categories[0].Criteria[1].Rule.Kind = ringside.RuleNeverSays }},
		{"/categories/0/criteria/1/rule/seconds", func(s *ringside.Scorecard) { s.Categories[0].Criteria[1].Rule.Kind = ringside.RuleMaxDuration }},
		{"/categories/0/criteria/1/rule/tool", func(s *ringside.Scorecard) { s.Categories[0].Criteria[1].Rule.Kind = ringside.RuleCallsTool }},
	} {
		s := support()
		tc.spoil(s)
		err, ok := s.Validate().(*ringside.Error)
		if !ok || err.Field != tc.at || err.Kind != ringside.Invalid {
			t.Errorf("%s: %v", tc.at, err)
		}
	}
}

func TestGrade(t *testing.T) {
	t.Parallel()
	s := support()
	byKey := map[string]*ringside.ScorecardCriterion{}
	for _, c := range s.Criteria() {
		byKey[c.Key] = c
	}
	repeated := "times_the_customer_repeated_themselves"
	for _, tc := range []struct {
		name    string
		score   ringside.Score
		value   float64 // -1: none
		verdict ringside.Verdict
	}{
		{"a value at the pass mark", scored("issue_resolution", 70), 70, ringside.VerdictPass},
		{"a value below it", scored("issue_resolution", 69.9), 69.9, ringside.VerdictFail},
		{"a value at the criterion's own mark", scored("empathy", 50), 50, ringside.VerdictPass},
		{"a value off the scale", scored("empathy", 101), -1, ringside.VerdictUnknown},
		{"a value that is none", scored("empathy", math.NaN()), -1, ringside.VerdictUnknown},
		{"pass", decided("recording_disclosure", ringside.VerdictPass), 100, ringside.VerdictPass},
		{"fail", decided("recording_disclosure", ringside.VerdictFail), 0, ringside.VerdictFail},
		{"na", decided("empathy", ringside.VerdictNA), -1, ringside.VerdictNA},
		{"an option", answered("next_step", "Agreed"), 100, ringside.VerdictPass},
		{"a poor option", answered("next_step", "vague"), 40, ringside.VerdictFail},
		{"an option that takes it out", answered("next_step", "none needed"), -1, ringside.VerdictNA},
		{"none of the options", answered("next_step", "perhaps"), -1, ringside.VerdictUnknown},
		{"no option at all", decided("next_step", ringside.VerdictNA), -1, ringside.VerdictNA},
		{"a choice decided without one", decided("next_step", ringside.VerdictPass), -1, ringside.VerdictUnknown},
		{"few", answered(repeated, 1.0), 75, ringside.VerdictPass},
		{"many", answered(repeated, 3.0), 25, ringside.VerdictFail},
		{"more than the most", answered(repeated, 9.0), 0, ringside.VerdictFail},
		{"a text", answered("root_cause", "a wrong address"), -1, ringside.VerdictNA},
		{"unknown with a value", ringside.Score{Criterion: "empathy", Value: new(90.0), Verdict: ringside.VerdictUnknown}, -1, ringside.VerdictUnknown},
	} {
		g := byKey[tc.score.Criterion].Grade(tc.score, s.PassMark)
		if g.Verdict != tc.verdict || (g.Value == nil) != (tc.value < 0) || g.Value != nil && *g.Value != tc.value {
			t.Errorf("%s: %s %v, want %s %v", tc.name, g.Verdict, g.Value, tc.verdict, tc.value)
		}
	}
}

func TestResultGolden(t *testing.T) {
	t.Parallel()
	got, err := json.MarshalIndent(support().Result([]ringside.Score{
		scored("greeting_quality", 75),
		decided("recording_disclosure", ringside.VerdictPass),
		scored("issue_resolution", 80),
		answered("next_step", "vague"),
		answered("root_cause", "a wrong address"),
		answered("times_the_customer_repeated_themselves", 1.0),
		decided("empathy", ringside.VerdictUnknown),
	}), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/scorecard_result.golden.json"
	if *update {
		if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got)+"\n" {
		t.Errorf("the result is\n%s\nwant\n%s", got, want)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	all := func(change ...ringside.Score) []ringside.Score {
		scores := append(change,
			scored("greeting_quality", 100), decided("recording_disclosure", ringside.VerdictPass), scored("issue_resolution", 100),
			answered("next_step", "agreed"), answered("times_the_customer_repeated_themselves", 0.0), scored("empathy", 100))
		return scores // of two with one key, the first counts
	}
	for _, tc := range []struct {
		name    string
		scores  []ringside.Score
		verdict ringside.Verdict
		reason  string
	}{
		{"all well", all(), ringside.VerdictPass, "100 reaches the pass mark of 70."},
		{"poor", all(scored("issue_resolution", 0)), ringside.VerdictFail, "62.5 is below the pass mark of 70."},
		{"a critical one failed", all(decided("recording_disclosure", ringside.VerdictFail)), ringside.VerdictFail, "Failed what is critical: Recording disclosure."},
		{"a critical one that nobody could judge", all(decided("recording_disclosure", ringside.VerdictUnknown)), ringside.VerdictUnknown, "It is critical, and could not be judged: Recording disclosure."},
		{"a critical one that does not apply", all(decided("recording_disclosure", ringside.VerdictNA)), ringside.VerdictPass, "100 reaches the pass mark of 70."},
		{"nothing known", nil, ringside.VerdictUnknown, "Nothing could be judged."},
		{"too little known", []ringside.Score{decided("recording_disclosure", ringside.VerdictPass), scored("empathy", 100)}, ringside.VerdictUnknown, "Only 25% of the weight that applies could be judged."},
		{"little that applies, all of it known", []ringside.Score{
			decided("greeting_quality", ringside.VerdictNA), decided("recording_disclosure", ringside.VerdictPass), decided("issue_resolution", ringside.VerdictNA),
			decided("next_step", ringside.VerdictNA), decided("times_the_customer_repeated_themselves", ringside.VerdictNA), scored("empathy", 80),
		}, ringside.VerdictPass, "88 reaches the pass mark of 70."},
	} {
		r := support().Result(tc.scores)
		if r.Verdict != tc.verdict || r.Reason != tc.reason {
			t.Errorf("%s: %s, %q, want %s, %q", tc.name, r.Verdict, r.Reason, tc.verdict, tc.reason)
		}
	}
}

// drawCard makes a valid scorecard.
func drawCard(t *rapid.T) *ringside.Scorecard {
	s := &ringside.Scorecard{Name: "drawn", PassMark: float64(rapid.IntRange(0, 100).Draw(t, "pass mark"))}
	n, left := rapid.IntRange(1, 5).Draw(t, "categories"), 100
	for i := range n {
		w := left
		if i < n-1 {
			w = rapid.IntRange(0, left).Draw(t, "weight")
		}
		left -= w
		c := ringside.ScorecardCategory{Name: fmt.Sprint("category ", i), Weight: float64(w)}
		for j := range rapid.IntRange(1, 4).Draw(t, "criteria") {
			k := ringside.ScorecardCriterion{
				Name: fmt.Sprintf("criterion %d %d", i, j), Weight: new(float64(rapid.IntRange(0, 3).Draw(t, "criterion's weight"))),
				Type:     rapid.SampledFrom([]ringside.CriterionType{"pass_fail", "score_100", "score_5", "enum", "number", "text"}).Draw(t, "type"),
				Critical: rapid.IntRange(0, 9).Draw(t, "critical") == 0,
			}
			if j == 0 {
				k.Type, k.Weight = ringside.CriterionScore100, new(1.0) // something always counts
			}
			switch k.Type {
			case ringside.CriterionEnum:
				k.Options = []ringside.CriterionOption{{"a", new(rapid.Float64Range(0, 100).Draw(t, "worth"))}, {"b", nil}}
			case ringside.CriterionNumber:
				k.Min, k.Max, k.Fewer = new(-1.0), new(7.5), rapid.Bool().Draw(t, "fewer")
			case ringside.CriterionText:
				k.Critical, k.Weight = false, nil
			}
			c.Criteria = append(c.Criteria, k)
		}
		s.Categories = append(s.Categories, c)
	}
	s.Complete()
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	return s
}

// drawScores answers some of a scorecard's criteria, well or not.
func drawScores(t *rapid.T, s *ringside.Scorecard) []ringside.Score {
	var out []ringside.Score
	for _, c := range s.Criteria() {
		if rapid.IntRange(0, 5).Draw(t, "skip") == 0 {
			continue
		}
		v := ringside.Score{
			Criterion: c.Key, Method: ringside.MethodLLM,
			Verdict: rapid.SampledFrom([]ringside.Verdict{"pass", "fail", "na", "unknown", ""}).Draw(t, "verdict"),
			Answer:  rapid.SampledFrom([]any{nil, "a", "B", "c", -2.0, 3.25, math.NaN(), true}).Draw(t, "answer"),
		}
		if rapid.Bool().Draw(t, "has a value") {
			v.Value = new(rapid.Float64Range(-1, 101).Draw(t, "value"))
		}
		out = append(out, v)
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// The score is the sum of what its parts contribute, and the weighted mean of
// what could be judged.
func TestContributionsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCard(t)
		r := s.Result(drawScores(t, s))
		total, sum, judged := 0.0, 0.0, 0.0
		for _, c := range r.Categories {
			part := 0.0
			for _, k := range c.Criteria {
				if (k.Score == nil) != (k.Verdict == ringside.VerdictNA || k.Verdict == ringside.VerdictUnknown) {
					t.Fatalf("%s is %s with the score %v", k.Key, k.Verdict, k.Score)
				}
				if k.Score == nil {
					if k.Contribution != nil {
						t.Fatalf("%s dropped out and contributes %v", k.Key, *k.Contribution)
					}
					continue
				}
				sum, judged = sum+k.Weight**k.Score, judged+k.Weight
				if k.Contribution != nil {
					part += *k.Contribution
				}
			}
			if !near(part, c.Contribution) {
				t.Fatalf("%s contributes %v, its criteria %v", c.Name, c.Contribution, part)
			}
			total += c.Contribution
		}
		if r.Score == nil {
			if judged != 0 || total != 0 || r.Coverage != 0 {
				t.Fatalf("no score, with %v judged and a coverage of %v", judged, r.Coverage)
			}
			return
		}
		if !near(total, *r.Score) || !near(sum/judged, *r.Score) || !near(judged/100, r.Coverage) || *r.Score < 0 || *r.Score > 100 {
			t.Fatalf("score %v and coverage %v, contributions %v, mean %v over %v", *r.Score, r.Coverage, total, sum/judged, judged)
		}
	})
}

// What is unknown or does not apply never counts: without its score the result
// is the same, and nothing passes that should not.
func TestUnknownNeverCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCard(t)
		scores := drawScores(t, s)
		full := s.Result(scores)
		dropped := map[string]bool{}
		for _, c := range full.Categories {
			for _, k := range c.Criteria {
				dropped[k.Key] = k.Score == nil
			}
		}
		rest := slices.DeleteFunc(slices.Clone(scores), func(v ringside.Score) bool { return dropped[v.Criterion] })
		without := s.Result(rest)
		if !reflect.DeepEqual(full.Score, without.Score) || full.Coverage != without.Coverage {
			t.Fatalf("score %v and coverage %v; without what dropped out %v and %v", full.Score, full.Coverage, without.Score, without.Coverage)
		}
		if full.Verdict == ringside.VerdictPass && *full.Score < s.PassMark-1e-9 || full.Verdict == ringside.VerdictPass && len(full.Critical) > 0 {
			t.Fatalf("passed: %+v", full)
		}
		if full.Score == nil && full.Verdict == ringside.VerdictPass {
			t.Fatal("passed by nothing")
		}
	})
}

// A grade is the same when it is graded again: what is stored is what counts.
func TestGradingTwiceIsGradingOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCard(t)
		byKey := map[string]*ringside.ScorecardCriterion{}
		for _, c := range s.Criteria() {
			byKey[c.Key] = c
		}
		for _, v := range drawScores(t, s) {
			once := byKey[v.Criterion].Grade(v, s.PassMark)
			twice := byKey[v.Criterion].Grade(once, s.PassMark)
			if once.Verdict != twice.Verdict || !reflect.DeepEqual(once.Value, twice.Value) {
				t.Fatalf("%+v, then %+v", once, twice)
			}
		}
	})
}

// Whatever is sent as a scorecard is refused or works.
func FuzzScorecard(f *testing.F) {
	whole, err := json.Marshal(support())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"name":"x","categories":[{"name":"x","weight":100,"criteria":[{"name":"!"},{"name":"x","type":"number","min":1e308,"max":-1e308}]}]}`))
	f.Add([]byte(`{"name":"x","pass_mark":1e400,"categories":[{"name":"x","weight":100,"criteria":[{"name":"x","rule":{"kind":"says","phrases":["\u0000"]}}]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var s ringside.Scorecard
		if json.Unmarshal(body, &s) != nil {
			return
		}
		s.Complete()
		if s.Validate() != nil {
			return
		}
		var scores []ringside.Score
		for i, c := range s.Criteria() {
			scores = append(scores, ringside.Score{Criterion: c.Key, Value: new(float64(i)), Verdict: ringside.VerdictPass, Answer: float64(i)})
		}
		r := s.Result(scores)
		if r.Score != nil && !(*r.Score >= 0 && *r.Score <= 100) || !(r.Coverage >= 0 && r.Coverage <= 1) {
			t.Errorf("score %v, coverage %v", r.Score, r.Coverage)
		}
		keys := len(s.Criteria())
		if s.Complete(); s.Validate() != nil || len(s.Criteria()) != keys {
			t.Error("completed twice, it is another")
		}
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("the result can't be written: %v", err)
		}
	})
}
