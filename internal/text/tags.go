package text

import (
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// topic is a matter that calls are about, the names that teams give it, and
// the words that tell of it. Source: our own, from the conversations of the
// sample agents and the categories in vendors' documentation.
type topic struct {
	name    string
	aliases []string // of a category that means it, in lower case
	cues    []cue
}

var topics = []topic{
	{"appointment", []string{"appointments", "scheduling", "booking", "bookings", "reservation", "reservations", "schedule"}, []cue{
		{pattern: "appointment|appointments|reservation|booking|checkup|consultation", weight: 1},
		{pattern: "book|schedule|reserve|move|reschedule ~ appointment|visit|table|room|cleaning|slot|pickup|car", weight: 1},
		{pattern: "table for", weight: 1},
		{pattern: "visit|slot|available|availability", weight: 0.5},
	}},
	{"reschedule", []string{"rescheduling", "change appointment"}, []cue{
		{pattern: "reschedule|rescheduled|rescheduling|postpone|rebook", weight: 1},
		{pattern: "move|change ~ appointment|visit|cleaning|delivery|booking|date|flight|reservation", weight: 1},
		{pattern: "another|different day|date|time", weight: 0.5},
		{pattern: "can't make it|monday|tuesday|wednesday|thursday|friday", weight: 1},
	}},
	{"cancellation", []string{"cancellations", "cancel", "churn", "retention"}, []cue{
		{pattern: "cancel|cancelled|canceled|cancelling|cancellation|terminate|unsubscribe", weight: 1},
		{pattern: "close my account", weight: 1},
		{pattern: "end ~ contract|subscription|membership", weight: 1},
	}},
	{"billing", []string{"invoice", "invoices", "bill", "bills", "charges", "billing question", "billing issue"}, []cue{
		{pattern: "bill|bills|billing|billed|invoice|invoices|overcharged|statement", weight: 1},
		{pattern: "charge|charged|charges|charging|fee|fees", weight: 1},
		{pattern: "balance|past due|account", weight: 0.5},
	}},
	{"payment", []string{"payments", "collections", "collection"}, []cue{
		{pattern: "payment|payments|installment|installments|past due|overdue", weight: 1},
		{pattern: "pay ~ bill|balance|card|off", weight: 1},
		{pattern: "payment plan", weight: 1},
		{pattern: "pay|paid|card|balance", weight: 0.5},
	}},
	{"refund", []string{"refunds", "returns", "return"}, []cue{
		{pattern: "refund|refunds|refunded|reimbursement|reimburse", weight: 1},
		{pattern: "money back", weight: 1},
		{pattern: "return ~ item|it|order|product|hose|shoes", weight: 0.5},
		{pattern: "waive|credit", weight: 0.5},
	}},
	{"delivery", []string{"shipping", "order status", "tracking", "logistics", "deliveries"}, []cue{
		{pattern: "delivery|deliver|delivered|delivering|shipping|shipment|package|parcel|courier|tracking", weight: 1},
		{pattern: "where ~ my ~ order|sofa|table|package|item", weight: 1},
		{pattern: "order|van|driver", weight: 0.5},
	}},
	{"technical issue", []string{"technical", "tech support", "technical support", "troubleshooting", "outage", "bug", "technical issues", "it support"}, []cue{
		{pattern: "not|isn't|doesn't|won't|stopped work|working|load|loading|connect|connecting", weight: 1},
		{pattern: "internet|wifi|router|password|login|app|website|error|crash|crashed|outage", weight: 0.5},
		{pattern: "locked out", weight: 1},
		{pattern: "broken|down|restart|reset|reboot", weight: 0.5},
		{pattern: "is|has been off|down|out", weight: 1},
	}},
	{"account", []string{"account management", "account access", "profile", "account changes"}, []cue{
		{pattern: "my account", weight: 0.5},
		{pattern: "change|update|new ~ address|email|number|password|name", weight: 1},
		{pattern: "log|sign in|into", weight: 0.5},
		{pattern: "open|close ~ account", weight: 1},
		{pattern: "password|login", weight: 1},
	}},
	{"insurance claim", []string{"claim", "claims", "insurance", "insurance claims"}, []cue{
		{pattern: "claim|claims|policy|coverage|insurer|deductible", weight: 1}, {pattern: "accident|damage|damaged|insurance|covered", weight: 0.5},
	}},
	{"damaged item", []string{"damage", "damaged", "defect", "warranty"}, []cue{
		{pattern: "damaged|defective|scratched|cracked|warranty", weight: 1}, {pattern: "broken|missing|leg|part", weight: 0.5},
	}},
	{"sales", []string{"sale", "lead", "leads", "purchase", "upsell", "new customer", "quote", "quotes"}, []cue{
		{pattern: "quote|buy|purchase|upgrade|demo|trial|discount|subscribe", weight: 1},
		{pattern: "sign me|us up", weight: 1},
		{pattern: "interested in", weight: 1},
		{pattern: "how much is|are|do|does|would", weight: 1},
		{pattern: "price|cost|costs|offer|plan|deal", weight: 0.5},
	}},
	{"complaint", []string{"complaints", "dissatisfaction", "escalation", "escalations"}, []cue{
		{pattern: "complaint|complain|complaining|unacceptable|ridiculous|disappointed|unprofessional|outrageous|appalling", weight: 1},
		{pattern: "not happy|satisfied|acceptable", weight: 1},
		{pattern: "bad|terrible|worst ~ service|experience", weight: 1},
	}},
	{"feedback", []string{"survey", "review", "reviews", "nps"}, []cue{
		{pattern: "survey|feedback|recommend", weight: 1}, {pattern: "out of ten|five", weight: 1}, {pattern: "how do|did you like", weight: 1},
	}},
	{"emergency", []string{"urgent", "urgency", "emergencies"}, []cue{
		{pattern: "emergency|ambulance", weight: 1},
		{pattern: "urgent|urgently", weight: 0.5},
		{pattern: "chest tightness|pain", weight: 1},
		{pattern: "please hurry", weight: 1},
		{pattern: "leaking|flood|flooding|fire|gas", weight: 0.5},
	}},
	{"callback", []string{"call back", "follow up", "follow-up", "callbacks"}, []cue{
		{pattern: "call me|you|us back", weight: 1}, {pattern: "callback|voicemail", weight: 1}, {pattern: "follow up", weight: 0.5},
	}},
	{"support", []string{"customer support", "customer service", "service", "help"}, []cue{
		{pattern: "help with|me", weight: 0.5},
		{pattern: "problem|issue|trouble|question", weight: 0.5},
		{pattern: "not|isn't|doesn't|won't work|working", weight: 1},
		{pattern: "how do|can i", weight: 1},
		{pattern: "broken|down", weight: 0.5},
	}},
}

const (
	inquiry = "inquiry" // any question for information
	// A topic is told from this weight on; what the agent says counts half, for
	// it names many things that the call is not about.
	topicAt     = 1.0
	agentShare  = 0.5
	maxTopics   = 4
	maxCategory = 200
)

var inquiryNames = set(inquiry, "inquiries", "enquiry", "enquiries", "question", "questions", "information", "general inquiry", "info")

var topicLexicons = compileTopics()

func compileTopics() []*lexicon {
	out := make([]*lexicon, len(topics))
	for i := range topics {
		out[i] = compile(topics[i].cues)
	}
	return out
}

// weighed is a topic's or a category's name with how much speaks for it.
type weighed struct {
	name   string
	weight float64
}

// weighTopics adds up what speaks for each topic. The same words count twice at
// most: a topic is not surer for being named ten times.
func (k *look) weighTopics() {
	k.topics = make([]float64, len(topics))
	if !k.talked || !k.customerEnglish {
		return
	}
	seen := map[*cue]int{}
	for i := range topics {
		k.topics[i] = k.weighTopic(i, seen)
		if topics[i].name == "complaint" && k.frustrated {
			k.topics[i]++
		}
	}
}

func (k *look) weighTopic(i int, seen map[*cue]int) (sum float64) {
	for j := range k.turns {
		s := &k.turns[j]
		share := 1.0
		if s.Role == ringside.RoleAgent {
			share = agentShare
		}
		topicLexicons[i].all(s.Words, func(h hit) {
			if seen[h.cue]++; seen[h.cue] <= 2 {
				sum += share * h.cue.weight
			}
		})
	}
	return sum
}

// topicsOf are the built-in topics of the call, the surest first.
func (k *look) topicsOf() []string {
	var all []weighed
	for i := range topics {
		if topics[i].name == "support" {
			continue // says nothing of what it is about
		}
		if w := k.topics[i]; w >= topicAt {
			all = append(all, weighed{topics[i].name, w})
		}
	}
	slices.SortStableFunc(all, func(a, b weighed) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	out := []string{}
	for _, w := range all[:min(len(all), maxTopics)] {
		out = append(out, w.name)
	}
	return out
}

// tags are the agent's categories that the call is of, in their order; the
// built-in topics where it has none.
func (k *look) tags() []string {
	if len(k.settings.CallTaggingCategories) == 0 {
		return k.topicsOf()
	}
	out := []string{}
	for _, c := range k.settings.CallTaggingCategories[:min(len(k.settings.CallTaggingCategories), maxCategory)] {
		if k.talked && !slices.Contains(out, c) && k.isOf(c) {
			out = append(out, c)
		}
	}
	return out
}

// isOf tells whether the call is of a category: its own words are said, or it
// means a built-in topic that is.
func (k *look) isOf(category string) bool {
	name := lower(strings.ReplaceAll(category, "_", " "))
	if k.customerEnglish {
		if inquiryNames[name] {
			return k.asksSomething()
		}
		for i := range topics {
			if topics[i].name == name || slices.Contains(topics[i].aliases, name) {
				if k.topics[i] >= topicAt {
					return true
				}
			}
		}
	}
	words := PhraseWords(name)
	for i := range k.turns {
		s := &k.turns[i]
		if s.Role == ringside.RoleAgent {
			continue
		}
		if _, _, ok := s.Phrase(words); ok {
			return true
		}
	}
	return false
}

func (k *look) asksSomething() bool {
	for i := range k.turns {
		if s := &k.turns[i]; s.Role == ringside.RoleUser {
			if _, ok := question(s); ok {
				return true
			}
		}
	}
	return false
}
