package ringside_test

import (
	"errors"
	"testing"

	"github.com/ringsidehq/ringside"
)

func TestInterventionRule(t *testing.T) {
	good := ringside.InterventionRule{
		Name: "Angry", When: ringside.InterventionWhen{Types: []ringside.AlertType{ringside.AlertFrustration}, MinSeverity: ringside.AlertMedium},
		Agents: []string{"agent_a"}, Do: ringside.InterventionStep{Action: ringside.StepEnd}, Mode: ringside.ModeAct, Countdown: 30, Active: true,
	}
	for name, c := range map[string]struct {
		change func(*ringside.InterventionRule)
		field  string // "": nothing is wrong
	}{
		"as it is":             {func(*ringside.InterventionRule) {}, ""},
		"suggests to everyone": {func(r *ringside.InterventionRule) { r.Mode, r.Agents = ringside.ModeSuggest, nil }, ""},
		"any alert":            {func(r *ringside.InterventionRule) { r.When.Types = nil }, ""},
		"no name":              {func(r *ringside.InterventionRule) { r.Name = " " }, "/name"},
		"acts for everyone":    {func(r *ringside.InterventionRule) { r.Agents = nil }, "/agents"},
		"no type":              {func(r *ringside.InterventionRule) { r.When.Types = append(r.When.Types, "x") }, "/when/types/1"},
		"no severity":          {func(r *ringside.InterventionRule) { r.When.MinSeverity = "" }, "/when/minSeverity"},
		"no mode":              {func(r *ringside.InterventionRule) { r.Mode = "" }, "/mode"},
		"too soon":             {func(r *ringside.InterventionRule) { r.Countdown = 4 }, "/countdown"},
		"too late":             {func(r *ringside.InterventionRule) { r.Countdown = 301 }, "/countdown"},
		"no action":            {func(r *ringside.InterventionRule) { r.Do.Action = "" }, "/do/action"},
		"nothing said":         {func(r *ringside.InterventionRule) { r.Do.Action = ringside.StepSay }, "/do/message"},
		"nowhere to go":        {func(r *ringside.InterventionRule) { r.Do.Action = ringside.StepTransfer }, "/do/transferTo"},
	} {
		r := good
		c.change(&r)
		err := r.Validate()
		field := ""
		if e, is := errors.AsType[*ringside.Error](err); is {
			field = e.Field
		}
		if field != c.field || (err == nil) != (c.field == "") {
			t.Errorf("%s: %v, want the field %q", name, err, c.field)
		}
	}
	for name, c := range map[string]struct {
		change func(*ringside.InterventionRule, *ringside.Alert)
		meets  bool
	}{
		"as they are":  {func(*ringside.InterventionRule, *ringside.Alert) {}, true},
		"graver":       {func(_ *ringside.InterventionRule, a *ringside.Alert) { a.Severity = ringside.AlertCritical }, true},
		"for everyone": {func(r *ringside.InterventionRule, a *ringside.Alert) { r.Agents, a.AgentID = nil, "" }, true},
		"any type": {func(r *ringside.InterventionRule, a *ringside.Alert) {
			r.When.Types, a.Type = nil, ringside.AlertCustom
		}, true},
		"not grave enough": {func(_ *ringside.InterventionRule, a *ringside.Alert) { a.Severity = ringside.AlertLow }, false},
		"another type":     {func(_ *ringside.InterventionRule, a *ringside.Alert) { a.Type = ringside.AlertStuck }, false},
		"another agent":    {func(_ *ringside.InterventionRule, a *ringside.Alert) { a.AgentID = "agent_b" }, false},
		"off":              {func(r *ringside.InterventionRule, _ *ringside.Alert) { r.Active = false }, false},
	} {
		r, a := good, ringside.Alert{Type: ringside.AlertFrustration, Severity: ringside.AlertMedium, AgentID: "agent_a"}
		c.change(&r, &a)
		if r.Meets(&a) != c.meets {
			t.Errorf("%s: it meets the rule: %t", name, !c.meets)
		}
	}
	for name, change := range map[string]func(*ringside.InterventionRule){
		"off": func(r *ringside.InterventionRule) { r.Active = false }, "suggests": func(r *ringside.InterventionRule) { r.Mode = ringside.ModeSuggest },
		"for others": func(r *ringside.InterventionRule) { r.Agents = []string{"agent_b"} }, "for nobody": func(r *ringside.InterventionRule) { r.Agents = nil },
	} {
		r := good
		if change(&r); r.MayAct("agent_a") || !good.MayAct("agent_a") {
			t.Errorf("%s: it may act by itself", name)
		}
	}
}
