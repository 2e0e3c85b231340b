package text_test

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

// of gives the findings of one kind as severity, turn and topic or quote.
func of(l *ringside.Local, kind ringside.FindingKind) []ringside.Finding {
	var out []ringside.Finding
	for _, f := range l.Findings {
		if f.Kind == kind {
			out = append(out, f)
		}
	}
	return out
}

// last reads the newest turn of a dialogue and those before it.
func last(t *testing.T, rows ...string) (text.Said, []text.Said) {
	t.Helper()
	c := spoken(t, rows...)
	var before []text.Said
	for i := range c.Turns[:len(c.Turns)-1] {
		before = append(before, text.Read(&c.Turns[i], before))
	}
	return text.Read(&c.Turns[len(c.Turns)-1], before), before
}

func TestSentimentOfATurn(t *testing.T) {
	t.Parallel()
	for said, want := range map[string][2]float64{
		"That's wonderful, I love it.":          {0.5, 1},
		"This is a terrible, awful mess.":       {-1, -0.5},
		"No, please cancel the insurance.":      {0, 0}, // courtesy and matter, no feeling
		"I’m not happy with that.":              {-0.7, -0.2},
		"My order number is four one two.":      {0, 0},
		"":                                      {0, 0},
		strings.Repeat("I love this. ", 10_000): {0.9, 1},
	} {
		s := text.Read(&ringside.Turn{Role: ringside.RoleUser, Text: said}, nil)
		if got := text.Sentiment(&s).Compound; got < want[0] || got > want[1] {
			t.Errorf("%.40q: %v, want %v", said, got, want)
		}
	}
}

func TestSignsOfFrustration(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		rows   []string
		hit    bool
		weight [2]float64
	}{
		{"plain", []string{"A Which day?", "U Tuesday, please."}, false, [2]float64{0, 0}},
		{"told you", []string{"A Your number?", "U I already told you my number."}, true, [2]float64{2, 3}},
		{"told you, after an apology", []string{"A Sorry, your number?", "U I already told you my number."}, true, [2]float64{3, 4}},
		{"an apology alone", []string{"A Sorry, your number?", "U Four one two."}, false, [2]float64{1.2, 1.2}},
		{"no to a question", []string{"A Is it Tuesday?", "U No it's on Monday."}, false, [2]float64{0, 1}},
		{"no to a statement", []string{"A I have you down for Boston.", "U No I said Austin."}, true, [2]float64{0.7, 3}},
		{"no, thank you", []string{"A I have put it on your card.", "U No thank you for that."}, false, [2]float64{0, 1}},
		{"great, after a failure", []string{"A I'm afraid that we are fully booked.", "U Great."}, true, [2]float64{2, 3}},
		{"great, after a success", []string{"A It is booked.", "U Great."}, false, [2]float64{0, 0}},
		{"not ridiculous", []string{"A Two dollars.", "U That's not ridiculous at all."}, false, [2]float64{0, 1}},
		{"shouted", []string{"A Hello?", "U WHERE IS MY ORDER"}, true, [2]float64{1.5, 2}},
		{"an abbreviation", []string{"A Where from?", "U USA"}, false, [2]float64{0, 0}},
		{"word by word", []string{"A Which day?", "U Cancel. My. Contract."}, true, [2]float64{1, 2}},
		{"the same again", []string{"A Which town?", "U I live in Oakham now", "A Which town?", "U I live in Oakham now"}, false, [2]float64{0.6, 0.6}},
	} {
		s, before := last(t, tc.rows...)
		g := text.Frustration(&s, text.Sentiment(&s), before)
		if g.Hit() != tc.hit || g.Weight < tc.weight[0] || g.Weight > tc.weight[1] {
			t.Errorf("%s: hit %v, weight %.2f, want %v and %v", tc.name, g.Hit(), g.Weight, tc.hit, tc.weight)
		}
		if g.Hit() && (g.Quote == "" || !strings.Contains(s.Text, g.Quote) || g.Sign == "") {
			t.Errorf("%s: quote %q, sign %q", tc.name, g.Quote, g.Sign)
		}
	}
}

func TestOneTurnNeverMakesACallFrustrated(t *testing.T) {
	t.Parallel()
	worst := "U You stupid useless idiots, this is a ridiculous, outrageous scam, I am furious, I already told you!!!"
	l := text.Analyse(spoken(t, "A Hello, how can I help you today?", worst, "A I see. Which day would you like?", "U Tuesday, please."), nil)
	if got := of(l, ringside.FindingFrustration); len(got) > 0 {
		t.Errorf("one turn is enough: %+v", got)
	}
	l = text.Analyse(spoken(t, "A Hello, how can I help you today?", worst, "A I see. Which day would you like?", "U I already told you, this is ridiculous."), nil)
	if got := of(l, ringside.FindingFrustration); len(got) != 1 || got[0].Severity != ringside.SeverityCritical || *got[0].Turn != 1 {
		t.Errorf("two such turns: %+v", got)
	}
}

