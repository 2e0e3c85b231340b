package text_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

func toJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The same call gives the same, at once from many sides, and is left as it was.
func TestAnalyseIsPure(t *testing.T) {
	t.Parallel()
	for _, d := range dialogues(t, "tune.txt") {
		was := toJSON(t, d.call)
		want := toJSON(t, text.Analyse(d.call, goldenSettings()))
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if got := toJSON(t, text.Analyse(d.call, goldenSettings())); got != want {
					t.Errorf("%s: another analysis:\n%s\nwant:\n%s", d.name, got, want)
				}
			})
		}
		all.Wait()
		if toJSON(t, d.call) != was {
			t.Errorf("%s: the call was changed", d.name)
		}
	}
}

// What the settings switch off is what a language model is asked: our own
// analysis looks at every call.
func TestSwitchesAreForTheModel(t *testing.T) {
	t.Parallel()
	c := spoken(t, "A Hello, this is Sol. How can I help?", "U Where is my parcel? Is there parking?", "A I don't have information about parking.")
	off := &ringside.AgentSettings{
		CallSummaryEnabled: new(false), CallTaggingEnabled: new(false), CallScoringEnabled: new(false), KnowledgeGapDetectionEnabled: new(false),
	}
	bare := text.Analyse(c, nil)
	if bare.Summary == nil || len(bare.Tags) == 0 || len(bare.Scores) == 0 || len(bare.Findings) == 0 {
		t.Fatalf("something is not told: %s", toJSON(t, bare))
	}
	if got := text.Analyse(c, off); toJSON(t, got) != toJSON(t, bare) {
		t.Errorf("switches changed it: %s", toJSON(t, got))
	}
}

func TestCallsWithoutAConversation(t *testing.T) {
	t.Parallel()
	failed := func(f ringside.FailureClass, explanation string, rows ...string) *ringside.Call {
		c := spoken(t, rows...)
		c.Outcome = ringside.Outcome{FailureClass: f, Explanation: explanation}
		return c
	}
	for _, tc := range []struct {
		name     string
		call     *ringside.Call
		overview string
	}{
		{"nothing known", failed("", ""), "There was no conversation: there is no transcript. There is no transcript."},
		{"no answer", failed(ringside.FailureNoAnswer, "Nobody answered."), "Nobody answered."},
		{"voicemail", failed(ringside.FailureVoicemail, "A voicemail box answered.", "U Please leave a message after the tone.", "A Hi, please call us back soon."), "A voicemail box answered. The agent said: “Hi, please call us back soon.”"},
		{"voicemail that the vendor missed", failed("", "The agent ended the call.", "U You have reached the voicemail of Tom.", "A Hi Tom, call us back."), "The agent ended the call. The agent said: “Hi Tom, call us back.”"},
		{"only the agent", failed("", "The customer hung up.", "A Hello, this is Sol."), "The customer hung up. The agent said: “Hello, this is Sol.”"},
		{"only the customer", failed("", "The customer hung up.", "U Hello? Is anybody there?"), "The customer hung up."},
		{"empty turns", failed("", "The customer hung up.", "A ", "U ...", "A  "), "The customer hung up."},
	} {
		l := text.Analyse(tc.call, &ringside.AgentSettings{
			CompliancePhrases: []ringside.PhraseRule{{Name: "recording", Kind: "required", Phrases: []string{"recorded"}}},
		})
		if l.Summary.Outcome != "no_conversation" || strings.ReplaceAll(l.Summary.Overview, "There was no conversation: there is no transcript. ", "") !=
			strings.ReplaceAll(tc.overview, "There was no conversation: there is no transcript. ", "") {
			t.Errorf("%s: %s: %q, want %q", tc.name, l.Summary.Outcome, l.Summary.Overview, tc.overview)
		}
		if l.Quality.Score != nil || l.Quality.Coverage != 0 || l.Sentiment.Score != nil || l.Sentiment.Label != "unknown" || len(l.Findings) > 0 {
			t.Errorf("%s: something out of nothing: %s", tc.name, toJSON(t, l))
		}
		for _, p := range l.Quality.Parts {
			if !strings.HasPrefix(p.Reason, "There was no conversation: ") {
				t.Errorf("%s: %s has the reason %q", tc.name, p.Name, p.Reason)
			}
		}
		for _, s := range l.Scores {
			if s.Verdict != ringside.VerdictNA || s.Value != nil {
				t.Errorf("%s: %s is %s", tc.name, s.Criterion, s.Verdict)
			}
		}
	}
}

