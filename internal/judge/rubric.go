package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// builtIn are the criteria that we know by their keys.
var builtIn = []Criterion{
	{
		Key: "greeting_quality", Name: "Greeting quality", Type: Score5,
		Description: "How the agent opens the call. A good opening greets, says which company or service is speaking, and leads to the matter: " +
			"on an inbound call by asking what the customer needs, on an outbound call by saying why it calls. " +
			"Judge the agent's first turns only, and not how the call went on. A greeting that the customer cuts off is judged by what was said of it. " +
			"The verdict is na when the agent said nothing, for instance because nobody answered.",
		Levels: []string{
			"No greeting, or one that is rude or confusing: the customer can't tell whom they are speaking to or what happens next.",
			"A bare word of greeting. Neither company nor purpose is named, and the customer has to take the lead.",
			"Greets and names the company or itself, but one part is missing, or it is stiff, long-winded or slow to come to the matter.",
			"Greets, names the company and leads to the matter, with a small weakness in tone, length or order.",
			"Short, warm and clear: greets, names the company, and brings the customer straight to their matter.",
		},
		GoodExamples: []string{"Hello, you're through to the Harbour Street practice. What can I do for you?"},
		BadExamples:  []string{"Yes?", "Please state your account number."},
	},
	{
		Key: "issue_resolution", Name: "Issue resolution", Type: Score5,
		Description: "Whether the customer got what they called for, or on an outbound call what the call was for. " +
			"Find out what was wanted, then what was done about it by the end. Believe what tool calls show above what the agent says: " +
			"something that the agent claims and whose tool call failed or is missing was not done. " +
			"A transfer or a callback counts as settled only as far as it was the right thing to do and was really arranged. " +
			"The verdict is na when nothing was wanted, for instance a wrong number or a voicemail.",
		Levels: []string{
			"Nothing was resolved: the matter was misunderstood, ignored, or the call ended in the middle of it.",
			"The matter was understood, but hardly anything was done about it, or what was done was wrong.",
			"Part of it was resolved, or the customer was sent on with a workable next step and an open question.",
			"Resolved, but with a detour, a detail left out, or without making sure that the customer has what they need.",
			"Resolved in full, with the result said plainly and the customer agreeing or content.",
		},
		GoodExamples: []string{"The customer asks to move an appointment, the agent moves it, names the new time, and the customer confirms."},
		BadExamples:  []string{"The agent says that the refund is on its way; the tool call that would do it failed."},
	},
	{
		Key: "professionalism", Name: "Professionalism", Type: Score5,
		Description: "How the agent behaves: courteous, calm, honest, and fit for the business that it speaks for. " +
			"It listens, does not argue, blame or talk down, keeps to what it may say, says so when it does not know, and meets annoyance with patience. " +
			"Judge the agent's manner, not whether the matter was resolved, and not how the customer behaves. " +
			"Interruptions and pauses are the line's fault unless the agent's words show otherwise.",
		Levels: []string{
			"Rude, mocking, deceitful or improper at least once in a way that a customer would complain about.",
			"Cold, impatient or careless through most of the call, or it argues with the customer.",
			"Correct but mechanical, or one lapse of tone; it passes over what the customer feels.",
			"Courteous and calm throughout, with a small slip such as a canned phrase in the wrong place.",
			"Courteous, honest and attentive throughout; it takes up what the customer says and feels.",
		},
		GoodExamples: []string{"I understand that this is frustrating. Let me see what I can do about it right now."},
		BadExamples:  []string{"As I already told you twice, that is not possible.", "That's not my problem."},
	},
	{
		Key: "call_efficiency", Name: "Call efficiency", Type: Score5,
		Description: "Whether the call took no more turns than it needed. Look for questions asked twice, details asked for that the customer had given, " +
			"loops, long speeches, tools called again and again, and small talk that leads nowhere. Checks that the matter requires, such as confirming a name, are no waste. " +
			"Take times from the measured facts; never estimate them. Words that were repeated because they were misheard count only if the agent could have avoided it. " +
			"The verdict is na when there was no conversation.",
		Levels: []string{
			"It goes round in circles: most of the call is repetition, or it had to be given up.",
			"Several needless rounds: the same question again, details asked for twice, speeches that the customer has to break off.",
			"It gets there with one or two needless rounds or explanations that are too long.",
			"Direct, with one small detour.",
			"Every turn brings the matter forward; nothing is asked twice, and the answers are as long as they need to be.",
		},
		GoodExamples: []string{"The agent asks for name and date in one question, books, and confirms."},
		BadExamples:  []string{"The agent asks for the order number again after the customer has read it out."},
	},
}

// BuiltIn gives the criterion that we have a rubric for under a key.
func BuiltIn(key string) (Criterion, bool) {
	for i := range builtIn {
		if builtIn[i].Key == key {
			c := builtIn[i]
			c.Levels, c.GoodExamples, c.BadExamples = slices.Clone(c.Levels), slices.Clone(c.GoodExamples), slices.Clone(c.BadExamples)
			return c, true
		}
	}
	return Criterion{}, false
}

// BuiltInKeys lists the keys that BuiltIn knows.
func BuiltInKeys() []string {
	keys := make([]string, len(builtIn))
	for i := range builtIn {
		keys[i] = builtIn[i].Key
	}
	return keys
}

// Named makes criteria of names: ours where a name is one of ours, and for any
// other ("Follow Instructions") one with a rubric built from the name. Names
// that come to the same key give one criterion.
func Named(names ...string) []Criterion {
	var out []Criterion
	for _, name := range names {
		key := ringside.CriterionKey(name)
		if key == "" || slices.ContainsFunc(out, func(c Criterion) bool { return c.Key == key }) {
			continue
		}
		c, ok := BuiltIn(key)
		if !ok {
			c = generic(key, strings.TrimSpace(name))
		}
		out = append(out, c)
	}
	return out
}

func generic(key, name string) Criterion {
	if name == key {
		name = strings.ReplaceAll(key, "_", " ")
	}
	name = shorten(name, maxKey)
	return Criterion{
		Key: key, Name: name, Type: Score5,
		Description: fmt.Sprintf("How well the agent did in this call by the criterion %q, in the ordinary meaning of the words for a telephone call. "+
			"Where the record holds what the agent was told to do, measure by that; where the criterion is about those instructions and the record does not hold them, the verdict is unknown. "+
			"Judge the agent, not the customer, and only what the criterion is about. The verdict is na when the call gave no occasion for it.", name),
		Levels: []string{
			"Fails it: the opposite was done, or nothing of it.",
			"Mostly fails it: a trace of it, and serious faults.",
			"Half meets it: what matters most was done, with plain faults or gaps.",
			"Meets it, with a small fault.",
			"Meets it in full: nothing that a careful reviewer would want changed.",
		},
	}
}

// rubric is a criterion's text in the prompt.
func (c *Criterion) rubric() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %q: %s\n", c.Key, c.Name)
	if c.Description != "" {
		b.WriteString(c.Description + "\n")
	}
	for i, l := range c.Levels {
		fmt.Fprintf(&b, "%d: %s\n", i+1, l)
	}
	for _, e := range c.GoodExamples {
		fmt.Fprintf(&b, "Does well: %s\n", e)
	}
	for _, e := range c.BadExamples {
		fmt.Fprintf(&b, "Does badly: %s\n", e)
	}
	fmt.Fprintf(&b, "Answer: %s.\n", c.scale())
	return b.String()
}
