package api

import (
	"net/http"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/ingest"
)

const (
	get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

	public = auth.Scope("")
	read   = auth.ScopeRead
	admin  = auth.ScopeAdmin
)

// routes lists every operation: method, path, id, tag, summary, scope, status
// of a success, largest body.
func (s *Server) routes() {
	s.doorRoutes()
	s.callRoutes()
	s.liveRoutes()
	s.queueRoutes()
	s.interventionRoutes()
	s.scenarioRoutes()
	s.judgementRoutes()
	s.alertRoutes()
	s.webhookRoutes()
	s.adminRoutes()
	s.erasureRoutes()
}

// erasureRoutes remove calls, and all of a person, for good.
func (s *Server) erasureRoutes() {
	add(s, route{get, "/v1/erasures", "list-erasures", "Erasures", "List what was asked to be erased, newest first", admin, 0, 0}, s.listErasures)
	add(s, route{post, "/v1/erasures", "create-erasure", "Erasures", "Erase a call, or all of a person by phone or e-mail", admin, http.StatusAccepted, 0}, s.createErasure)
	add(s, route{post, "/v1/erasures/preview", "preview-erasure", "Erasures", "Count what an erasure would remove, and remove nothing", admin, 0, 0}, s.previewErasure)
	add(s, route{get, "/v1/erasures/{id}", "get-erasure", "Erasures", "Tell how far an erasure is", admin, 0, 0}, s.getErasure)
}

