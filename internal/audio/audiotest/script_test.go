package audiotest

import (
	"bytes"
	"reflect"
	"testing"
)

func TestTheSameScriptMakesTheSameCall(t *testing.T) {
	t.Parallel()
	Need(t, "espeak-ng", "flite", "sox")
	s := Script{Seed: 3, Minutes: 0.4, Drops: true}
	a, b := s.cast(t), s.cast(t)
	if !bytes.Equal(WAV(rate, a.sound["customer"], a.sound["agent"]), WAV(rate, b.sound["customer"], b.sound["agent"])) {
		t.Error("the sound differs")
	}
	if x, y := a.finish(), b.finish(); !reflect.DeepEqual(x, y) {
		t.Errorf("the truth differs: %+v and %+v", x, y)
	}
	s.Seed++
	if c := s.cast(t); reflect.DeepEqual(a.finish(), c.finish()) {
		t.Error("another seed makes the same call")
	}
}

// What is called silence is digital silence in the clean sound, and what is
// called speech is not.
func TestTheTruthIsTrue(t *testing.T) {
	t.Parallel()
	call := Make(t, Script{Seed: 4, Minutes: 0.5})
	_, channels := ReadWAV(t, call.Clean)
	power := func(channel []float32, s [2]float64) (sum float64) {
		for _, v := range channel[int(s[0]*rate):min(len(channel), int(s[1]*rate))] {
			sum += float64(v * v)
		}
		return sum / (s[1] - s[0]) / rate
	}
	for ch, units := range [][][2]float64{call.Truth.Customer, call.Truth.Agent} {
		for _, u := range units {
			if power(channels[ch], u) < 1e-4 {
				t.Errorf("channel %d is quiet in %v", ch, u)
			}
		}
	}
	for _, s := range call.Truth.Silences {
		if power(channels[0], s)+power(channels[1], s) > 1e-8 {
			t.Errorf("somebody is heard in %v", s)
		}
	}
	if len(call.Truth.Latency) == 0 || len(call.Truth.Customer) == 0 || call.Truth.TalkRatio <= 0 {
		t.Errorf("a call without a conversation: %+v", call.Truth)
	}
}