func TestFrustrationThatRises(t *testing.T) {
	t.Parallel()
	l := text.Analyse(spoken(t,
		"A Hello, this is the delivery desk. How can I help?", "U I would like to know when my sofa comes.",
		"A It comes on Thursday.", "U That is bad, I had planned for the day before, it is a bad mess.",
		"A I'm sorry about that.", "U What a terrible answer, I am so disappointed by this.",
	), nil)
	if got := of(l, ringside.FindingFrustration); len(got) != 1 || *got[0].Turn != 5 {
		t.Errorf("findings %+v", got)
	}
}

func TestAsksForPerson(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"Can I talk to a real person please?":         "Can I talk to a real person please?",
		"Hm. I want to speak with your manager. Now.": "I want to speak with your manager.",
		"Operator!":                                        "Operator!",
		"Put me through to billing, please.":               "Put me through to billing, please.",
		"I don't want to talk to a robot.":                 "I don't want to talk to a robot.",
		"Yesterday I spoke to a manager about it.":         "",
		"I already talked to an agent, and they said no.":  "",
		"Is there room for one more person?":               "",
		"My travel agent booked it.":                       "",
		"The human body is seventy percent water.":         "",
		"Could you connect me with Mrs. Lang, please?":     "Could you connect me with Mrs. Lang, please?",
		"I'd rather talk to Mr. Brandt, he is our broker.": "I'd rather talk to Mr. Brandt, he is our broker.",
		"": "",
		"They told me to speak to a person at the counter.": "",
	} {
		s := text.Read(&ringside.Turn{Role: ringside.RoleUser, Text: said}, nil)
		if got, ok := text.AsksForPerson(&s); got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

func TestRepeats(t *testing.T) {
	t.Parallel()
	const ask = "A Please tell me your full address."
	for _, tc := range []struct {
		name string
		rows []string
		want bool
	}{
		{"the same after an answer", []string{ask, "U Mill Lane", ask}, true},
		{"nearly the same", []string{ask, "U Mill Lane", "A Okay, please tell me your full address."}, true},
		{"something else", []string{ask, "U Mill Lane", "A And when would you like us to come?"}, false},
		{"nobody answered", []string{ask, ask}, false},
		{"the answer was silence", []string{ask, "U ", ask}, false},
		{"asked for", []string{ask, "U Can you say that again?", ask}, false},
		{"cut off before", []string{"~" + ask, "U Mill", ask}, false},
		{"another day", []string{"A Does Monday at three work for you?", "U No", "A Does Friday at three work for you?"}, false},
		{"another number", []string{"A Is it order number 4417 that you mean?", "U No", "A Is it order number 4418 that you mean?"}, false},
		{"a courtesy", []string{"A Is there anything else I can do?", "U Yes", "A Is there anything else I can do?"}, false},
		{"a short one", []string{"A And then?", "U Left", "A And then?"}, false},
		{"too long ago", []string{ask, "U a", "A b", "U c", "A d", "U e", "A f", "U g", ask}, false},
	} {
		var cut bool
		if tc.rows[0][0] == '~' {
			tc.rows[0], cut = tc.rows[0][1:], true
		}
		s, before := last(t, tc.rows...)
		before[0].Interrupted = cut
		if at, got := text.Repeats(&s, before); got != tc.want || got && at != 0 {
			t.Errorf("%s: %v of turn %d, want %v", tc.name, got, at, tc.want)
		}
	}
}

func TestStuckNeedsTwoRepetitions(t *testing.T) {
	t.Parallel()
	var rows []string
	for n, want := range []ringside.Severity{"", "", ringside.SeverityWarning, ringside.SeverityWarning, ringside.SeverityCritical} {
		rows = append(rows, "A Please tell me your full address.", "U Mill Lane")
		got := of(text.Analyse(spoken(t, rows...), nil), ringside.FindingStuck)
		if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || got[0].Severity != want || *got[0].Turn != 2*n) {
			t.Errorf("said %d times: %+v, want %q", n+1, got, want)
		}
	}
}