func (s *Server) callRoutes() {
	add(s, route{get, "/v1/calls", "list-calls", "Calls", "List calls", read, 0, 0}, s.listCalls)
	add(s, route{get, "/v1/calls/facets", "call-facets", "Calls", "Count calls by the fields that lists filter on", read, 0, 0}, s.callFacets)
	add(s, route{get, "/v1/calls/histogram", "call-histogram", "Calls", "Count calls over time", read, 0, 0}, s.callHistogram)
	add(s, route{get, "/v1/calls/export", "export-calls", "Calls", "Stream calls as CSV or NDJSON", read, 0, 0}, s.exportCalls)
	add(s, route{get, "/v1/calls/{id}", "get-call", "Calls", "Get a call", read, 0, 0}, s.getCall)
	add(s, route{del, "/v1/calls/{id}", "delete-call", "Calls", "Delete a call and all that was received about it", admin, http.StatusNoContent, 0}, s.deleteCall)
	add(s, route{get, "/v1/calls/{id}/neighbours", "call-neighbours", "Calls", "Find the calls beside one in a list", read, 0, 0}, s.callNeighbours)
	add(s, route{get, "/v1/calls/{id}/raw", "call-raw", "Calls", "List the deliveries about a call, as received", read, 0, 0}, s.callRaw)
	add(s, route{get, "/v1/calls/{id}/events", "call-events", "Calls", "List the events that a call was folded from", read, 0, 0}, s.callEvents)
	add(s, route{get, "/v1/calls/{id}/log", "call-log", "Calls", "List what happened in a call, in order", read, 0, 0}, s.callLog)
	add(s, route{get, "/v1/calls/{id}/transcript", "call-transcript", "Calls", "Get the transcript as JSON, text or subtitles", read, 0, 0}, s.transcript)
	add(s, route{get, "/v1/calls/{id}/recording", "call-recording", "Calls", "Play the recording that Ringside keeps", read, 0, 0}, s.recording)
	add(s, route{get, "/v1/calls/{id}/audio", "call-audio", "Calls", "Tell what is heard in the recording that Ringside keeps", read, 0, 0}, s.callAudio)
	s.uploadRoute()
	s.importRoute()
	add(s, route{get, "/v1/calls/{id}/notes", "list-notes", "Calls", "List the notes on a call", read, 0, 0}, s.listNotes)
	add(s, route{post, "/v1/calls/{id}/notes", "add-note", "Calls", "Write a note on a call", admin, http.StatusCreated, 0}, s.addNote)
	add(s, route{del, "/v1/calls/{id}/notes/{note}", "delete-note", "Calls", "Delete a note", admin, http.StatusNoContent, 0}, s.deleteNote)
	add(s, route{post, "/v1/calls/{id}/steps/{step}/retry", "retry-step", "Calls", "Do a step after the call again", admin, http.StatusAccepted, 0}, s.retryStep)
	add(s, route{get, "/v1/health", "health", "Analytics", "Sum up the last hours against those before", read, 0, 0}, s.health)

	add(s, route{get, "/api/v1/observability/calls", "list-observed-calls", "Observability", "List calls, newest first", read, 0, 0}, s.listObserved)
	add(s, route{get, "/api/v1/observability/calls/{call_short_id}", "get-observed-call", "Observability", "Get a call", read, 0, 0}, s.getObserved)
	add(s, route{del, "/api/v1/observability/calls/{call_short_id}", "delete-observed-call", "Observability", "Delete a call", admin, 0, 0}, s.deleteObserved)

	add(s, route{get, "/v1/agents", "list-agents", "Agents", "List agents", read, 0, 0}, s.listAgents)
	add(s, route{post, "/v1/agents", "create-agent", "Agents", "Create an agent", admin, http.StatusCreated, 0}, s.createAgent)
	add(s, route{get, "/v1/agents/{id}", "get-agent", "Agents", "Get an agent", read, 0, 0}, s.getAgent)
	add(s, route{get, "/v1/agents/{id}/versions", "agent-versions", "Agents", "List what an agent was each time that its prompt, model or voice changed at the vendor", read, 0, 0}, s.agentVersions)
	add(s, route{get, "/v1/agents/{id}/speed-to-lead", "agent-speed-to-lead", "Agents", "Tell how soon an agent answers those who call", read, 0, 0}, s.agentSpeedToLead)
	add(s, route{get, "/v1/agents/{id}/sound", "agent-sound", "Agents", "Tell what was heard in the recordings of an agent's calls", read, 0, 0}, s.agentSound)
	add(s, route{get, "/v1/sound-limits", "sound-limits", "Agents", "List what the figures of a call's sound are judged by", read, 0, 0}, s.soundLimits)
	add(s, route{patch, "/v1/agents/{id}", "update-agent", "Agents", "Change an agent's names and settings", admin, 0, 0}, s.patchAgent)
	add(s, route{del, "/v1/agents/{id}", "delete-agent", "Agents", "Delete an agent; its calls stay", admin, http.StatusNoContent, 0}, s.deleteAgent)
	add(s, route{post, "/v1/agents/{id}/merge", "merge-agent", "Agents", "Move an agent's calls to another and delete it", admin, 0, 0}, s.mergeAgent)
	add(s, route{post, "/v1/agents/{id}/crm-preview", "preview-crm", "Agents", "Show what would be written to the agent's CRM about a call, and write nothing", admin, 0, 0}, s.previewCRM)

	add(s, route{get, "/v1/gaps", "list-gaps", "Knowledge gaps", "List questions that agents could not answer", read, 0, 0}, s.listGaps)
	add(s, route{get, "/v1/gaps/{id}", "get-gap", "Knowledge gaps", "Get a question and the calls that asked it", read, 0, 0}, s.getGap)
	add(s, route{patch, "/v1/gaps/{id}", "update-gap", "Knowledge gaps", "Settle a question, or open it again", admin, 0, 0}, s.patchGap)

	add(s, route{get, "/v1/inbox", "list-inbox", "Inbox", "List deliveries that made no call", read, 0, 0}, s.listInbox)
	add(s, route{post, "/v1/inbox/replay", "replay-inbox", "Inbox", "Decode every quarantined delivery again", admin, 0, 0}, s.replayQuarantined)
	add(s, route{get, "/v1/inbox/{id}", "get-delivery", "Inbox", "Get a delivery with its body", read, 0, 0}, s.getDelivery)
	add(s, route{post, "/v1/inbox/{id}/replay", "replay-delivery", "Inbox", "Decode a delivery again", admin, 0, 0}, s.replayDelivery)
	add(s, route{del, "/v1/inbox/{id}", "delete-delivery", "Inbox", "Delete a delivery that made no call", admin, http.StatusNoContent, 0}, s.dropDelivery)
}