// A person who wants to leave a message is no voicemail box.
func TestLeavingAMessageIsAConversation(t *testing.T) {
	t.Parallel()
	l := text.Analyse(spoken(t, "A Alder Street Clinic, hello.", "U Hi, can I leave a message for Doctor Lee?", "A Sure, go ahead."), nil)
	if l.Summary.Outcome == "no_conversation" || l.Quality.Score == nil {
		t.Errorf("summary %s", toJSON(t, l.Summary))
	}
}

func TestARequestForAPersonMattersMoreWhenItIsIgnored(t *testing.T) {
	t.Parallel()
	rows := []string{hello, "U Can I talk to a person, please?", "A Let me see."}
	if got := brief(text.Analyse(spoken(t, rows...), nil).Findings); got != "escalation_request warning@1" {
		t.Errorf("ignored: %q", got)
	}
	if got := brief(text.Analyse(spoken(t, append(rows, "T transfer_call {} -> {}")...), nil).Findings); got != "escalation_request info@1" {
		t.Errorf("heeded: %q", got)
	}
}

// foreign are calls in other languages, with words that look English in them.
var foreign = map[string][]string{
	"spanish":    {"A Hola, le habla Sol de Northwind. ¿En qué puedo ayudarle hoy?", "U No, no, no me sirve, ya me han cobrado dos veces y no me dan solución, es un desastre total.", "A Lo siento mucho, no tengo esa información.", "U ¿Cuándo me lo devuelven? Es horrible."},
	"german":     {"A Guten Tag, hier ist Max von Bluefiber. Wie kann ich Ihnen helfen?", "U Das ist schon das dritte Mal, so eine Frechheit, ich will sofort kündigen, was soll das.", "A Das tut mir leid, das weiß ich leider nicht.", "U Wann kommt der Techniker? Ich warte hier seit Stunden."},
	"french":     {"A Bonjour, ici Lucia. Comment puis-je vous aider ?", "U Je suis très fâché, c'est la troisième fois que j'appelle et personne ne me répond.", "A Je suis désolée, je ne sais pas.", "U On m'a dit que la table était réservée pour ce soir."},
	"italian":    {"A Buonasera, come posso aiutarla?", "U Sono molto arrabbiato, ho chiamato tre volte e nessuno mi ha risposto, è una vergogna.", "A Mi dispiace, non lo so.", "U A che ora posso venire? No, no, domani non va bene."},
	"dutch":      {"A Goedemorgen, waarmee kan ik u helpen?", "U Ik heb al drie keer gebeld en we hebben nog steeds geen internet, het is echt belachelijk hier.", "A Het spijt me, dat weet ik niet.", "U Hoe lang gaat dat nog duren? Ik wil mijn geld terug."},
	"portuguese": {"A Bom dia, em que posso ajudar?", "U Eu já liguei três vezes e ninguém me ajuda, isso é um absurdo, quero o meu dinheiro de volta.", "A Peço desculpa, não sei.", "U A que horas é que me ligam? Não é a primeira vez."},
	"polish":     {"A Dzień dobry, w czym mogę pomóc?", "U To już trzeci raz, nikt mi nie odpowiada, jestem bardzo zły, chcę odzyskać pieniądze.", "A Przykro mi, nie wiem.", "U Kiedy przyjedzie technik? To jest skandal."},
	"chinese":    {"A 您好，请问有什么可以帮您？", "U 我已经打了三次电话了，没有人回答我，太过分了！", "A 对不起，我不知道。", "U 什么时候能修好？"},
	"arabic":     {"A مرحبا، كيف يمكنني مساعدتك؟", "U اتصلت ثلاث مرات ولم يجبني أحد، هذا غير مقبول", "A آسف، لا أعرف.", "U متى سيأتي الفني؟"},
}

