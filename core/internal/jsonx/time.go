package jsonx

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

var errTime = errors.New("want a date and time")

// ParseTime reads a point in time in any of the forms that stores of ChatKit servers hold: RFC 3339, the
// same without an offset (then it is UTC), with a space for the T, without seconds, a date alone, or
// seconds or milliseconds since 1970. The result is in UTC and cut to microseconds.
func ParseTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if len(s) < len("2006-01-02") || s[4] != '-' {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return time.Time{}, errTime
		}
		return EpochTime(f)
	}
	date, clock := s[:10], s[10:]
	year, ok1 := digits(date[:4])
	month, ok2 := digits(date[5:7])
	day, ok3 := digits(date[8:])
	if !ok1 || !ok2 || !ok3 || date[7] != '-' || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return time.Time{}, errTime
	}
	midnight := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if clock == "" {
		return midnight, nil
	}
	offset, ok := parseClock(clock)
	if !ok {
		return time.Time{}, errTime
	}
	return inRange(midnight.Add(offset))
}

// parseClock reads "T15:04:05.999+02:00" and returns the time since midnight UTC.
func parseClock(s string) (since time.Duration, ok bool) {
	if c := s[0]; c != 'T' && c != 't' && c != ' ' && c != '_' {
		return 0, false
	}
	hour, minute, s, ok := hourMinute(s[1:], true)
	if !ok || hour > 23 || minute > 59 {
		return 0, false
	}
	since = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	if len(s) >= 3 && s[0] == ':' {
		second, ok := digits(s[1:3])
		if !ok || second > 59 {
			return 0, false
		}
		since += time.Duration(second) * time.Second
		s = s[3:]
		if len(s) > 0 && (s[0] == '.' || s[0] == ',') {
			n := 1
			for unit := 100 * time.Millisecond; n < len(s) && s[n] >= '0' && s[n] <= '9'; n++ {
				if unit >= time.Microsecond {
					since += time.Duration(s[n]-'0') * unit
				}
				unit /= 10
			}
			if n == 1 {
				return 0, false
			}
			s = s[n:]
		}
	}
	switch {
	case s == "" || s == "Z" || s == "z":
		return since, true
	case s[0] == '+' || s[0] == '-':
		hour, minute, rest, ok := hourMinute(s[1:], false)
		if !ok || rest != "" || hour > 23 || minute > 59 {
			return 0, false
		}
		zone := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
		if s[0] == '-' {
			zone = -zone
		}
		return since - zone, true
	}
	return 0, false
}

// hourMinute reads "15:04"; an offset may also be "1504" or "15".
func hourMinute(s string, colon bool) (hour, minute int, rest string, ok bool) {
	if len(s) < 2 {
		return 0, 0, "", false
	}
	hour, ok = digits(s[:2])
	if !ok {
		return 0, 0, "", false
	}
	s = s[2:]
	switch {
	case len(s) >= 3 && s[0] == ':':
		s = s[1:]
	case colon:
		return 0, 0, "", false
	case s == "":
		return hour, 0, "", true
	case len(s) < 2:
		return 0, 0, "", false
	}
	minute, ok = digits(s[:2])
	return hour, minute, s[2:], ok
}

func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// EpochTime returns the time f seconds after the start of 1970, or f milliseconds if f is so large that
// seconds would mean a year after 2603.
func EpochTime(f float64) (time.Time, error) {
	if math.Abs(f) > 2e10 {
		f /= 1000
	}
	if math.IsNaN(f) || math.Abs(f) > 1e12 {
		return time.Time{}, errTime
	}
	seconds := math.Floor(f)
	micros := math.Round((f - seconds) * 1e6)
	return inRange(time.Unix(int64(seconds), int64(micros)*1000).UTC())
}

func inRange(t time.Time) (time.Time, error) {
	if y := t.Year(); y < 0 || y > 9999 {
		return time.Time{}, errTime
	}
	return t, nil
}
