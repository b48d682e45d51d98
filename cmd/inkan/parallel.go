package main

import (
	"iter"
	"sync"
)

// inOrder does the same for every item, on several goroutines, and hands on the results
// in the order of the items. It runs ahead of the slowest item by few others only. It
// ends at the first error of each, after what was begun has ended.
func inOrder[T, R any](items iter.Seq[T], workers int, do func(T) R, each func(R) error) error {
	type task struct {
		item T
		done chan R
	}
	tasks, pending := make(chan task), make(chan task, 2*workers)
	stop := make(chan struct{})
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for t := range tasks {
				t.done <- do(t.item)
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
			tasks <- t // every worker ends what it began, so one takes it
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
