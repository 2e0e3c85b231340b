package archtest

// level is where a package stands.
type level int

const (
	domain  level = iota // words and rules; standard library only
	leaf                 // needed everywhere, needs nothing of ours
	pure                 // values in, values out
	adapter              // one vendor of a kind: knows its parent, never its siblings
	hold                 // keeps state
	truth                // decides what we believe
	flow                 // moves things along
	face                 // what people and programs see
	wiring               // puts it together
	command              // the process
	page                 // the built UI
	kit                  // helps tests; nothing else imports it
)

// above are the levels that each level may import. Everybody may import the
// domain but leaves and the page.
var above = map[level][]level{
	domain:  {},
	leaf:    {},
	page:    {},
	pure:    {domain, leaf},
	adapter: {domain, leaf},
	hold:    {domain, leaf},
	truth:   {domain, leaf, pure, hold},
	flow:    {domain, leaf, pure, hold, truth},
	face:    {domain, leaf, pure, hold, truth, flow},
	wiring:  {domain, leaf, pure, adapter, hold, truth, flow, face, page},
	command: {domain, leaf, pure, adapter, hold, truth, flow, face, wiring},
	kit:     {domain, leaf, pure, adapter, hold, truth, flow, kit},
}

// row places one package. Arrows are imports that the picture shows and the
// levels alone do not allow.
type row struct {
	path   string // below the module; "" is the root
	level  level
	arrows []string
}

// table places every package. A package that is not in it, a row without its
// package and an arrow that nobody follows fail the test.
var table = []row{
	{path: "", level: domain},

	{path: "internal/archtest", level: leaf},
	{path: "internal/config", level: leaf},
	{path: "internal/egress", level: leaf},
	{path: "internal/obs", level: leaf},
	{path: "internal/secret", level: leaf},
	{path: "internal/signature", level: leaf},

	{path: "internal/crm", level: pure},
	{path: "internal/judge", level: pure, arrows: []string{"internal/llm", "internal/redact"}},
	{path: "internal/llm", level: pure},
	{path: "internal/audio", level: pure, arrows: []string{"internal/audio/mp3"}},
	{path: "internal/audio/mp3", level: pure},
	{path: "internal/measure", level: pure},
	{path: "internal/notify", level: pure},
	{path: "internal/provider", level: pure},
	{path: "internal/redact", level: pure},
	{path: "internal/relay", level: pure},
	{path: "internal/stt", level: pure},
	{path: "internal/text", level: pure, arrows: []string{"internal/measure", "internal/redact"}},
	{path: "internal/transcript", level: pure},

	{path: "internal/crm/custom", level: adapter, arrows: []string{"internal/crm"}},
	{path: "internal/crm/hubspot", level: adapter, arrows: []string{"internal/crm"}},
	{path: "internal/crm/salesforce", level: adapter, arrows: []string{"internal/crm"}},
	{path: "internal/notify/email", level: adapter, arrows: []string{"internal/notify"}},
	{path: "internal/notify/pagerduty", level: adapter, arrows: []string{"internal/notify"}},
	{path: "internal/notify/slack", level: adapter, arrows: []string{"internal/notify"}},
	{path: "internal/notify/webhook", level: adapter, arrows: []string{"internal/notify"}},
	{path: "internal/provider/bland", level: adapter, arrows: []string{"internal/provider"}},
	{path: "internal/provider/calllog", level: adapter, arrows: []string{"internal/provider"}},
	{path: "internal/provider/custom", level: adapter, arrows: []string{"internal/provider"}},
	{path: "internal/provider/elevenlabs", level: adapter, arrows: []string{"internal/provider"}},
	{path: "internal/provider/flat", level: adapter, arrows: []string{"internal/provider"}},
	{path: "internal/provider/openai", level: adapter, arrows: []string{"internal/provider"}},
	{path: "internal/provider/retell", level: adapter, arrows: []string{"internal/provider"}},
	{path: "internal/provider/stream", level: adapter, arrows: []string{"internal/provider"}},
	{path: "internal/provider/twilio", level: adapter, arrows: []string{"internal/provider"}},
	{path: "internal/provider/vapi", level: adapter, arrows: []string{"internal/provider"}},

	{path: "internal/blob", level: hold},
	{path: "internal/bus", level: hold},
	{path: "internal/bus/nats", level: hold, arrows: []string{"internal/bus"}},
	{path: "internal/jobs", level: hold, arrows: []string{"internal/store"}},
	{path: "internal/spool", level: hold},
	{path: "internal/store", level: hold},

	{path: "internal/auth", level: truth},
	{path: "internal/ledger", level: truth},

	{path: "internal/alert", level: flow, arrows: []string{"internal/live"}},
	{path: "internal/connect", level: flow},
	{path: "internal/deliver", level: flow},
	{path: "internal/evaluate", level: flow},
	{path: "internal/follow", level: flow},
	{path: "internal/importer", level: flow},
	{path: "internal/ingest", level: flow},
	{path: "internal/intervene", level: flow},
	{path: "internal/live", level: flow},
	{path: "internal/pipeline", level: flow, arrows: []string{"internal/deliver"}},
	{path: "internal/scenario", level: flow, arrows: []string{"internal/simulate"}},
	{path: "internal/search", level: flow},
	{path: "internal/simulate", level: flow},

	{path: "internal/api", level: face},
	{path: "internal/web", level: face},

	{path: "internal/app", level: wiring},
	{path: "cmd/ringside", level: command},
	{path: "ui", level: page},

	{path: "internal/golden", level: kit},
	{path: "internal/bus/nats/natstest", level: kit},
	{path: "internal/crm/crmtest", level: kit},
	{path: "internal/llm/llmtest", level: kit},
	{path: "internal/audio/audiotest", level: kit},
	{path: "internal/notify/notifytest", level: kit},
	{path: "internal/provider/providertest", level: kit},
	{path: "internal/stt/stttest", level: kit},
	{path: "internal/store/pgtest", level: kit},
	{path: "internal/store/storetest", level: kit},
}
