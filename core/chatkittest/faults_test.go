package chatkittest_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	chatkit "github.com/gochatkit/chatkit/core"
	"github.com/gochatkit/chatkit/core/chatkittest"
	"github.com/gochatkit/chatkit/core/memstore"
)

var errBroken = errors.New("disk is full")

func TestFaultsHitTheCallsTheyName(t *testing.T) {
	tests := []struct {
		name  string
		fault chatkittest.Fault
		want  []bool // of four calls: PutThread a, Thread a, PutThread b, PutThread c; true = fails
	}{
		{"none", chatkittest.Fault{}, []bool{false, false, false, false}},
		{"every call", chatkittest.Fault{Err: errBroken}, []bool{true, true, true, true}},
		{"the second call", chatkittest.Fault{Nth: 2, Err: errBroken}, []bool{false, true, false, false}},
		{"every call of a method", chatkittest.Fault{Call: "PutThread", Err: errBroken}, []bool{true, true, true, true}},
		{"the second call of a method", chatkittest.Fault{Call: "PutThread", Nth: 2, Err: errBroken}, []bool{false, false, true, false}},
		{"another method", chatkittest.Fault{Call: "Item", Err: errBroken}, []bool{false, false, false, false}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx := t.Context()
			var faults chatkittest.Faults
			store := faults.Wrap(memstore.New())
			faults.Add(tt.fault)
			put := func(id string) error { return store.PutThread(ctx, "", thread(id)) }
			get := func(id string) error {
				_, err := store.Thread(ctx, "", id)
				return err
			}
			got := []bool{put("a") != nil, get("a") != nil, put("b") != nil, put("c") != nil}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("failed calls = %v, want %v", got, tt.want)
			}
			if want := []string{"PutThread a", "Thread a", "PutThread b", "PutThread c"}; !reflect.DeepEqual(faults.Calls(), want) {
				t.Errorf("calls = %q, want %q", faults.Calls(), want)
			}
		})
	}
}

func thread(id string) *chatkit.Thread {
	return &chatkit.Thread{ID: id, CreatedAt: chatkittest.Time}
}

func TestALateFaultLosesTheAnswerOnly(t *testing.T) {
	ctx := t.Context()
	inner := memstore.New()
	for _, late := range []bool{false, true} {
		var faults chatkittest.Faults
		faults.Add(chatkittest.Fault{Call: "PutThread", Err: errBroken, Late: late})
		if err := faults.Wrap(inner).PutThread(ctx, "", thread("a")); !errors.Is(err, errBroken) {
			t.Fatalf("PutThread() = %v, want %v", err, errBroken)
		}
		_, err := inner.Thread(ctx, "", "a")
		if stored := err == nil; stored != late {
			t.Errorf("late %v: stored = %v, want %v", late, stored, late)
		}
	}
}

func TestFaultsDelayAndBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var faults chatkittest.Faults
		store := faults.Wrap(memstore.New())
		open, entered := make(chan struct{}), make(chan struct{})
		faults.Add(
			chatkittest.Fault{Call: "Thread", Delay: time.Minute},
			chatkittest.Fault{Call: "PutThread", Block: open, Entered: entered},
		)
		began := time.Now()
		_, _ = store.Thread(t.Context(), "", "a")
		if took := time.Since(began); took != time.Minute {
			t.Errorf("delayed call took %v, want 1m", took)
		}

		done := make(chan error, 1)
		go func() { done <- store.PutThread(t.Context(), "", thread("a")) }()
		<-entered
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("blocked call returned %v", err)
		default:
		}
		close(open)
		if err := <-done; err != nil {
			t.Errorf("PutThread() = %v, want none once it is let go", err)
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := store.Thread(ctx, "", "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Thread() = %v, want the context's error", err)
		}
	})
}

func TestFaultsReachIntoBatches(t *testing.T) {
	ctx := t.Context()
	inner := memstore.New()
	var faults chatkittest.Faults
	store := faults.Wrap(inner)
	batcher, ok := store.(chatkit.Batcher)
	if _, can := chatkit.Store(inner).(chatkit.Batcher); ok != can {
		t.Fatalf("the wrapped store is a Batcher: %v, want %v as the store itself", ok, can)
	}
	if !ok {
		t.Skip("the memory store has no batches")
	}
	faults.Add(chatkittest.Fault{Call: "PutThread", Nth: 2, Err: errBroken})
	err := batcher.Batch(ctx, "", func(tx chatkit.Store) error {
		if err := tx.PutThread(ctx, "", thread("a")); err != nil {
			return err
		}
		return tx.PutThread(ctx, "", thread("b"))
	})
	if !errors.Is(err, errBroken) {
		t.Errorf("Batch() = %v, want %v", err, errBroken)
	}
	if _, err := inner.Thread(ctx, "", "a"); !errors.Is(err, chatkit.ErrNotFound) {
		t.Errorf("Thread() = %v, want %v: the batch failed", err, chatkit.ErrNotFound)
	}
	faults.Clear()
	if calls := faults.Calls(); len(calls) != 0 {
		t.Errorf("calls after Clear = %q, want none", calls)
	}
	if err := store.PutThread(ctx, "", thread("c")); err != nil {
		t.Errorf("PutThread() after Clear = %v, want none", err)
	}
}
