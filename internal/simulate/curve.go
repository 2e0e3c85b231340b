package simulate

import (
	"sort"
	"time"
)

// byHour is how busy an hour of the day is (UTC; the customers live in the
// Americas), byWeekday a day of the week, from Sunday.
var (
	byHour    = [24]float64{5, 3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 7, 10, 15, 20, 24, 26, 25, 23, 24, 23, 19, 13, 8}
	byWeekday = [7]float64{0.3, 1.15, 1.05, 1, 1, 0.95, 0.45}
)

// curve places calls in time: as many in an hour as it is busy.
type curve struct {
	end    time.Time
	sum    []float64 // sum[i]: the weight of the i newest hours
	bounds []time.Time
}

func newCurve(end time.Time, days int) *curve {
	c := &curve{end: end, sum: []float64{0}, bounds: []time.Time{end}}
	oldest := end.AddDate(0, 0, -days)
	for at := end; at.After(oldest); {
		start := at.Add(-time.Nanosecond).Truncate(time.Hour)
		w := byHour[start.Hour()] * byWeekday[start.Weekday()] * at.Sub(start).Hours()
		c.sum, c.bounds = append(c.sum, c.sum[len(c.sum)-1]+w), append(c.bounds, start)
		at = start
	}
	return c
}

// at is the time by which a share of all calls, counted from the newest, has
// come.
func (c *curve) at(share float64) time.Time {
	want := share * c.sum[len(c.sum)-1]
	i := sort.SearchFloat64s(c.sum, want)
	if i == 0 {
		return c.end
	}
	from, to := c.bounds[i-1], c.bounds[i]
	part := (want - c.sum[i-1]) / (c.sum[i] - c.sum[i-1])
	return from.Add(-time.Duration(part * float64(from.Sub(to))))
}
