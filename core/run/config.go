package run

import "time"

// A Config holds the limits of a [Manager]. The zero value of each field means its default; a
// negative duration switches the limit off where that is said.
type Config struct {
	Heartbeat       time.Duration // idle time after which a reader gets a comment line. Defaults to 15 s; negative: none.
	Stall           time.Duration // silence of the producer that ends a run. Defaults to 2 min; negative: none.
	MaxDuration     time.Duration // age that ends a run. Defaults to 15 min; negative: none.
	StopTimeout     time.Duration // how long a producer may take to return once its context has ended. Defaults to 5 s.
	FinalizeTimeout time.Duration // how long storing the input, and storing the end, may take. Defaults to 10 s.
	Handoff         time.Duration // how long a request waits for its thread. Defaults to 30 s.
	HeaderWait      time.Duration // how long Start waits before it lets a waiting client listen. Defaults to 2 s.
	MaxDetached     time.Duration // how long a kept run goes on without readers. Defaults to 10 min.
	Retain          time.Duration // how long an ended run can still be read. Defaults to 5 min; negative: not at all.
	Drain           time.Duration // how long runs may go on by themselves in Shutdown. Defaults to 25 s; negative: not at all.

	MaxReaders   int // readers of a run. Defaults to 16.
	MaxWaiting   int // requests waiting for a thread. Defaults to 4.
	MaxRuns      int // runs in progress; more are refused with ErrTooManyRuns. Defaults to 10,000.
	MaxOwnerRuns int // runs in progress of one owner that has a name. Defaults to 100.
	MaxKept      int // ended runs that can still be read. Defaults to 1,000.
	MaxLogSize   int // bytes held of a run's events. Defaults to 16 MB.
	MaxLogEvents int // events held of a run. Defaults to 50,000.
	MaxTotalSize int // bytes held of all runs' events. Defaults to 256 MB.

	// Engine keeps runs where the end of the process cannot reach them. Defaults to none: runs live in memory
	// and die with the process.
	Engine   Engine
	LeaseTTL time.Duration // how long a run stays this process's own without a word to the engine. Defaults to 10 s.

	// Quiet is how long a run may send nothing before OnQuiet hears of it, and again whenever the time has doubled.
	// Defaults to 15 s; negative: never.
	Quiet time.Duration
	// Blocked is how long a write to a client may be under way before OnQuiet hears of it, with PhaseClient. Defaults to
	// Quiet, and to half of Options.WriteTimeout in a chatkit.Server, which then drops the client.
	Blocked time.Duration
	// OnQuiet hears of silent runs, and of those that go on. It is called outside of all locks and must not block for
	// long. Defaults to nothing here, and to a line in the log in a chatkit.Server.
	OnQuiet func(Quiet)

	NoEventIDs bool // events carry no ids, so that clients cannot resume by themselves
	// OnEngineError is called when the end of a run could not be recorded. The run's lease runs out, and its
	// end is recorded when its thread is next asked for, or by whoever takes it over. Defaults to nothing.
	OnEngineError func(run string, err error)
	OnPanic       func(*PanicError) // called when OnEnd has panicked. Defaults to nothing.
	OnEnd         func(End)         // called after each run's end, outside of all locks. It must not block for long.
}

func (c Config) withDefaults() Config {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&c.Heartbeat, 15*time.Second)
	set(&c.Stall, 2*time.Minute)
	set(&c.Quiet, 15*time.Second)
	set(&c.Blocked, c.Quiet)
	set(&c.MaxDuration, 15*time.Minute)
	set(&c.StopTimeout, 5*time.Second)
	set(&c.FinalizeTimeout, 10*time.Second)
	set(&c.Handoff, 30*time.Second)
	set(&c.HeaderWait, 2*time.Second)
	set(&c.MaxDetached, 10*time.Minute)
	set(&c.Retain, 5*time.Minute)
	set(&c.Drain, 25*time.Second)
	set(&c.LeaseTTL, 10*time.Second)
	for field, v := range map[*int]int{
		&c.MaxRuns: 10_000, &c.MaxOwnerRuns: 100, &c.MaxKept: 1_000,
		&c.MaxReaders: 16, &c.MaxWaiting: 4, &c.MaxLogSize: 16 << 20, &c.MaxLogEvents: 50_000, &c.MaxTotalSize: 256 << 20,
	} {
		if *field <= 0 {
			*field = v
		}
	}
	return c
}