func TestUnanswered(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, question, answer string
		topics                 string
	}{
		{"no information", "Is there parking?", "I'm sorry, I don't have information about parking.", "Is there parking?"},
		{"not sure", "Thanks. And is the pool heated?", "I'm not sure about that.", "And is the pool heated?"},
		{"does not know", "Do you know when the bus comes?", "I'm afraid I don't know.", "Do you know when the bus comes?"},
		{"asked without a mark", "I was wondering whether dogs are allowed.", "I have no information on that.", "I was wondering whether dogs are allowed."},
		{"knows", "Is there parking?", "Yes, behind the house.", ""},
		{"may not", "Can you do it for a thousand?", "I can't change the price.", ""},
		{"no question", "It is broken.", "I don't know why that is.", ""},
		{"about the call", "Are you still there?", "I don't have that information.", ""},
		{"asks back", "When do you open?", "I'm not sure what you mean?", ""},
		{"marked", "Hello.", "[KNOWLEDGE_GAP: orchid soil] I'll ask.", "orchid soil"},
		{"marked twice, in any spelling", "Hm.", "[knowledge_gap: a] and [Knowledge_Gap:  b  c ]", "a; b c"},
		{"an empty mark", "Hm.", "[KNOWLEDGE_GAP:]", ""},
		{"a secret in the question", "Is 4111 1111 1111 1111 my card?", "I don't have that information.", "Is [card number] my card?"},
	} {
		s, before := last(t, "U "+tc.question, "A "+tc.answer)
		var got []string
		for _, g := range text.Unanswered(&s, before) {
			got = append(got, g.Topic)
			if !strings.Contains(s.Text, g.Quote) || g.Quote == "" {
				t.Errorf("%s: quote %q", tc.name, g.Quote)
			}
		}
		if strings.Join(got, "; ") != tc.topics {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.topics)
		}
	}
}

func TestAQuestionAskedAgainIsAGapOnce(t *testing.T) {
	t.Parallel()
	l := text.Analyse(spoken(t,
		"A Hello, this is Bluefiber sales. How can I help you?", "U What is the upload speed on the basic plan?",
		"A The basic plan is a great choice for families!", "U Right, but what is the upload speed on the basic plan?",
		"A It comes with a free router.", "U So what is the upload speed on the basic plan?",
	), nil)
	got := of(l, ringside.FindingKnowledgeGap)
	if len(got) != 1 || *got[0].Turn != 3 || got[0].Topic != "What is the upload speed on the basic plan?" {
		t.Errorf("gaps %+v", got)
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ asked, said, kinds string }{
		{"", "It's 4111 1111 1111 1111.", "card number"},
		{"", "It's 4111-1111-1111-1111, thanks", "card number"},
		{"", "three seven eight two eight two two four six three one oh oh oh five", "card number"},
		{"", "four triple one double one double one one one one one one one one one", "card number"},
		{"", "4 triple 1 double 1 double 1 1 1 1 1 1 1 1 1", "card number"},
		{"", "It's 4111 1111 1111 1112.", ""},             // check digit
		{"", "Order 9411 1111 1111 1113 please", ""},      // no issuer
		{"", "Call 1 555 010 0100 or 1 555 010 0199", ""}, // telephones
		{"", "123-45-6789", "social security number"},     //
		{"", "123456789", ""}, // nobody asked
		{"Your social security number?", "123456789", "social security number"},
		{"Your social security number?", "one two three four five six seven eight nine", "social security number"},
		{"Do you use social media?", "123456789", ""},
		{"", "000-45-6789", ""},
		{"", "DE89 3704 0044 0532 0130 00", "IBAN"},
		{"", "gb29nwbk60161331926819", "IBAN"},
		{"", "DE89 3704 0044 0532 0130 01", ""},
		{"", "4111111111111111 and DE89370400440532013000", "card number; IBAN"},
		{"", "", ""},
	} {
		s, _ := last(t, "A "+tc.asked, "U "+tc.said)
		before := []text.Said{text.Read(&ringside.Turn{Role: ringside.RoleAgent, Text: tc.asked}, nil)}
		s = text.Read(&ringside.Turn{Role: ringside.RoleUser, Text: s.Text}, before)
		var got []string
		for _, x := range s.Secrets {
			got = append(got, string(x.Kind))
		}
		if strings.Join(got, "; ") != tc.kinds {
			t.Errorf("%q after %q: %q, want %q", tc.said, tc.asked, got, tc.kinds)
		}
	}
}

func TestNothingRepeatsASecret(t *testing.T) {
	t.Parallel()
	c := spoken(t,
		"A Hello, this is Sol. How can I help you today? Is your card still the old one?",
		"U I want to pay by card, it is 4111 1111 1111 1111, is that the one you have?",
		"A I don't have information about the card 4111 1111 1111 1111. I have booked your visit.",
		`T! charge {"card":"x"} -> card 4111 1111 1111 1111 was declined`,
		"U This is ridiculous, I already told you 4111 1111 1111 1111!",
		"A I'm sorry. I'll call you about 4111 1111 1111 1111.",
		"U I already told you, 4111 1111 1111 1111, ridiculous. Let me talk to a manager about 4111 1111 1111 1111.",
	)
	got := toJSON(t, text.Analyse(c, &ringside.AgentSettings{CompliancePhrases: []ringside.PhraseRule{
		{Name: "card", Kind: "forbidden", Phrases: []string{"the card 4111"}},
	}}))
	if strings.Contains(got, "1111") {
		t.Errorf("the number is repeated:\n%s", got)
	}
	if n := strings.Count(got, `"sensitive_data"`); n != 6 {
		t.Errorf("%d findings of it, want 6 (twice in the last turn)", n)
	}
}
