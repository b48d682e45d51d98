// Package parallel does the same for many items at a time and keeps their order.
package parallel

import (
	"iter"
	"runtime"
	"sync"
)

// InOrder does the same for every item, on so many goroutines, and hands each result on, in
// the order of the items, on the goroutine of the caller. The items are listed on one of its
// own. It runs ahead of the slowest item by few others only, so there may be any number of
// them. It ends at the first error of each, which it returns, after what was begun has ended.
func InOrder[T, R any](items iter.Seq[T], workers int, do func(T) R, each func(R) error) error {
	type task struct {
		item T
		done chan R
	}
	// A worker finds its next item waiting: to be handed it, it would have to wait for the
	// scheduler.
	tasks, pending := make(chan task, workers), make(chan task, 2*workers)
	stop := make(chan struct{})
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for t := range tasks {
				select {
				case <-stop: // its result would not be handed on
					close(t.done)
				default:
					t.done <- do(t.item)
					runtime.Gosched() // who lists the items and who takes the results need not wait for the end of its time slice
				}
			}
		})
	}
	running.Go(func() {
		defer close(pending)
		defer close(tasks)
		for item := range items {
			t := task{item, make(chan R, 1)}
			select {
			case pending <- t:
			case <-stop:
				return
			}
			tasks <- t // every worker ends what it began, so one will take it
		}
	})
	var err error
	for t := range pending {
		result := <-t.done
		if err != nil {
			continue
		}
		if err = each(result); err != nil {
			close(stop)
		}
	}
	running.Wait()
	return err
}
