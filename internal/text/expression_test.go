package text_test

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

// sounding is one turn's voice; words are its sentiment and signs.
func sounding(arousal float64, confidence string, words ...float64) map[string]ringside.ExpressionScore {
	v := ringside.VocalTurn{Turn: new(3), AtMS: 1000, EndMS: 3000, Arousal: arousal, Confidence: confidence}
	var moods []ringside.TurnSentiment
	if len(words) > 0 {
		moods = []ringside.TurnSentiment{{Turn: 3, Score: words[0], Frustration: words[1]}}
	}
	out := map[string]ringside.ExpressionScore{}
	for _, s := range text.Express([]ringside.VocalTurn{v}, moods)[0].Scores {
		out[s.Name] = s
	}
	return out
}

func TestVoiceAndWordsNameAnExpression(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		scores  map[string]ringside.ExpressionScore
		highest string
	}{
		{"raised and negative", sounding(2, "medium", -0.7, 0), "anger"},
		{"a little raised, with signs", sounding(0.6, "medium", -0.2, 2.5), "frustration"},
		{"raised and glad", sounding(2, "medium", 0.8, 0), "excitement"},
		{"low and negative", sounding(-1.5, "medium", -0.8, 0), "sadness"},
		{"low", sounding(-1, "medium", 0, 0), "calm"},
	} {
		for name, s := range tc.scores {
			if s.Score < 0 || s.Score > 1 {
				t.Errorf("%s: %s is %v", tc.name, name, s.Score)
			}
			if name != tc.highest && s.Score >= tc.scores[tc.highest].Score {
				t.Errorf("%s: %s %.2f, %s %.2f", tc.name, name, s.Score, tc.highest, tc.scores[tc.highest].Score)
			}
		}
	}
}

// A raised voice may be anger or joy, and the words of one who speaks as ever say
// nothing of the voice.
func TestNeitherVoiceNorWordsAloneSoundUpset(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]map[string]ringside.ExpressionScore{
		"voice without words": sounding(4, "medium"), "voice with plain words": sounding(4, "medium", 0, 0),
		"words with the usual voice": sounding(0, "medium", -0.9, 6), "in noise": sounding(3, "low", -0.9, 4),
	} {
		e := ringside.Expression{}
		for _, x := range s {
			e.Scores = append(e.Scores, x)
		}
		if e.Upset() {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if s := sounding(4, "medium")["anger"]; s.Confidence != "low" || s.Method != "voice" {
		t.Errorf("%+v", s)
	}
}

func TestAServicesScoresAreLeftAsTheyAre(t *testing.T) {
	t.Parallel()
	own := []ringside.ExpressionScore{{Name: "calm", Score: 0.1, Method: "acme"}, {Name: "anger", Score: 0.9, Method: "acme", Confidence: "medium"}}
	got := text.Express([]ringside.VocalTurn{{Turn: new(1), Arousal: -2, Scores: own}}, nil)
	if len(got) != 1 || len(got[0].Scores) != 2 || got[0].Scores[0] != own[1] && got[0].Scores[0].Name != "anger" {
		t.Errorf("%+v", got)
	}
}

// One turn with signs of frustration makes no finding; with the voice it does,
// and the voice alone does not.
func TestTheVoiceSupportsAFinding(t *testing.T) {
	t.Parallel()
	rows := []string{
		"A Hello, how can I help?", "U I would like to know about my order.",
		"A What is the number?", "U It is four four one nine.",
		"A Which street?", "U I already told you that, this is not working.",
		"A It comes on Friday.", "U Okay, on Friday then.",
	}
	for _, tc := range []struct {
		name    string
		turn    int
		arousal float64
		trust   string
		found   int
	}{
		{"no voice", -1, 0, "", 0},
		{"raised", 5, 2, "medium", 1},
		{"as usual", 5, 0.2, "medium", 0},
		{"raised in noise", 5, 2, "low", 0},
		{"raised where the words are plain", 7, 3, "medium", 0},
	} {
		c := spoken(t, rows...)
		if tc.turn >= 0 {
			c.Analysis.Audio = &ringside.Acoustics{Voice: []ringside.VocalTurn{{Turn: &tc.turn, Arousal: tc.arousal, Confidence: tc.trust}}}
		}
		l := text.Analyse(c, nil)
		got := of(l, ringside.FindingFrustration)
		if len(got) != tc.found {
			t.Errorf("%s: %+v", tc.name, got)
		}
		if tc.found > 0 && (*got[0].Turn != 5 || got[0].Severity != ringside.SeverityWarning || !strings.Contains(got[0].Detail, "estimate")) {
			t.Errorf("%s: %+v", tc.name, got[0])
		}
		if (l.Expression != nil) != (tc.turn >= 0) || tc.found > 0 && (len(l.Expression.Upset) != 1 || l.Expression.Upset[0] != 5) {
			t.Errorf("%s: %+v", tc.name, l.Expression)
		}
	}
}