// liveRoutes are the calls in progress.
func (s *Server) liveRoutes() {
	s.streamRoute()
	add(s, route{get, "/v1/live-calls", "list-live-calls", "Live", "List the calls in progress", read, 0, 0}, s.listLive)
	add(s, route{get, "/v1/live-calls/stats", "live-stats", "Live", "Sum up the calls in progress", read, 0, 0}, s.liveStats)
	add(s, route{get, "/v1/live-calls/overview", "live-overview", "Live", "Tell how each agent is doing now", read, 0, 0}, s.liveOverview)
	add(s, route{get, "/v1/live-calls/{id}", "get-live-call", "Live", "Get a call in progress", read, 0, 0}, s.getLive)
	add(s, route{get, "/v1/live-calls/{id}/transcript", "live-transcript", "Live", "Get what has been said so far", read, 0, 0}, s.liveTranscript)
	s.listenRoute()
	s.socketRoute()
	add(s, route{post, "/v1/live-calls/{id}/say", "live-say", "Live", "Have the agent say something", admin, 0, 0}, s.liveSay)
	add(s, route{post, "/v1/live-calls/{id}/transfer", "live-transfer", "Live", "Hand a call over to people", admin, 0, 0}, s.liveTransfer)
	add(s, route{post, "/v1/live-calls/{id}/end", "live-end", "Live", "End a call", admin, 0, 0}, s.liveEnd)
	add(s, route{get, "/v1/live-calls/{id}/proposals", "list-proposals", "Live", "List what rules proposed to do to a call, newest first", read, 0, 0}, s.listProposals)
	add(s, route{post, "/v1/proposals/{id}/accept", "accept-proposal", "Live", "Have a proposal carried out now", admin, 0, 0}, s.acceptProposal)
	add(s, route{post, "/v1/proposals/{id}/cancel", "cancel-proposal", "Live", "Cancel a proposal: it is not carried out", admin, 0, 0}, s.cancelProposal)
	add(s, route{post, "/v1/live-calls/{id}/notes", "add-live-note", "Live", "Write a note at a moment of a call", admin, http.StatusCreated, 0}, s.addLiveNote)
}

// queueRoutes are the people who take calls over.
func (s *Server) queueRoutes() {
	add(s, route{get, "/v1/recording-credentials", "list-recording-credentials", "Sources", "List the hosts that recordings are fetched from with a header", read, 0, 0}, s.listRecordingCredentials)
	add(s, route{put, "/v1/recording-credentials", "put-recording-credential", "Sources", "Give the header by which recordings are fetched from a host", admin, 0, 0}, s.putRecordingCredential)
	add(s, route{del, "/v1/recording-credentials/{host}", "delete-recording-credential", "Sources", "Remove a host's header", admin, http.StatusNoContent, 0}, s.deleteRecordingCredential)

	add(s, route{get, "/v1/queues", "list-queues", "Live", "List the queues that calls can be transferred to", read, 0, 0}, s.listQueues)
	add(s, route{post, "/v1/queues", "create-queue", "Live", "Create a queue", admin, http.StatusCreated, 0}, s.createQueue)
	add(s, route{get, "/v1/queues/{id}", "get-queue", "Live", "Get a queue", read, 0, 0}, s.getQueue)
	add(s, route{patch, "/v1/queues/{id}", "update-queue", "Live", "Change a queue", admin, 0, 0}, s.patchQueue)
	add(s, route{del, "/v1/queues/{id}", "delete-queue", "Live", "Delete a queue", admin, http.StatusNoContent, 0}, s.deleteQueue)
}

// interventionRoutes are the rules that step into calls, or propose to.
func (s *Server) interventionRoutes() {
	add(s, route{get, "/v1/intervention-rules", "list-intervention-rules", "Live", "List the intervention rules", read, 0, 0}, s.listInterventionRules)
	add(s, route{post, "/v1/intervention-rules", "create-intervention-rule", "Live", "Create an intervention rule", admin, http.StatusCreated, 0}, s.createInterventionRule)
	add(s, route{get, "/v1/intervention-rules/{id}", "get-intervention-rule", "Live", "Get an intervention rule", read, 0, 0}, s.getInterventionRule)
	add(s, route{patch, "/v1/intervention-rules/{id}", "update-intervention-rule", "Live", "Change an intervention rule; switched off, what it proposes lapses", admin, 0, 0}, s.patchInterventionRule)
	add(s, route{del, "/v1/intervention-rules/{id}", "delete-intervention-rule", "Live", "Delete an intervention rule; what it proposes lapses", admin, http.StatusNoContent, 0}, s.deleteInterventionRule)
}

