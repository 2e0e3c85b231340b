package audio

import (
	"cmp"
	"slices"
)

// fullScale is the amplitude from which a sample counts as clipped. The
// telephone's codecs end a little below the others, and of 8 bits the greatest
// value is 127/128.
func fullScale(codec string) float32 {
	switch codec {
	case "pcm8":
		return 0.99
	case "mulaw":
		return 0.98
	case "alaw":
		return 0.984
	}
	return 0.999
}

// channel describes how a channel sounds, and adds its drop-outs to the report.
func (r *Report) channel(speaker string, t *track, rate int, v *voice) Sound {
	s := Sound{ClippedRatio: round(float64(t.clipped)/float64(max(1, t.samples)), 6)}
	if len(v.units) == 0 {
		return s
	}
	s.LevelDB = new(round(v.level, 1))
	s.SNRDB = new(round(v.snr, 1))
	holes := dropouts(t, rate, v)
	s.DropoutsAMinute = new(round(float64(len(holes))*60/seconds(talk(v.units)), 2))
	for _, h := range holes {
		r.Dropouts = append(r.Dropouts, Dropout{Speaker: speaker, At: round(h[0], 3), MS: round(1000*(h[1]-h[0]), 0)})
	}
	slices.SortStableFunc(r.Dropouts, func(a, b Dropout) int { return cmp.Compare(a.At, b.At) })
	return s
}

// sound puts the figures of one side's channel into the report.
func (r *Report) sound(side int, t *track, rate int, v *voice) {
	s := r.channel(sideNames[side], t, rate, v)
	m := &r.Metrics
	for _, f := range []struct {
		to    *BySide
		value *float64
	}{
		{&m.SNRDB, s.SNRDB}, {&m.LevelDB, s.LevelDB}, {&m.ClippedRatio, &s.ClippedRatio}, {&m.DropoutsAMinute, s.DropoutsAMinute},
	} {
		if side == agent {
			f.to.Agent = f.value
		} else {
			f.to.Customer = f.value
		}
	}
}
