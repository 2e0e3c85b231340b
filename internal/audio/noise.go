package audio

import "math"

// mixture is how the levels of a channel spread: noise and speech, each a bell
// on the scale of decibels.
type mixture struct {
	noise, speech float64 // means
	spread        float64 // standard deviation of the noise
	silent        bool    // there is hardly any noise
	loud          float64 // exceeded by one frame in twenty, silence aside
}

// Levels are counted in half decibels.
const (
	bins    = 2 * -quiet
	perBin  = 50 // hundredths
	rounds  = 40
	minHalf = 0.5 // least standard deviation, in dB
)

func bin(l level) int { return max(0, min(bins-1, int(l)/perBin+bins-1)) }

// center is the level in the middle of a bin, in dB.
func center(i int) float64 { return float64(i-bins+1)/2 - 0.25 }

// measureNoise fits two Gaussians to the frames that are the channel's own.
func measureNoise(levels []level, keep []bool) mixture {
	var count [bins]float64
	total, silent := 0, 0
	for i, l := range levels {
		if !keep[i] {
			continue
		}
		total++
		if l.db() <= digital {
			silent++
			continue
		}
		count[bin(l)]++
	}
	m := mixture{loud: percentile(&count, 0.95)}
	quiet := silent
	for i, n := range count {
		if center(i) < m.loud-farBelow {
			quiet += int(n)
		}
	}
	m.silent = float64(quiet) >= quietShare*float64(total)
	if total == silent {
		m.loud = digital
		return m
	}
	m.fit(&count)
	return m
}

// percentile is the level under which a part of the frames are.
func percentile(count *[bins]float64, part float64) float64 {
	var total, sum float64
	for _, n := range count {
		total += n
	}
	for i, n := range count {
		if sum += n; sum >= part*total {
			return center(i)
		}
	}
	return 0
}

// fit is expectation and maximisation over the histogram.
func (m *mixture) fit(count *[bins]float64) {
	mean := [2]float64{percentile(count, 0.1), percentile(count, 0.9)}
	dev, weight := [2]float64{4, 6}, [2]float64{0.5, 0.5}
	for range rounds {
		var n, sum, squares [2]float64
		for i, c := range count {
			if c == 0 {
				continue
			}
			x := center(i)
			var p [2]float64
			for k := range p {
				d := (x - mean[k]) / dev[k]
				p[k] = weight[k] / dev[k] * math.Exp(-d*d/2)
			}
			all := p[0] + p[1]
			if all == 0 {
				continue
			}
			for k := range p {
				w := c * p[k] / all
				n[k] += w
				sum[k] += w * x
				squares[k] += w * x * x
			}
		}
		for k := range mean {
			if n[k] < 1 {
				continue
			}
			mean[k] = sum[k] / n[k]
			dev[k] = math.Max(minHalf, math.Sqrt(math.Max(0, squares[k]/n[k]-mean[k]*mean[k])))
			weight[k] = n[k] / (n[0] + n[1])
		}
	}
	if mean[0] > mean[1] {
		mean[0], mean[1], dev[0] = mean[1], mean[0], dev[1]
	}
	m.noise, m.speech, m.spread = mean[0], mean[1], dev[0]
}

// threshold is the level at which speech begins.
func (m *mixture) threshold() float64 {
	if m.silent {
		return math.Max(lowest, m.loud-belowLoud)
	}
	if m.speech-m.noise < apart {
		return math.Max(lowest, m.loud+apart)
	}
	on := math.Min(m.noise+math.Max(2.5*m.spread, overNoise), m.noise+share*(m.speech-m.noise))
	return math.Max(lowest, on)
}

// lost is how many frames of a word's fading end are below the threshold: the
// more, the nearer the noise is to the speech.
func (m *mixture) lost() int {
	if m.silent {
		return 0
	}
	return int(math.Round(max(0, min(lostMost, lostFrames*(lostBelow-(m.speech-m.noise))))))
}
