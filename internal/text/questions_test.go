package text

import "testing"

func TestQuestionsThatAskTheSame(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		same bool
	}{
		{"Do you deliver to the islands?", "hi, I wanted to ask if you can deliver to an island", true},
		{"What are your opening hours on Sunday?", "what are the opening hours for sundays please", true},
		{"Is parking free?", "do you have free parking", true},
		{"Do you deliver to the islands?", "Do you ship batteries?", false},
		{"What does the gold plan cost?", "What does the silver plan cost?", true}, // close enough to be looked at together
		{"Can I bring my dog?", "What is your refund policy?", false},
		{"What is that?", "what's, what is that", true}, // no word tells what it is about
		{"What is that?", "What is your refund policy?", false},
		{"", "", false},
	} {
		if got := Alike(QuestionWords(tc.a), QuestionWords(tc.b)) >= SameQuestion; got != tc.same {
			t.Errorf("%q and %q: %v, words %q and %q", tc.a, tc.b, got, QuestionWords(tc.a), QuestionWords(tc.b))
		}
	}
}