func TestOtherLanguagesGiveNoNonsense(t *testing.T) {
	t.Parallel()
	for name, rows := range foreign {
		c := spoken(t, rows...)
		l := text.Analyse(c, &ringside.AgentSettings{CallTaggingCategories: []string{"complaint", "Techniker", "三次"}})
		if l.Sentiment.Label != "unknown" || l.Sentiment.Score != nil || len(l.Sentiment.Turns) > 0 {
			t.Errorf("%s: sentiment %s", name, toJSON(t, l.Sentiment))
		}
		if len(l.Findings) > 0 {
			t.Errorf("%s: findings %s", name, toJSON(t, l.Findings))
		}
		if len(l.Summary.KeyTopics) > 0 || l.Summary.Outcome != "unknown" || !strings.Contains(l.Summary.Overview, "“") {
			t.Errorf("%s: summary %s", name, toJSON(t, l.Summary))
		}
		want := map[string]string{"german": "Techniker", "chinese": "三次"}[name]
		if got := strings.Join(l.Tags, ", "); got != want {
			t.Errorf("%s: tags %q, want %q", name, got, want)
		}
		for _, p := range l.Quality.Parts {
			if p.Name == "frustration" && (p.Score != nil || !strings.Contains(p.Reason, "English")) {
				t.Errorf("%s: frustration %s", name, toJSON(t, p))
			}
		}
		for _, s := range l.Scores {
			if s.Verdict != ringside.VerdictUnknown {
				t.Errorf("%s: %s is %s: %s", name, s.Criterion, s.Verdict, s.Reason)
			}
		}
	}
}

// A customer who says little but numbers speaks the language of the call.
func TestFewWordsAreEnglishWhereTheAgentIs(t *testing.T) {
	t.Parallel()
	l := text.Analyse(spoken(t, "A Hello, this is Ada. What is the address for the pickup?", "U Twelve Mill Lane, Oakham.", "A And at what time would you like it?", "U Seven."), nil)
	if l.Sentiment.Label != "neutral" || len(l.Sentiment.Turns) != 2 {
		t.Errorf("sentiment %s", toJSON(t, l.Sentiment))
	}
}

// A call without end or bounds is read as far as the bounds allow: its first
// turns and its last.
func TestALongCallIsBounded(t *testing.T) {
	t.Parallel()
	c := spoken(t, "A Hello, this is Sol. How can I help you?")
	for range 30_000 {
		add(c, "U I already told you that it is broken, you stupid machine. "+strings.Repeat("Broken. ", 5))
		add(c, "A I have booked it. [KNOWLEDGE_GAP: x] "+strings.Repeat("Sorry, one moment. ", 5))
	}
	add(c, "U "+strings.Repeat("Forget it. ", 1_000_000))
	l := text.Analyse(c, goldenSettings())
	if len(l.Sentiment.Turns) != 500 || l.Sentiment.Turns[499].Turn != len(c.Turns)-1 {
		t.Errorf("%d turns of the customer are read, the last is %d", len(l.Sentiment.Turns), l.Sentiment.Turns[len(l.Sentiment.Turns)-1].Turn)
	}
	if len(l.Findings) > 200 || len(toJSON(t, l)) > 300_000 {
		t.Errorf("%d findings, %d bytes", len(l.Findings), len(toJSON(t, l)))
	}
}