// scenarioRoutes are the conversations that are played as simulated calls.
func (s *Server) scenarioRoutes() {
	add(s, route{get, "/v1/scenarios", "list-scenarios", "Scenarios", "List the scenarios, each with its last run", read, 0, 0}, s.listScenarios)
	add(s, route{post, "/v1/scenarios", "create-scenario", "Scenarios", "Create a scenario", admin, http.StatusCreated, 0}, s.createScenario)
	add(s, route{get, "/v1/scenarios/{id}", "get-scenario", "Scenarios", "Get a scenario", read, 0, 0}, s.getScenario)
	add(s, route{patch, "/v1/scenarios/{id}", "update-scenario", "Scenarios", "Change a scenario", admin, 0, 0}, s.patchScenario)
	add(s, route{del, "/v1/scenarios/{id}", "delete-scenario", "Scenarios", "Delete a scenario with its runs; their calls stay", admin, http.StatusNoContent, 0}, s.deleteScenario)
	add(s, route{post, "/v1/scenarios/{id}/execute", "execute-scenario", "Scenarios", "Play a scenario now, as simulated calls", admin, http.StatusAccepted, 0}, s.executeScenario)
	add(s, route{get, "/v1/scenarios/{id}/runs", "list-scenario-runs", "Scenarios", "List the runs of a scenario, newest first", read, 0, 0}, s.listScenarioRuns)
	add(s, route{get, "/v1/scenarios/{id}/runs/{run}", "get-scenario-run", "Scenarios", "Get a run with its calls and what each came to", read, 0, 0}, s.getScenarioRun)
}

// judgementRoutes are what calls are judged by, and what that came to.
func (s *Server) judgementRoutes() {
	add(s, route{get, "/v1/scorecards", "list-scorecards", "Scorecards", "List scorecards", read, 0, 0}, s.listScorecards)
	add(s, route{post, "/v1/scorecards", "create-scorecard", "Scorecards", "Create a scorecard", admin, http.StatusCreated, 0}, s.createScorecard)
	addWithin(s, dryRunTimeout, route{post, "/v1/scorecards/dry-run", "dry-run-scorecard", "Scorecards", "Judge a call by a scorecard or a draft of one, and keep nothing", admin, 0, 0}, s.dryRun)
	add(s, route{get, "/v1/scorecards/{id}", "get-scorecard", "Scorecards", "Get a scorecard in its newest version", read, 0, 0}, s.getScorecard)
	add(s, route{patch, "/v1/scorecards/{id}", "update-scorecard", "Scorecards", "Change a scorecard: that makes another version", admin, 0, 0}, s.patchScorecard)
	add(s, route{del, "/v1/scorecards/{id}", "delete-scorecard", "Scorecards", "Delete a scorecard that nothing goes by; its results stay", admin, http.StatusNoContent, 0}, s.deleteScorecard)
	add(s, route{get, "/v1/scorecards/{id}/versions", "list-scorecard-versions", "Scorecards", "List the versions of a scorecard, newest first", read, 0, 0}, s.listScorecardVersions)
	add(s, route{get, "/v1/scorecards/{id}/versions/{version}", "get-scorecard-version", "Scorecards", "Get a version of a scorecard", read, 0, 0}, s.getScorecardVersion)

	add(s, route{get, "/v1/evaluators", "list-evaluators", "Evaluators", "List evaluators", read, 0, 0}, s.listEvaluators)
	add(s, route{post, "/v1/evaluators", "create-evaluator", "Evaluators", "Create an evaluator", admin, http.StatusCreated, 0}, s.createEvaluator)
	add(s, route{get, "/v1/evaluators/{id}", "get-evaluator", "Evaluators", "Get an evaluator", read, 0, 0}, s.getEvaluator)
	add(s, route{patch, "/v1/evaluators/{id}", "update-evaluator", "Evaluators", "Change an evaluator", admin, 0, 0}, s.patchEvaluator)
	add(s, route{del, "/v1/evaluators/{id}", "delete-evaluator", "Evaluators", "Delete an evaluator; its evaluations stay", admin, http.StatusNoContent, 0}, s.deleteEvaluator)

	add(s, route{get, "/v1/evaluations", "list-evaluations", "Evaluations", "List evaluations, newest first", read, 0, 0}, s.listEvaluations)
	add(s, route{post, "/v1/evaluations", "evaluate-calls", "Evaluations", "Evaluate a call, or the calls that a filter means", admin, http.StatusAccepted, 0}, s.evaluate)
	add(s, route{get, "/v1/evaluations/{id}", "get-evaluation", "Evaluations", "Get an evaluation with its scores", read, 0, 0}, s.getEvaluation)
	add(s, route{post, "/v1/evaluations/{id}/rerun", "rerun-evaluation", "Evaluations", "Evaluate the call again; a failed evaluation is tried anew, one that is done stays", admin, http.StatusAccepted, 0}, s.rerunEvaluation)
	add(s, route{post, evaluatePath, "evaluate-observed-call", "Observability", "Evaluate a call", admin, http.StatusCreated, 0}, s.evaluateObserved)
}

