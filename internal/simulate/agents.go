package simulate

// The vendors, as calls name them.
const (
	vapi       = "vapi"
	retell     = "retell"
	bland      = "bland"
	elevenlabs = "elevenlabs"
	custom     = "custom"
	external   = "external"
)

// agent is one of the businesses' voice agents.
type agent struct {
	key      string // its file in scripts/
	provider string
	sourceID string // its id at the vendor
	name     string
	company  string
	number   string
	outbound bool
	web      float64 // share of calls that come over the web
	weight   int     // share of all calls
	amounts  [2]int  // dollars that its conversations are about
	latency  parts   // usual parts of a reply
	perMin   rates
	model    string
	versions []version // newest first
	campaign string
}

// parts are what a reply takes, in milliseconds.
type parts struct{ endpointing, transcriber, model, voice, network float64 }

// rates are dollars a minute.
type rates struct{ telephony, transcriber, model, voice, platform float64 }

// version is what an agent ran as until something else was rolled out.
type version struct {
	label  string
	since  int // days before the end of the generated time
	prompt string
	slower float64 // factor on the model's time
	worse  float64 // chance that a conversation which would have gone well does not
}

// AgentName is how one of the demo's agents is called. Not every vendor's
// deliveries say it.
type AgentName struct{ Provider, SourceID, Name string }

// AgentNames are those of the demo's agents.
func AgentNames() []AgentName {
	out := make([]AgentName, len(agents))
	for i := range agents {
		a := &agents[i]
		out[i] = AgentName{a.provider, a.sourceID, a.name}
	}
	return out
}

const always = 10_000 // days: longer than any history

// agents are the businesses of the demo. Those of the sample payloads have the
// same ids there.
var agents = []agent{
	{
		key: "wren", provider: vapi, sourceID: "eb1e955e-76b2-555e-aed0-0cca3fe52be2", name: "Wren - front desk", company: "Larkspur Dental",
		number: "+15550100199", weight: 20, amounts: [2]int{80, 420}, latency: parts{410, 98, 520, 310, 80},
		perMin: rates{0.0085, 0.01, 0.0143, 0.032, 0.05}, model: "gpt-4.1",
		versions: []version{
			{label: "v13", since: 13, prompt: "You are Wren, the front-desk assistant of Larkspur Dental. Be brief and warm. Never give medical advice: hand urgent callers to the nurse. Offer two slots at a time."},
			{label: "v12", since: always, prompt: "You are Wren, the front-desk assistant of Larkspur Dental. Be brief. Never give medical advice."},
		},
	},
	{
		key: "sol", provider: retell, sourceID: "agent_5f2b81d0c4e74b0f8d12a9c37e", name: "Sol - collections", company: "Northwind Utilities",
		number: "+15550110044", outbound: true, weight: 18, amounts: [2]int{60, 480}, latency: parts{380, 100, 560, 195, 70},
		perMin: rates{0.015, 0, 0.045, 0.07, 0.055}, model: "gpt_4_1", campaign: "past-due-autumn",
		versions: []version{
			{label: "8", since: 16, prompt: "You call customers of Northwind Utilities about balances that are past due. Verify first, offer a plan, respect a no."},
			{label: "7", since: always, prompt: "You call customers of Northwind Utilities about balances that are past due. Verify first."},
		},
	},
	{
		key: "ivo", provider: bland, sourceID: "52dedce5-9923-58d0-bc5a-88b8626dcbd1", name: "Ivo - quotes", company: "Copperleaf Movers",
		number: "+15550121200", outbound: true, weight: 11, amounts: [2]int{700, 2900}, latency: parts{450, 130, 640, 260, 120},
		perMin: rates{0.09, 0, 0, 0, 0}, model: "", campaign: "10e02971-226f-5921-ae86-cbf68efbad05",
		versions: []version{{label: "15", since: 10}, {label: "14", since: always}},
	},
	{
		key: "harbour", provider: elevenlabs, sourceID: "agent_7k2pfixture0000harbour", name: "Delivery desk", company: "Harbour Furniture",
		number: "+12025550100", web: 0.3, weight: 13, amounts: [2]int{90, 900}, latency: parts{300, 110, 390, 150, 60},
		perMin: rates{0, 0, 0.006, 0, 0.08}, model: "gemini-2.5-flash",
		versions: []version{
			{label: "agtvrsn_3c0fixture0000harbour", since: 18},
			{label: "agtvrsn_2b7fixture0000harbour", since: always},
		},
	},
	{
		key: "concierge", provider: custom, sourceID: "harborview-concierge", name: "Harborview concierge", company: "Harborview Hotel",
		number: "+15550166002", weight: 9, amounts: [2]int{60, 360}, latency: parts{350, 120, 470, 230, 90},
		versions: []version{
			{label: "2", since: 12, prompt: "You are the concierge of the Harborview Hotel. Be gracious, and never promise what a tool did not confirm."},
			{label: "1", since: always, prompt: "You are the concierge of the Harborview Hotel."},
		},
	},
	{
		key: "intake", provider: vapi, sourceID: "5d0c1f3a-9b44-5e0a-8f07-2f6a1f6f7b10", name: "Juniper - intake", company: "Alder Street Clinic",
		number: "+15550100142", outbound: true, weight: 11, amounts: [2]int{60, 300}, latency: parts{430, 105, 610, 290, 80},
		perMin: rates{0.0085, 0.01, 0.018, 0.032, 0.05}, model: "gpt-4.1", campaign: "18911629-0a2f-59e0-b3b4-466e1753eac9",
		versions: []version{
			{label: "v5", since: 20, prompt: "You are Juniper and prepare patients of the Alder Street Clinic for a visit. Stop at once when somebody describes an emergency, and call the nurse."},
			{label: "v4", since: always, prompt: "You are Juniper and prepare patients of the Alder Street Clinic for a visit."},
		},
	},
	{
		key: "nova", provider: retell, sourceID: "agent_c19e40d7ab3f4f6c92e8b07d55", name: "Nova - support", company: "Brightline",
		number: "+15550110087", web: 0.15, weight: 13, amounts: [2]int{40, 130}, latency: parts{360, 95, 480, 185, 65},
		perMin: rates{0.015, 0, 0.05, 0.07, 0.055}, model: "claude_4_sonnet",
		versions: []version{
			// The regression that the demo is to show: slower, and less of use.
			{label: "24", since: 5, prompt: "You are Nova of Brightline support. Think through every possible cause before you answer.", slower: 1.9, worse: 0.45},
			{label: "23", since: 17, prompt: "You are Nova of Brightline support. Solve it on this call."},
			{label: "22", since: always, prompt: "You are Nova of Brightline support."},
		},
	},
	{
		key: "renewal", provider: external, sourceID: "quill-renewals", name: "Quill - renewals", company: "Fernside Insurance",
		number: "+15550133000", outbound: true, weight: 5, amounts: [2]int{300, 1200}, latency: parts{390, 115, 540, 240, 100},
		campaign: "home-renewals",
		versions: []version{{label: "1", since: always, prompt: "You call customers of Fernside Insurance before their home policy ends."}},
	},
}
