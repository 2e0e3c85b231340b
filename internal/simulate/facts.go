package simulate

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// rng is what a call's chances are drawn from.
type rng = rand.Rand

// fact is something that a conversation may name.
type fact int

const (
	_ fact = iota
	factName
	factFirst
	factLast
	factLast2
	factBirthday
	factBirthISO
	factDay
	factDay2
	factDate
	factDateISO
	factMonth
	factTime
	factTime2
	factAmount
	factAmount2
	factN4
	factN5
	factN6
	factCity
	factStreet
	factInsurer
	factRooms
	factFloor
	factItem
	factParty
	factRoom
	factRestaurant
	factCount
)

// facts are the values for one call.
type facts [factCount]string

var factNames = [factCount]string{
	"", "name", "first", "last", "last2", "birthday", "birthiso", "day", "day2", "date", "dateiso", "month", "time", "time2",
	"amount", "amount2", "n4", "n5", "n6", "city", "street", "insurer", "rooms", "floor", "item", "party", "room", "restaurant",
}

func factNamed(name string) (fact, bool) {
	for i, n := range factNames {
		if i > 0 && n == name {
			return fact(i), true
		}
	}
	return 0, false
}

// The words that facts are drawn from. None needs an escape in JSON.
var (
	firstNames = strings.Fields("Amara Bruno Celia Dmitri Elif Farah Gideon Hana Ines Jonas Keiko Lars Maribel Nadia Oskar Paloma Quentin Rosa Samir Tove Ursula Viktor Wanda Xavier Yara Zane Anders Beatriz Chidi Dana Emeka Freya Goran Holly Imran Joyce Kofi Leila Mateo Noor Olga Petra Rafael Selma Tariq Una Vera Winston Yusuf Zofia")
	lastNames  = strings.Fields("Abara Bexley Castellan Drummond Eklund Farouk Galloway Hartwell Ivanova Jessop Karlsen Lindqvist Mbeki Nakagawa Okafor Petrov Quist Romero Sandoval Thorne Ueda Vance Whitlock Xiong Yilmaz Zamora Ashdown Birch Calder Delacroix Everly Fontaine Greer Holloway Ibarra Janssen Kowalski Lachlan Moreau Norwood Osei Pryce Rainer Solberg Tanaka Underhill Varga Winslow Yates Zeller")
	cities     = strings.Split("Millbrook,Ashford,Port Ellery,Cedar Falls,Harrow Glen,Eastvale,Norridge,Stonehaven,Lakemont,Fairhollow", ",")
	streets    = strings.Split("Alder Street,Quarry Road,Lantern Lane,Bridge Street,Orchard Avenue,Mason Row,Fifth Street,Harbor Way", ",")
	insurers   = strings.Split("Cedar Health,Blue Harbor,Unity Mutual,Northstar Care,Meridian Health", ",")
	items      = strings.Split("sofa,oak table,bookcase,bed frame,armchair,wardrobe,sideboard,desk", ",")
	places     = strings.Split("Tidewater,The Copper Pot,Osteria Lume,Saltgrass,Little Anchor", ",")
	numerals   = strings.Fields("two three four five")
	floors     = strings.Fields("ground second third fourth fifth")
)

func pick(r *rng, from []string) string { return from[r.IntN(len(from))] }

// fill draws the values of a call at a time, with a customer's name and
// amounts of an agent's size.
func (f *facts) fill(r *rng, first, last string, at time.Time, amounts [2]int) {
	f[factFirst], f[factLast], f[factName], f[factLast2] = first, last, first+" "+last, pick(r, lastNames)
	born := time.Date(1945+r.IntN(60), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	f[factBirthday], f[factBirthISO] = born.Format("January 2, 2006"), born.Format(time.DateOnly)
	day := at.AddDate(0, 0, 1+r.IntN(6))
	f[factDay], f[factDay2] = day.Weekday().String(), day.AddDate(0, 0, 1+r.IntN(5)).Weekday().String()
	date := at.AddDate(0, 0, 6+r.IntN(30))
	f[factDate], f[factDateISO] = date.Format("January 2"), date.Format(time.DateOnly)
	f[factMonth] = at.AddDate(0, -1-r.IntN(2), 0).Month().String()
	hour := 8 + r.IntN(8)
	f[factTime], f[factTime2] = clock(hour, 15*r.IntN(4)), clock(hour+1, 15*r.IntN(4))
	cents := 100*(amounts[0]+r.IntN(amounts[1]-amounts[0])) + 5*r.IntN(20)
	f[factAmount], f[factAmount2] = dollars(cents), dollars(cents/3)
	f[factN4], f[factN5], f[factN6] = digits(r, 4), digits(r, 5), digits(r, 6)
	f[factCity], f[factStreet], f[factInsurer] = pick(r, cities), pick(r, streets), pick(r, insurers)
	f[factRooms], f[factFloor], f[factItem], f[factParty] = pick(r, numerals), pick(r, floors), pick(r, items), pick(r, numerals)
	f[factRoom], f[factRestaurant] = strconv.Itoa(100*(1+r.IntN(7))+1+r.IntN(24)), pick(r, places)
}

func clock(hour, minute int) string {
	half := "AM"
	if hour >= 12 {
		half = "PM"
	}
	return strconv.Itoa((hour+11)%12+1) + ":" + pad(minute, 2) + " " + half
}

func dollars(cents int) string { return "$" + strconv.Itoa(cents/100) + "." + pad(cents%100, 2) }

// digits are n digits, the first of them not 0.
func digits(r *rng, n int) string {
	low := 1
	for range n - 1 {
		low *= 10
	}
	return strconv.Itoa(low + r.IntN(9*low))
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	for len(s) < width {
		s = "0" + s
	}
	return s
}

// newRand is a source of chances that anybody can repeat.
func newRand(seed, stream uint64) *rng {
	return rand.New(rand.NewPCG(seed, stream)) //nolint:gosec // nothing here is a secret
}