// alertRoutes are alerts and the rules that they come by.
func (s *Server) alertRoutes() {
	add(s, route{get, "/v1/alerts", "list-alerts", "Alerts", "List alerts, newest first", read, 0, 0}, s.listAlerts)
	add(s, route{post, "/v1/alerts", "create-alert", "Alerts", "Create an alert rule: the same as POST /v1/alert-rules", admin, http.StatusCreated, 0}, s.createAlertRule)
	add(s, route{get, "/v1/alerts/triggered", "list-triggered-alerts", "Alerts", "List alerts in Chanl's fields", read, 0, 0}, s.listTriggered)
	add(s, route{get, "/v1/alerts/{id}", "get-alert", "Alerts", "Get an alert, with what people were told of it", read, 0, 0}, s.getAlert)
	add(s, route{post, "/v1/alerts/{id}/acknowledge", "acknowledge-alert", "Alerts", "Say that you take care of it", admin, 0, 0}, s.acknowledgeAlert)
	add(s, route{post, "/v1/alerts/{id}/resolve", "resolve-alert", "Alerts", "Say that it is settled: it does not come again in the call", admin, 0, 0}, s.resolveAlert)
	add(s, route{get, "/v1/alert-rules", "list-alert-rules", "Alerts", "List the alert rules, the built-in ones first", read, 0, 0}, s.listAlertRules)
	add(s, route{post, "/v1/alert-rules", "create-alert-rule", "Alerts", "Create an alert rule", admin, http.StatusCreated, 0}, s.createAlertRule)
	addWithin(s, backtestTimeout, route{post, "/v1/alert-rules/backtest", "backtest-alert-rule", "Alerts", "Try a rule on stored calls: how often it would have fired, on which, at which second", read, 0, 0}, s.backtestAlertRule)
	add(s, route{get, "/v1/alert-rules/{id}", "get-alert-rule", "Alerts", "Get an alert rule", read, 0, 0}, s.getAlertRule)
	add(s, route{patch, "/v1/alert-rules/{id}", "update-alert-rule", "Alerts", "Change an alert rule: that makes another version", admin, 0, 0}, s.patchAlertRule)
	add(s, route{del, "/v1/alert-rules/{id}", "delete-alert-rule", "Alerts", "Delete an alert rule of your own; its alerts stay", admin, http.StatusNoContent, 0}, s.deleteAlertRule)
	add(s, route{post, "/v1/alert-rules/{id}/reset", "reset-alert-rule", "Alerts", "Set a built-in rule back to how it came", admin, 0, 0}, s.resetAlertRule)
	add(s, route{get, "/v1/alert-rules/{id}/versions", "list-alert-rule-versions", "Alerts", "List the versions of an alert rule, newest first", read, 0, 0}, s.listAlertRuleVersions)
	addWithin(s, backtestTimeout, route{post, "/v1/alert-rules/{id}/test-notification", "test-alert-rule-notification", "Alerts", "Send a test message to a rule's channels now", admin, 0, 0}, s.tryAlertRule)
}

