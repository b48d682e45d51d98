package main

import (
	"slices"
	"strconv"
	"strings"
)

// numbers writes object numbers in short: "1-7, 9".
func numbers(list []int64) string {
	list = slices.Clone(list)
	slices.Sort(list)
	list = slices.Compact(list)
	var parts []string
	for i := 0; i < len(list); {
		last := i
		for last+1 < len(list) && list[last+1] == list[last]+1 {
			last++
		}
		part := strconv.FormatInt(list[i], 10)
		switch last - i {
		case 0:
		case 1:
			part += ", " + strconv.FormatInt(list[last], 10)
		default:
			part += "-" + strconv.FormatInt(list[last], 10)
		}
		parts = append(parts, part)
		i = last + 1
	}
	return strings.Join(parts, ", ")
}