// webhookRoutes are what Ringside sends out.
func (s *Server) webhookRoutes() {
	add(s, route{post, "/v1/agents/{id}/webhook-test", "test-agent-webhook", "Webhooks", "Send a test to one of an agent's own webhooks and give its answer", admin, 0, 0}, s.testAgentWebhook)
	add(s, route{get, "/v1/webhook-endpoints", "list-webhook-endpoints", "Webhooks", "List webhook endpoints", read, 0, 0}, s.listWebhookEndpoints)
	add(s, route{post, "/v1/webhook-endpoints", "create-webhook-endpoint", "Webhooks", "Create a webhook endpoint; a secret that is made is shown once", admin, http.StatusCreated, 0}, s.createWebhookEndpoint)
	add(s, route{get, "/v1/webhook-endpoints/{id}", "get-webhook-endpoint", "Webhooks", "Get a webhook endpoint", read, 0, 0}, s.getWebhookEndpoint)
	add(s, route{patch, "/v1/webhook-endpoints/{id}", "update-webhook-endpoint", "Webhooks", "Change a webhook endpoint, or switch it off and on", admin, 0, 0}, s.patchWebhookEndpoint)
	add(s, route{del, "/v1/webhook-endpoints/{id}", "delete-webhook-endpoint", "Webhooks", "Delete a webhook endpoint; what waits for it is given up", admin, http.StatusNoContent, 0}, s.deleteWebhookEndpoint)
	add(s, route{post, "/v1/webhook-endpoints/{id}/test", "test-webhook-endpoint", "Webhooks", "Send a test event now and give the answer", admin, 0, 0}, s.testWebhookEndpoint)
	add(s, route{get, "/v1/webhook-deliveries", "list-webhook-deliveries", "Webhooks", "List outgoing deliveries, newest first", read, 0, 0}, s.listWebhookDeliveries)
	add(s, route{get, "/v1/webhook-deliveries/{id}", "get-webhook-delivery", "Webhooks", "Get an outgoing delivery with its body and attempts", read, 0, 0}, s.getWebhookDelivery)
	add(s, route{post, "/v1/webhook-deliveries/{id}/resend", "resend-webhook-delivery", "Webhooks", "Send a delivery again, under the same id", admin, 0, 0}, s.resendWebhook)
}

// doorRoutes are the ways in. They read raw bytes and answer by themselves;
// the document describes them like every other operation.
func (s *Server) doorRoutes() {
	d := s.cfg.Ingest
	s.door(door{"/api/rest/v2/call-logs", "send-call-log", "Send a provider's webhook body, or a custom call", true}, d.CallLogs, ingest.CallLogAnswer{})
	s.door(door{"/api/v1/observability/calls", "observe-call", "Send a call: the flat body, or a vendor's own", true}, d.Observe, ingest.ObservedAnswer{})
	s.door(door{"/api/v1/observability/calls/webhook/{key}", "observe-call-by-url", "The same, with the key in the URL", false}, d.Observe, ingest.ObservedAnswer{})
	s.door(door{"/api/v1/observability/calls/webhook/retell/{key}", "observe-retell-by-url", "Retell's webhook, with the key in the URL", false}, d.ObserveRetell, ingest.ObservedAnswer{})
	s.door(door{"/api/v1/observability/calls/retell/webhook", "observe-retell-signed", "Retell's webhook, known by its signature", false}, d.RetellHook, ingest.WebhookAnswer{})
	s.door(door{"/v1/live-calls/{id}/events", "send-live-events", "Tell of a call while it goes on: an event, a list, or one in each line", true}, d.LiveEvents, ingest.LiveAnswer{})
	s.door(door{"/webhooks/{provider}/{source}", "receive-webhook", "A vendor's webhook, known by its source and signature", false}, d.Webhook, ingest.WebhookAnswer{})
}

// adminRoutes are who may come in, and by which way. Those of keys, users and
// workspaces ask for more than their scope: see mayManage and mayManageUsers.
func (s *Server) adminRoutes() {
	add(s, route{get, "/v1/setup", "setup-state", "Session", "Tell whether the first user is still to be made", public, 0, 0}, s.setupState)
	add(s, route{post, "/v1/setup", "setup", "Session", "Make the first user and sign in, once", public, http.StatusCreated, 0}, s.setup)
	add(s, route{post, "/v1/session", "sign-in", "Session", "Sign in", public, 0, 0}, s.signIn)
	add(s, route{get, "/v1/session", "get-session", "Session", "Tell who asks, and in which workspace", read, 0, 0}, s.getSession)
	add(s, route{patch, "/v1/session", "switch-workspace", "Session", "Switch to another workspace", read, 0, 0}, s.switchWorkspace)
	add(s, route{del, "/v1/session", "sign-out", "Session", "Sign out", public, http.StatusNoContent, 0}, s.signOut)

	add(s, route{get, "/v1/keys", "list-keys", "Keys", "List API keys", admin, 0, 0}, s.listKeys)
	add(s, route{post, "/v1/keys", "create-key", "Keys", "Create an API key; it is shown once", admin, http.StatusCreated, 0}, s.createKey)
	add(s, route{del, "/v1/keys/{id}", "revoke-key", "Keys", "Revoke an API key", admin, http.StatusNoContent, 0}, s.revokeKey)

	add(s, route{get, "/v1/users", "list-users", "Users", "List users", admin, 0, 0}, s.listUsers)
	add(s, route{post, "/v1/users", "create-user", "Users", "Add a user; the first password is shown once", admin, http.StatusCreated, 0}, s.createUser)
	add(s, route{patch, "/v1/users/{id}", "update-user", "Users", "Change a user's name, role or password; everybody may change their own name and password", read, 0, 0}, s.patchUser)
	add(s, route{del, "/v1/users/{id}", "delete-user", "Users", "Remove a user", admin, http.StatusNoContent, 0}, s.deleteUser)

	add(s, route{get, "/v1/workspaces", "list-workspaces", "Workspaces", "List workspaces", read, 0, 0}, s.listWorkspaces)
	add(s, route{post, "/v1/workspaces", "create-workspace", "Workspaces", "Create a workspace", admin, http.StatusCreated, 0}, s.createWorkspace)
	add(s, route{patch, "/v1/workspaces/{id}", "rename-workspace", "Workspaces", "Rename a workspace", admin, 0, 0}, s.renameWorkspace)
	add(s, route{del, "/v1/workspaces/{id}", "delete-workspace", "Workspaces", "Delete a workspace and all its calls", admin, http.StatusNoContent, 0}, s.deleteWorkspace)

	add(s, route{get, "/v1/sources", "list-sources", "Sources", "List webhook sources", read, 0, 0}, s.listSources)
	add(s, route{post, "/v1/sources", "create-source", "Sources", "Create a webhook source and get its URL", admin, http.StatusCreated, 0}, s.createSource)
	add(s, route{patch, "/v1/sources/{id}", "update-source", "Sources", "Change a source's name or how it is verified", admin, 0, 0}, s.patchSource)
	add(s, route{del, "/v1/sources/{id}", "delete-source", "Sources", "Delete a source; its calls stay", admin, http.StatusNoContent, 0}, s.deleteSource)
	add(s, route{post, "/v1/sources/{id}/import", "start-import", "Sources", "Import a source's past calls from its vendor, or go on with that", admin, http.StatusAccepted, 0}, s.startImport)
	add(s, route{del, "/v1/sources/{id}/import", "stop-import", "Sources", "Stop importing; what was imported stays", admin, http.StatusNoContent, 0}, s.stopImport)
	add(s, route{get, "/v1/sources/{id}/webhook", "source-webhook", "Sources", "Tell where a source's vendor sends its webhooks", admin, 0, 0}, s.sourceHooks)
	add(s, route{post, "/v1/sources/{id}/webhook", "set-source-webhook", "Sources", "Have the vendor send its webhooks to a source", admin, 0, 0}, s.setSourceHooks)
	add(s, route{get, "/v1/sources/{id}/completeness", "source-completeness", "Sources", "Count a source's calls that lack an end, a transcript or a recording", read, 0, 0}, s.completeness)
	add(s, route{get, "/v1/providers", "list-providers", "Sources", "List the vendors that can be connected", read, 0, 0}, s.listProviders)

	add(s, route{get, "/v1/integrations", "list-integrations", "Integrations", "List what the workspace is connected to beside its vendors", read, 0, 0}, s.listIntegrations)
	add(s, route{put, "/v1/integrations/llm", "put-llm", "Integrations", "Connect a language model", admin, 0, 0}, s.putLLM)
	add(s, route{put, "/v1/integrations/stt", "put-stt", "Integrations", "Connect speech to text", admin, 0, 0}, s.putSTT)
	add(s, route{put, "/v1/integrations/crm/{crm}", "put-crm", "Integrations", "Connect a CRM", admin, 0, 0}, s.putCRM)
	add(s, route{del, "/v1/integrations/{kind}", "delete-integration", "Integrations", "Disconnect", admin, http.StatusNoContent, 0}, s.deleteIntegration)
	add(s, route{post, "/v1/integrations/{kind}/test", "test-integration", "Integrations", "Ask a connected server something harmless and report its answer", admin, 0, 0}, s.testIntegration)

	add(s, route{get, "/v1/views", "list-views", "Views", "List saved views", read, 0, 0}, s.listViews)
	add(s, route{post, "/v1/views", "create-view", "Views", "Save a view", admin, http.StatusCreated, 0}, s.createView)
	add(s, route{del, "/v1/views/{id}", "delete-view", "Views", "Delete a saved view", admin, http.StatusNoContent, 0}, s.deleteView)

	add(s, route{get, "/v1/audit", "list-audit", "Audit", "List who did what, newest first", admin, 0, 0}, s.listAudit)
}
